"""Every chart at its edges, parsed as a reader's program does: whole, named, its words apart and inside."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from fontTools.ttLib import TTFont

from flows.render.templates import fill_page
from transforms import charts
from transforms.assessments import Status
from transforms.charts import Drawing
from transforms.charts.axis import axis_of
from transforms.charts.drawing import Rectangle, Words, text_width, wrapped
from transforms.charts.placing import beside, spread
from transforms.periods import Period
from transforms.writing.bulletin import StatusCount
from transforms.writing.histories import AreaHistory, AreaRanks, HistoryMonth, IndicatorHistory, Shown

LONG = "“酷豆丁”获评国家级专精特新“小巨人”企业或成功申报国家级工业设计中心（含5G+工业互联网标杆工厂）"
PAGE = '{% from "charts/drawing.svg.j2" import draw %}{{ style }}{{ draw(drawing) }}'


def shown(value: str | None) -> Shown | None:
    return None if value is None else Shown(Decimal(value), value.replace("-", "−"))


def history(
    *values: str | None,
    name: str = "规上工业总产值",
    kind: str = "reach",
    unit: str = "亿元",
    target: str | None = "170",
    upper: str | None = None,
    last_year: Sequence[str | None] = (None,) * 12,
    growth: Sequence[str | None] = (),
    statuses: Sequence[Status] = (),
) -> IndicatorHistory:
    """Months from January on; completion and the path to the target follow for what is pro-rated."""
    paced = kind in {"reach", "about", "of-which"}
    goal = Decimal(target) if target else None
    months = []
    for month, value in enumerate(values, 1):
        share = f"{Decimal(value) / goal * 100:.1f}" if paced and value is not None and goal else None
        default = Status.ON_PATH if value is not None else Status.NOT_REPORTED
        elapsed = shown(f"{Decimal(100 * month) / 12:.1f}") if paced else None
        months.append(
            HistoryMonth(
                Period(2024, month),
                statuses[month - 1] if statuses else default,
                shown(value),
                shown(share),
                elapsed,
                shown("48.8") if paced and any(last_year) else None,
                elapsed,
                shown(growth[month - 1]) if growth else None,
            )
        )
    path = [shown(f"{goal * month / 12:.3f}") if paced and goal else None for month in range(1, 13)]
    return IndicatorHistory(
        code=f"one-{len(values)}-{kind}",
        section="all",
        name=name,
        unit=unit,
        kind=kind,
        target=shown(target),
        upper=shown(upper),
        target_cell=f"≥{target}",
        path_name="序时进度" if paced else "",
        months=tuple(months),
        last_year=tuple(shown(value) for value in last_year),
        path=tuple(path),
    )


BEFORE = ("11", "24.1", "37", "50", "63.2", "76", "90", "102", "115.5", "130", "144", "158.6")
EDGES = {
    "usual": history("12.5", "24.6", "38", "52", "66.1", "82.1", last_year=BEFORE, growth=("7", "8", "9") * 2),
    "whole year": history(*BEFORE[:11], "171.6", last_year=BEFORE, growth=("8.2",) * 12),
    "no figure": history(None, None, None),
    "no figure this year": history(None, None, last_year=BEFORE),
    "one month": history("12.5"),
    "all equal": history("5", "5", "5", "5", target="5", last_year=("5",) * 12, growth=("5", "5", "5", "5")),
    "all zero": history("0", "0", "0", growth=("0", "0", "0")),
    "zero target": history("3", "2", "0", "1", kind="clear", unit="家", target="0"),
    "negative growth": history("-6.4", "-12.3", "-0.4", kind="grow", unit="%", target="20", last_year=("-3",) * 12),
    "growth around zero": history("-0.1", "0", "0.1", "-8.9", kind="grow", unit="%", target="0"),
    "huge growth": history("12345.6", "-23456.7", "345678.9", kind="grow", unit="%", target="20"),
    "half above target": history("120", "180", "255", target="170"),
    "far above target": history("99999", target="1"),
    "net decline": history("-3", "-5", target="10", unit="家"),
    "gap in the middle": history("12", None, None, "50", "63", None, "90", last_year=(None, *BEFORE[1:5], *[None] * 7)),
    "quarters": history(
        None, None, "18.6", None, None, "19.2", kind="hold", unit="%", target="20",
        statuses=[Status.NOT_DUE, Status.NOT_DUE, Status.BEHIND] * 2,
    ),
    "huge": history("1234567.8", "2345678.9", "3456789.1", target="12000000", last_year=("1111111.1",) * 12),
    "long name": history("12", "24", name=LONG, unit="万千瓦时", last_year=BEFORE, growth=("1", "2")),
    "ceiling": history("0.85", "0.92", "1.05", kind="ceiling", unit="%", target="1"),
    "range": history("5.2", "5.4", "5.6", "6.3", kind="range", unit="%", target="5.5", upper="6", last_year=["5"] * 12),
    "range as narrow as a label": history("50", "5.2", kind="range", unit="%", target="5.5", upper="5.6"),
    "deed": history(None, None, kind="milestone", unit="项", target=None),
}  # fmt: skip


def areas(*names_and_ranks: tuple[str, Sequence[int | None]], month: int = 6) -> AreaHistory:
    made = tuple(AreaRanks(name, tuple(ranks), None) for name, ranks in names_and_ranks)
    return AreaHistory("规上工业总产值（乡镇、街道）", "亿元", Period(2024, month), made)


AREAS = {
    "usual": areas(("甲镇", (1, 2, 2)), ("乙镇", (2, 1, 2)), ("丙街道", (3, 3, 4)), ("丁乡", [None] * 3), month=3),
    "24 with ties": areas(
        *((f"三十铺{at}镇", (at // 5 * 5 + 1, 24 - at, 12, at // 4 * 4 + 1, at // 3 * 3 + 1)) for at in range(24)),
        month=5,
    ),
    "one": areas(("甲镇", (1, 1, 1, 1, 1, 1))),
    "january": areas(("甲镇", (1,)), ("乙镇", (2,)), month=1),
    "february": areas(("甲镇", (1, 2)), ("乙镇", (2, 1)), ("丙乡", (None, 3)), month=2),
    "nobody ranked": areas(("甲镇", (None, None))),
    "long names": areas((f"六安{LONG}管理委员会", (2, 1, 2)), ("乙镇", (1, 2, 1)), month=3),
    "all alike": areas(*((f"镇{at}", (1,) * 12) for at in range(20)), month=12),
}  # fmt: skip

COUNTS = {
    "usual": tuple(
        StatusCount(status, status.chinese, count, f"{count}%", ())
        for status, count in zip(Status, (2, 3, 8, 8, 3, 1, 21, 4), strict=True)
    ),
    "slivers": tuple(
        StatusCount(status, status.chinese, count, "—", ())
        for status, count in zip(Status, (1, 1, 1, 1, 1, 1, 1, 993), strict=True)
    ),
    "one": (StatusCount(Status.NOT_REPORTED, "未报", 49, "100.0%", ()),),
    "none": (),
}

DRAWINGS: dict[str, Drawing] = {
    **{f"line, {name}": charts.line(one) for name, one in EDGES.items()},
    **{f"growth, {name}": charts.growth(one) for name, one in EDGES.items()},
    **{f"sparkline, {name}": charts.sparkline(one) for name, one in EDGES.items()},
    **{f"bullets, {name}": charts.bullets([one]) for name, one in EDGES.items()},
    **{f"bullet, {name}": charts.bullet(one) for name, one in EDGES.items()},
    **{f"narrow line, {name}": charts.line(one, width=250, height=120) for name, one in EDGES.items()},
    **{f"narrow growth, {name}": charts.growth(one, width=250, height=120) for name, one in EDGES.items()},
    **{f"wide line, {name}": charts.line(one, width=680) for name, one in EDGES.items()},
    "narrow calendar": charts.calendar(list(EDGES.values()), width=330),
    "wide calendar": charts.calendar(list(EDGES.values()), width=680),
    **{f"narrow ranks, {name}": charts.ranks(one, width=380) for name, one in AREAS.items()},
    **{f"wide ranks, {name}": charts.ranks(one, width=680) for name, one in AREAS.items()},
    **{f"calendar, {name}": charts.calendar([one]) for name, one in EDGES.items()},
    "bullets, all": charts.bullets(list(EDGES.values())),
    "bullets, narrow": charts.bullets(list(EDGES.values()), width=330),
    "bullets, none": charts.bullets([]),
    "calendar, all": charts.calendar(list(EDGES.values())),
    "calendar, none": charts.calendar([]),
    **{f"ranks, {name}": charts.ranks(one) for name, one in AREAS.items()},
    **{f"counts, {name}": charts.counts(one, sum(c.count for c in one)) for name, one in COUNTS.items()},
}
ALL = pytest.mark.parametrize("name", DRAWINGS)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Drawing], str]:
    """The drawing as SVG, through the gate that every page goes through."""
    page = tmp_path_factory.mktemp("page") / "page.html.j2"
    page.write_text(PAGE, encoding="utf-8")
    return lambda drawing: fill_page(page, "", drawing=drawing)


@ALL
def test_svg_is_whole_and_says_what_it_shows(name: str, written: Callable[[Drawing], str]) -> None:
    svg = written(DRAWINGS[name])
    root = Tree.fromstring(svg)
    title, description = (root.findtext(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc"))
    assert title
    assert description
    assert root.get("role") == "img"
    assert "Noto Sans SC" in (root.get("font-family") or "")
    assert not re.search(r"\b(nan|NaN|inf|None)\b|var\(|currentColor|style=", svg)


@ALL
def test_no_words_overlap_and_none_leave_the_drawing(name: str) -> None:
    drawing = DRAWINGS[name]
    words = [mark for mark in drawing.marks if isinstance(mark, Words)]
    for one in words:
        place = one.rectangle
        assert place.left >= -0.5, one
        assert place.top >= -0.5, one
        assert place.right <= drawing.width + 0.5, one
        assert place.bottom <= drawing.height + 0.5, one
    for one, other in itertools.combinations(words, 2):
        assert not _shrunk(one.rectangle).overlaps(_shrunk(other.rectangle)), f"{one.text} / {other.text}"


def _shrunk(place: Rectangle) -> Rectangle:
    """A line's box is higher than its characters: what touches only there can be read."""
    return Rectangle(place.left + 0.3, place.top + 0.8, place.right - 0.3, place.bottom - 0.8)


@ALL
def test_every_mark_stays_inside(name: str, written: Callable[[Drawing], str]) -> None:
    drawing = DRAWINGS[name]
    for element in Tree.fromstring(written(drawing)).iter():
        if element.tag.endswith("rect"):
            x, y, width, height = (float(element.get(key, "0")) for key in ("x", "y", "width", "height"))
            assert width >= 0
            assert height >= 0
            assert x >= -0.5
            assert y >= -0.5
            assert x + width <= drawing.width + 0.5
            assert y + height <= drawing.height + 0.5
        if element.tag.endswith("path") and "a" not in element.get("d", ""):
            numbers = [float(one) for one in re.findall(r"-?[\d.]+", element.get("d", ""))]
            assert all(-1 <= x <= drawing.width + 1 for x in numbers[::2])
            assert all(-1 <= y <= drawing.height + 1 for y in numbers[1::2])


def test_the_estimate_of_a_text_s_width_is_never_below_the_font_s_own(fonts: Path) -> None:
    with TTFont(fonts / "NotoSansSC_400Regular.ttf", lazy=True) as font:
        characters, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for text in (LONG, "−12345.6%", "1—6月位次", "GDP ABWMm wxyz", "（亿元）", "≥170", "↑2", "5.5～6"):
            own = sum(advances[characters[ord(character)]][0] for character in text) / em
            assert own * 10 <= text_width(text, 10) + 0.05, text
            assert text_width(text, 10) <= own * 10 * 1.15, text


# --- What isn't known ---------------------------------------------------------------------------


def test_a_gap_breaks_the_line_and_shows_as_unreported(written: Callable[[Drawing], str]) -> None:
    whole = charts.line(history("1", "2", "3", "4", "5"))
    broken = charts.line(history("1", "2", None, "4", "5"))
    assert _strokes(broken, "#1f4e79") == _strokes(whole, "#1f4e79") + 1
    assert "未报" in [mark.text for mark in broken.marks if isinstance(mark, Words)]
    assert "3月未报" in broken.description
    assert "未报" not in whole.description


def _strokes(drawing: Drawing, stroke: str) -> int:
    return sum(mark.kind == "outline" and getattr(mark, "stroke", "") == stroke for mark in drawing.marks)


def test_months_without_a_figure_have_no_column() -> None:
    boxes = [mark for mark in DRAWINGS["growth, range"].marks if mark.kind == "box"]
    gaps = charts.growth(history("5.2", None, "5.6", "6.3", kind="range", unit="%", target="5.5", upper="6"))
    assert len([mark for mark in gaps.marks if mark.kind == "box"]) == len(boxes) - 1


def test_zero_is_a_figure_and_has_a_column() -> None:
    drawing = charts.growth(history("0", "1", kind="grow", unit="%", target="3"))
    columns = [mark for mark in drawing.marks if mark.kind == "box"]
    assert len(columns) >= 2
    assert "0" in [mark.text for mark in drawing.marks if isinstance(mark, Words)]


def test_an_unreported_indicator_has_a_word_in_place_of_a_bar() -> None:
    reported, silent = charts.bullets([history("12")]), charts.bullets([history(None)])
    assert "未报" in [mark.text for mark in silent.marks if isinstance(mark, Words)]
    assert "7.1%" in [mark.text for mark in reported.marks if isinstance(mark, Words)]
    assert "未报" in silent.description


def test_an_indicator_without_a_figure_says_so_in_words() -> None:
    drawing = DRAWINGS["line, no figure"]
    assert [mark.kind for mark in drawing.marks] == ["words"]
    assert "无数据" in drawing.description


def test_months_to_come_are_empty_in_the_calendar(written: Callable[[Drawing], str]) -> None:
    june = charts.calendar([history(*(["1"] * 6))])
    july = charts.calendar([history(*(["1"] * 7))])
    assert written(june).count("0 1 0") == 6 * 2 + 2  # Two arcs a circle, and the key's own.
    assert written(july).count("0 1 0") == 7 * 2 + 2
    assert june.description == "规上工业总产值：1—6月达到序时。历史各月按最新修订数绘制。"


@pytest.mark.parametrize("name", ["line, usual", "growth, usual", "calendar, usual", "ranks, usual"])
def test_a_chart_of_earlier_months_says_that_they_are_drawn_by_the_newest_vintage(name: str) -> None:
    assert DRAWINGS[name].description.endswith("历史各月按最新修订数绘制。")


# --- What is told apart -------------------------------------------------------------------------


def test_statuses_differ_by_shape_or_by_fill() -> None:
    drawn = set()
    for status in Status:
        calendar = charts.calendar([history("1", statuses=[status])])
        shapes = [mark for mark in calendar.marks if mark.kind == "outline"]
        (shape, _) = [mark for mark in shapes if mark.kind == "outline"]
        assert shape.kind == "outline"
        points = re.sub(r"[-\d.]+", "", getattr(shape, "d", ""))
        first = re.findall(r"[-\d.]+", getattr(shape, "d", ""))[1]
        drawn.add((points, first, getattr(shape, "fill", "") == "#ffffff", getattr(shape, "fill", "") == "#e39a5b"))
    assert len(drawn) == len(Status)


def test_what_is_behind_has_another_bar_and_the_key_says_which() -> None:
    behind = charts.bullets([history("12", statuses=[Status.BEHIND]), history("80", statuses=[Status.AHEAD])])
    texts = [mark.text for mark in behind.marks if isinstance(mark, Words)]
    assert "完成率（低于应达进度）" in texts
    assert texts.count("完成率") == 2  # The column's head and the key.
    assert "完成率（本期不作要求）" not in texts


def test_ranks_say_who_rose_and_by_how_much() -> None:
    drawing = DRAWINGS["ranks, february"]
    texts = [mark.text for mark in drawing.marks if isinstance(mark, Words)]
    assert {"↑1", "↓1", "位次上升", "位次下降"} <= set(texts)
    assert "位次持平" not in texts
    assert drawing.description == "乙镇第1位，上升1位；甲镇第2位，下降1位；丙乡第3位。历史各月按最新修订数绘制。"
    assert "未参与排名" in DRAWINGS["ranks, usual"].description


def test_ties_are_named_in_the_key() -> None:
    told = "名次数字相同为并列"
    assert told in [mark.text for mark in DRAWINGS["ranks, usual"].marks if isinstance(mark, Words)]
    assert told not in [mark.text for mark in DRAWINGS["ranks, february"].marks if isinstance(mark, Words)]


def test_a_bar_beyond_twice_the_target_ends_in_an_arrow_and_tells_its_number() -> None:
    far = DRAWINGS["bullets, far above target"]
    assert "9999900.0%" in [mark.text for mark in far.marks if isinstance(mark, Words)]
    half = DRAWINGS["bullets, half above target"]
    assert len([m for m in far.marks if m.kind == "outline"]) == len([m for m in half.marks if m.kind == "outline"]) + 1


# --- Geometry -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["0", "100"], ["0", "20", "40", "60", "80", "100"]),
        (["0", "170"], ["0", "50", "100", "150", "200"]),
        (["-6.4", "20"], ["-10", "0", "10", "20"]),
        (["7.9", "10"], ["7.5", "8", "8.5", "9", "9.5", "10"]),
        (["0.85", "1.05"], ["0.85", "0.9", "0.95", "1", "1.05"]),
        (["5", "5"], ["4", "4.5", "5", "5.5", "6"]),
        (["0", "0"], ["-1", "-0.5", "0", "0.5", "1"]),
        ([], ["0"]),
        (["0", "12000000"], ["0", "2500000", "5000000", "7500000", "10000000", "12500000"]),
    ],
)
def test_an_axis_has_round_steps_and_holds_every_value(values: list[str], ticks: list[str]) -> None:
    axis = axis_of([Decimal(value) for value in values], 100, 0)
    if values:
        assert [Decimal(tick) for tick in ticks] == list(axis.ticks)
    assert len(axis.ticks) >= 2
    assert all(0 <= axis.at(Decimal(value)) <= 100 for value in values)


def test_an_axis_writes_its_ticks_without_exponent_and_with_a_true_minus() -> None:
    assert axis_of([Decimal("-20"), Decimal("30000000")], 0, 100).labels()[:2] == ["−10000000", "0"]


def test_labels_are_spread_apart_and_keep_their_order() -> None:
    placed = spread([50, 50, 51, 10, 99], 11, 0, 100)
    inner = sorted(placed)
    assert all(later - earlier >= 11 - 1e-9 for earlier, later in itertools.pairwise(inner))
    assert placed[3] < placed[0] < placed[1] < placed[2] < placed[4]
    assert inner[0] >= 0
    assert inner[-1] <= 100


def test_a_label_avoids_lines_and_other_words() -> None:
    within = Rectangle(0, 0, 100, 100)
    above = beside((50, 50), "88.3", 8, within, [], [])
    assert above.y < 50
    other = beside((50, 50), "88.3", 8, within, [[(20, 42), (80, 42)]], [])
    assert other.y > 50
    third = beside((50, 50), "88.3", 8, within, [[(20, 42), (80, 42)]], [other])
    assert not third.rectangle.overlaps(other.rectangle)


def test_long_words_are_wrapped_whole_and_signs_stay_with_what_they_close_or_open() -> None:
    lines = wrapped(LONG, 10, 120)
    assert "".join(lines) == LONG
    assert all(text_width(line, 10) <= 130 for line in lines)
    assert not [line for line in lines if line[0] in "”）、" or line[-1] in "“（"]
    assert any("5G+" in line for line in lines)
