"""The archive's pages: each month from whoever knows it best, clean names, the same for every order of bulletins."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import permutations

import pytest

from tests.render.histories import history, shown
from transforms.archive.arranging import arrange
from transforms.archive.newest import Entry, years_of
from transforms.archive.page_names import address, page_names
from transforms.archive.records import (
    AreaMonth,
    Record,
    RecordedArea,
    RecordedIndicator,
    UnreadableRecord,
    Wording,
    read_record,
    record_bytes,
)
from transforms.assessments import Status
from transforms.declared.district import District
from transforms.periods import Period
from transforms.readings import Cell
from transforms.writing.bulletin import StatusCount
from transforms.writing.editions import Edition

BEIJING = dt.timezone(dt.timedelta(hours=8))
DISTRICT = District.model_validate(
    {
        "id": "small",
        "name": "小河区",
        "sources": [{"kind": "folder", "path": "inbox"}],
        "bulletin": {
            "organ": "小河区经济和信息化局",
            "number": "小经信〔{year}〕{issue}号",
            "subject": "目标任务完成情况",
            "region": "全区",
            "addressees": "各镇",
            "headline": ["gross-output"],
        },
    }
)


def entry(
    month: int,
    came: str,
    *figures: str,
    edition: Edition = Edition(),  # noqa: B008 - frozen
    year: int = 2024,
    as_of: dt.datetime | None = None,
) -> Entry:
    """A bulletin of a month whose newest input came on a day, telling these figures of January, February, …"""
    told = history("gross-output", year)
    months = tuple(
        replace(told.months[-1], period=Period(year, at), value=shown(text)) for at, text in enumerate(figures, 1)
    )
    areas = tuple(AreaMonth(Period(year, at), shown(text), None, 1, False, 2) for at, text in enumerate(figures, 1))
    cells = (Cell("a" * 64, "表.xlsx", "表", f"D{month}"),)
    indicator = RecordedIndicator(
        replace(told, months=months), "总体目标", (Wording("一", "170亿元以上"),), ("区统计局",), (), "", None, cells
    )
    period = Period(year, month)
    record = Record(
        district_id="small",
        district="小河区",
        period=period,
        demonstration=True,
        edition=edition,
        number="小经信〔2024〕6号",
        title=f"关于{month}月的通报",
        organ="小河区经济和信息化局",
        document="《要点》",
        dated="2024年7月17日",
        dated_iso="2024-07-17",
        as_of=as_of,
        known_until=dt.datetime.fromisoformat(f"{came}T00:00:00+08:00"),
        statuses=(StatusCount(Status.BEHIND, "未达到序时", 1, "100.0%", ("产值",)),),
        total=1,
        headline=("gross-output",),
        indicators=(indicator,),
        areas=(RecordedArea("东镇", "township", "gross-output", areas, cells),),
    )
    folder = (str(period),) if edition.draft else ("issues", f"2024-{month:03d}-{edition.correction}")
    return Entry(folder, ("assessments.json", "bulletin.html", "bulletin.pdf", "bulletin.xlsx"), record)


def values(entries: list[Entry]) -> list[str]:
    """The figures of the newest year as the archive shows them."""
    told = years_of(entries)[0].history("gross-output")
    assert told is not None
    return [month.value.text for month in told.months if month.value]


def test_each_month_comes_from_the_bulletin_whose_inputs_came_last() -> None:
    june = entry(3, "2024-04-17", "1.0", "2.0", "3.0")
    remade_february = entry(2, "2024-05-02", "1.0", "2.5")
    assert values([june, remade_february]) == ["1.0", "2.5", "3.0"]
    together = entry(2, "2024-04-17", "1.0", "2.5")
    assert values([june, together]) == ["1.0", "2.0", "3.0"]


def test_what_was_known_at_an_earlier_moment_is_no_newer_history() -> None:
    march = entry(3, "2024-04-17", "1.1", "2.2", "3.3")
    as_it_was = entry(2, "2024-03-17", "1.0", "2.0", as_of=dt.datetime(2024, 3, 20, tzinfo=BEIJING))
    assert values([as_it_was, march]) == ["1.1", "2.2", "3.3"]
    listing = arrange(DISTRICT, [as_it_was, march], ()).periods[1].listings[0]
    assert listing.note == "按截至2024年3月20日收到的数据编制"


def test_the_basis_says_which_bulletin_each_month_was_taken_from() -> None:
    page = arrange(
        DISTRICT, [entry(3, "2024-04-17", "1.0", "2.0", "3.0"), entry(2, "2024-05-02", "1.0", "2.5")], ()
    ).indicators[0]
    told = [(one.months, one.bulletin.href, one.known_until) for one in page.years[0].basis]
    assert told == [
        ("1—2月", "2024-02/bulletin.html", "2024年5月2日"),
        ("3月", "2024-03/bulletin.html", "2024年4月17日"),
    ]


def test_the_order_of_the_bulletins_does_not_matter() -> None:
    entries = [
        entry(1, "2024-02-17", "1.0"),
        entry(2, "2024-03-17", "1.0", "2.0"),
        entry(12, "2024-01-17", "9.0", year=2023),
    ]
    assert len({repr(arrange(DISTRICT, order, ())) for order in permutations(entries)}) == 1


def test_bulletins_are_listed_newest_first_and_corrections_beside_their_issue() -> None:
    issue, correction = Edition(6, 0, 2024), Edition(6, 1, 2024)
    archive = arrange(
        DISTRICT,
        [
            entry(1, "2024-02-17", "1.0", edition=issue),
            entry(1, "2024-03-01", "1.1", edition=correction),
            entry(1, "2024-03-05", "1.2", edition=Edition(None, 2, 2024)),
            entry(2, "2024-03-17", "1.0", "2.0"),
        ],
        (),
    )
    told = [(str(one.period), [listing.words for listing in one.listings]) for one in archive.periods]
    assert told == [
        ("2024-02", ["征求意见稿"]),
        ("2024-01", ["征求意见稿（第2次更正）", "第6期（更正）", "第6期"]),
    ]
    assert archive.indicators[0].years[0].months[0].bulletin.word == "第6期（更正）"  # type: ignore[union-attr]


def test_a_draft_that_was_issued_as_it_was_is_not_listed_beside_its_issue() -> None:
    archive = arrange(
        DISTRICT, [entry(1, "2024-02-17", "1.0"), entry(1, "2024-02-17", "1.0", edition=Edition(6, 0, 2024))], ()
    )
    assert [one.words for one in archive.periods[0].listings] == ["第6期"]


def test_the_documents_of_programs_are_not_listed() -> None:
    listing = arrange(DISTRICT, [entry(1, "2024-02-17", "1.0")], ()).periods[0].listings[0]
    assert [(one.word, one.href) for one in listing.documents] == [
        ("通报（网页）", "2024-01/bulletin.html"),
        ("通报（PDF）", "2024-01/bulletin.pdf"),
        ("数据表（Excel）", "2024-01/bulletin.xlsx"),
    ]


def test_a_bulletin_whose_page_is_gone_is_named_without_a_link() -> None:
    lost = replace(entry(1, "2024-02-17", "1.0"), documents=("bulletin.pdf",))
    month = arrange(DISTRICT, [lost], ()).indicators[0].years[0].months[0]
    assert month.bulletin is not None
    assert (month.bulletin.word, month.bulletin.href) == ("征求意见稿", "")


def test_the_years_of_an_indicator_stand_apart_newest_first() -> None:
    archive = arrange(DISTRICT, [entry(1, "2024-02-17", "1.0"), entry(2, "2023-03-17", "8.0", "9.0", year=2023)], ())
    assert [year.year for year in archive.indicators[0].years] == [2024, 2023]
    assert [str(period) for period, _ in archive.cards[0].points] == ["2023-01", "2023-02", "2024-01"]
    assert [line.year for line in archive.areas[0].lines] == [2024, 2023]


def test_nothing_gives_an_empty_archive() -> None:
    archive = arrange(DISTRICT, [], ["2024年1月草稿：文件不完整"])
    assert (archive.periods, archive.indicators, archive.areas) == ((), (), ())
    assert archive.unlisted == ("2024年1月草稿：文件不完整",)


def test_a_record_comes_back_as_it_was() -> None:
    record = entry(2, "2024-03-17", "1.0", "2.50").record
    assert read_record(record_bytes(record)) == record


@pytest.mark.parametrize("data", [b"", b"{}", b'{"district": "x"}', b"\xff"])
def test_what_is_no_record_is_told(data: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        read_record(data)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("三十铺镇", "三十铺镇.html"),
        ("东区（新）/一期", "东区-新-一期.html"),
        ("../etc", "etc.html"),
        ("ＡＢ园", "AB园.html"),
    ],
)
def test_a_page_has_the_clean_name_of_its_area(name: str, file: str) -> None:
    assert page_names([name]) == {name: file}


@pytest.mark.parametrize("names", [["../etc", "etc"], ["Park", "park"], ["……", "！"], ["CON", "con"]])
def test_names_that_would_be_one_file_get_each_its_own(names: list[str]) -> None:
    files = [file.casefold() for file in page_names(names).values()]
    assert len(set(files)) == len(names)
    assert not any(file.startswith((".", "-")) or "/" in file for file in files)


def test_a_very_long_name_is_cut_and_still_its_own() -> None:
    long = "镇" * 200
    files = set(page_names([long, f"{long}甲"]).values())
    assert len(files) == 2
    assert all(len(file.encode()) <= 255 for file in files)


def test_an_address_is_what_a_link_needs() -> None:
    assert address("areas", "东 镇#1.html") == "areas/%E4%B8%9C%20%E9%95%87%231.html"
