"""Arranges a bulletin and its assessments as sheets of typed cells; knows no file format."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from transforms.assessments import Assessment
from transforms.figures import parse_number, places_of, printed
from transforms.writing.bulletin import Bulletin, CountedList, Figure, IndicatorRow
from transforms.writing.histories import HistoryMonth, IndicatorHistory, Shown


class Form(StrEnum):
    """How a number is shown; what the cell holds is the number alone."""

    PLAIN = "plain"
    SIGNED = "signed"
    """+2.4: a gap."""
    TIED = "tied"
    """2（并列）: a rank that another shares."""
    MOVED = "moved"
    """上升2位, 下降1位, 持平: how a rank changed."""


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with the digits that are shown; what the cell holds is exact as far as a double can be."""

    value: Decimal
    places: int
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, its width in half-width characters, and what its cells are."""

    head: str
    width: float
    kind: str = "text"
    """text, centred, number, date, or beside: a text that runs on into the empty cells at its right."""


Cell = str | int | Number | dt.date
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. What only programs need stands in the columns ``beside``, at the end, and isn't printed."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    beside: Sequence[Column] = ()
    kept: int = 1
    """Columns that stay in view when the others are scrolled."""
    note: str = ""
    """What a reader must know of the whole table."""


_CODE = Column("编码", 30, "beside")
_HASH = Column("SHA-256", 68, "beside")


def sheets(bulletin: Bulletin, assessments: Sequence[Assessment]) -> dict[str, Sheet]:
    """The sheets by name, in their order; those without rows too, so that every month's workbook has one shape."""
    received = {row.sha256: row.received for row in bulletin.sources}
    return {
        "总览": _overview(bulletin),
        "指标进展": _indicators(bulletin, assessments),
        "判定说明": _verdicts(bulletin, assessments),
        "滞后指标": _behind(bulletin),
        "乡镇园区": _areas(bulletin),
        "历月数据": _histories(bulletin),
        "计数明细": _counted(bulletin),
        "数据质量": _quality(bulletin),
        "修订说明": _revisions(bulletin),
        "资料来源": _sources(bulletin, assessments, received),
        "来源文件": _files(bulletin),
    }


def _overview(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("状态", 18, "centred"),
        Column("项数", 8, "number"),
        Column("占比（%）", 10, "number"),
        Column("指标", 100),
    )
    rows: list[Row] = [(row.word, row.count, _typed(row.share), "、".join(row.names)) for row in bulletin.statuses]
    return Sheet(columns, [*rows, ("合计", bulletin.total, "", "")] if rows else (), note=f"依据{bulletin.document}")


# --- Indicators ---------------------------------------------------------------------------------


def _indicators(bulletin: Bulletin, assessments: Sequence[Assessment]) -> Sheet:
    by_code = {assessment.indicator.code: assessment for assessment in assessments}
    needed = {row.code: row.needed for row in bulletin.behind}
    columns = (
        Column("序号", 6, "centred"),
        Column("指标", 28),
        Column("单位", 7, "centred"),
        Column("年度目标", 11, "centred"),
        Column("目标值", 9, "number"),
        Column("累计完成/实际", 11, "number"),
        Column("数据时期", 10, "centred"),
        Column("同比（%）", 8, "number"),
        Column("完成率（%）", 9, "number"),
        Column("序时进度（%）", 9, "number"),
        Column("历史同期进度（%）", 10, "number"),
        Column("差距", 8, "number"),
        Column("差距单位", 8, "centred"),
        Column("状态", 16, "centred"),
        Column("仍需完成", 9, "number"),
        Column("剩余月份月均需完成", 11, "number"),
        Column("剩余月份需达增速（%）", 11, "number"),
        Column("牵头单位", 17),
    )
    rows = [
        _indicator(section.title, row, _of(by_code, row), needed.get(row.code, ""))
        for section in bulletin.sections
        for row in section.rows
    ]
    note = "差距为正表示快于、为负表示慢于应达到的进度或目标。"
    return Sheet(columns, rows, (Column("章节", 20, "beside"), _CODE), kept=2, note=note + _marks(bulletin))


def _of(by_code: Mapping[str, Assessment], row: IndicatorRow) -> Assessment:
    if row.code not in by_code:
        raise ValueError(f"no assessment of {row.code}, which the bulletin prints")
    return by_code[row.code]


def _marks(bulletin: Bulletin) -> str:
    return "".join(f"{sign}{text}" for sign, text in bulletin.marks)


def _indicator(section: str, row: IndicatorRow, assessment: Assessment, needed: str) -> Row:
    places = assessment.indicator.printed_places
    target = assessment.indicator.target.value
    # A growth that the bulletin holds back (of a count, of a target not due) stays back here too.
    growth = assessment.needed_growth
    return (
        row.serial,
        row.name + "".join(row.marks),
        row.unit,
        row.target,
        "—" if target is None else Number(target, places),
        _figure(assessment.value, row.actual.text),
        row.figure_period or _period(assessment),
        _figure(assessment.growth, row.growth.text),
        _figure(assessment.completion, row.completion.text),
        _figure(assessment.elapsed_path, row.elapsed_path.text),
        _figure(assessment.last_year_path, row.last_year_path.text),
        _figure(assessment.printed_gap, row.gap.text, Form.SIGNED),
        row.gap_unit,
        row.status_word,
        _needed(assessment.needed, places),
        _needed(assessment.needed_per_month, max(places, 1)),
        _needed(growth if growth is not None and f"{printed(growth, 1)}%" in needed else None, 1),
        "、".join(row.lead_units),
        section,
        row.code,
    )


def _figure(value: Decimal | None, text: str, form: Form = Form.PLAIN) -> Cell:
    """The exact value with the digits of its printed text; where the bulletin prints no number, what it prints."""
    shown = parse_number(text)
    return text if shown is None else Number(shown if value is None else value, places_of(shown), form)


def _needed(value: Decimal | None, places: int) -> Cell:
    return "—" if value is None else Number(value, places)


def _period(assessment: Assessment) -> str:
    period = assessment.figure_period
    return "—" if period is None else period.chinese()


def _verdicts(bulletin: Bulletin, assessments: Sequence[Assessment]) -> Sheet:
    by_code = {assessment.indicator.code: assessment for assessment in assessments}
    columns = (
        Column("序号", 6, "centred"),
        Column("指标", 32),
        Column("状态", 17, "centred"),
        Column("判定依据", 40),
        Column("牵头单位", 22),
        Column("配合单位", 26),
        Column("单位说明", 44),
    )
    rows = [
        (
            row.serial,
            row.name,
            row.status_word,
            row.verdict,
            "、".join(row.lead_units),
            "、".join(_of(by_code, row).indicator.cooperating_units),
            _of(by_code, row).remark,
            row.code,
        )
        for section in bulletin.sections
        for row in section.rows
    ]
    return Sheet(columns, rows, (_CODE,), kept=2)


def _behind(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("序号", 6, "centred"),
        Column("指标", 30),
        Column("状态", 14, "centred"),
        Column("进展", 32),
        Column("差距", 24),
        Column("后续需完成", 30),
        Column("牵头单位", 20),
        Column("配合单位", 20),
        Column("单位说明", 34),
    )
    rows = [
        (
            serial,
            row.name,
            row.status_word,
            row.progress,
            row.gap,
            row.needed or "—",
            "、".join(row.lead_units),
            "、".join(row.cooperating_units),
            row.remark,
            row.code,
        )
        for serial, row in enumerate(bulletin.behind, 1)
    ]
    return Sheet(columns, rows, (_CODE,), kept=2)


# --- Areas --------------------------------------------------------------------------------------


def _areas(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("指标", 34),
        Column("位次", 12, "centred"),
        Column("乡镇（街道）、园区", 26),
        Column("数值", 12, "number"),
        Column("单位", 8, "centred"),
        Column("同比（%）", 10, "number"),
        Column("位次变化", 12, "centred"),
    )
    rows = [
        (
            section.title,
            _rank(row.rank),
            row.area,
            _typed(row.value.text),
            section.unit,
            _typed(row.growth.text),
            _moved(row.movement),
        )
        for section in bulletin.areas
        for row in section.rows
    ]
    return Sheet(columns, rows, kept=3, note="".join(dict.fromkeys(one.note for one in bulletin.areas)))


_RANK = re.compile(r"(\d+)(（并列）)?")
_MOVED = re.compile(r"(上升|下降)(\d+)位")


def _rank(text: str) -> Cell:
    found = _RANK.fullmatch(text)
    return Number(Decimal(found[1]), 0, Form.TIED if found[2] else Form.PLAIN) if found else text


def _moved(text: str) -> Cell:
    if text == "持平":
        return Number(Decimal(0), 0, Form.MOVED)
    found = _MOVED.fullmatch(text)
    return Number(Decimal(found[2]) * (1 if found[1] == "上升" else -1), 0, Form.MOVED) if found else text


# --- Months -------------------------------------------------------------------------------------


def _histories(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("指标", 32),
        Column("单位", 8, "centred"),
        Column("项目", 18),
        *(Column(f"{month}月", 12, "number") for month in range(1, 13)),
    )
    rows = [row for history in bulletin.histories for row in _months(history, bulletin.period.year)]
    note = "各月均为最新数据版本，可能与当月通报印发时的数字不同；没有数据的月份空着。"
    return Sheet(columns, rows, (_CODE,), kept=3, note=note)


def _months(history: IndicatorHistory, year: int) -> Iterator[Row]:
    """A line for each thing that's known of any month; numbers as they're printed."""
    lines: list[tuple[str, str, Sequence[Shown | None]]] = [
        (f"{year}年", history.unit, [month.value for month in history.months]),
        (f"{year - 1}年", history.unit, history.last_year),
        ("同比", "%", [_growth(history, month) for month in history.months]),
        ("完成率", "%", [month.completion for month in history.months]),
    ]
    if history.path_name:
        lines.append((history.path_name, "%", [month.declared_path for month in history.months]))
    for what, unit, values in lines:
        if any(values):
            told = [Number(one.value, places_of(one.value)) if one else "" for one in values]
            yield (history.name, unit, what, *told, *[""] * (12 - len(told)), history.code)
    words = [month.status.chinese for month in history.months]
    yield (history.name, "", "状态", *words, *[""] * (12 - len(words)), history.code)


def _growth(history: IndicatorHistory, month: HistoryMonth) -> Shown | None:
    """The growth beside a figure, which isn't one itself."""
    return None if history.kind in {"grow", "range"} else month.growth


# --- Lists and notes ----------------------------------------------------------------------------


def _counted(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("清单", 26),
        Column("序号", 6, "centred"),
        Column("名称", 40),
        Column("区域", 18),
        Column("日期", 12, "date"),
        Column("数额", 11, "number"),
        Column("单位", 8, "centred"),
        Column("同时计入", 24),
        Column("出处", 36),
    )
    rows = [
        (
            _with_columns(counted),
            serial,
            row.name,
            row.area,
            _dated(row.date),
            *_amount(row.amount),
            "、".join(part.name for part in counted.parts if part.mark in row.marks),
            row.source,
            counted.rule,
        )
        for counted in bulletin.counted
        for serial, row in enumerate(counted.rows, 1)
    ]
    note = "".join(f"{counted.title}：{counted.rule}。" for counted in bulletin.counted if counted.rule)
    return Sheet(columns, rows, (Column("计数规则", 60, "beside"),), note=note)


def _with_columns(counted: CountedList) -> str:
    """The list's title, and what its ledger calls the day and the amount: （日期为签约日期，数额为总投资）."""
    has_amounts = any(row.amount for row in counted.rows)
    heads = (("日期", counted.date_head), *((("数额", counted.amount_head),) if has_amounts else ()))
    told = [f"{head}为{column}" for head, column in heads if column != head]
    return f"{counted.title}（{'，'.join(told)}）" if told else counted.title


def _quality(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("类别", 10, "centred"),
        Column("对象", 32),
        Column("位置", 46),
        Column("情况", 50),
        Column("处理", 40),
    )
    rows: list[Row] = [("数据质量", row.subject, row.place, row.found, row.treatment) for row in bulletin.quality]
    rows += [("未报送", unit, "—", "—", "—") for unit in bulletin.unreported]
    return Sheet(columns, rows)


def _revisions(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("指标", 36),
        Column("时期", 18, "centred"),
        Column("原数", 12, "number"),
        Column("现数", 12, "number"),
        Column("单位", 10, "centred"),
        Column("原因", 50),
    )
    rows = [
        (row.name, row.period, _typed(row.old.text), _typed(row.new.text), row.unit, row.reason)
        for row in bulletin.revisions
    ]
    return Sheet(columns, rows)


# --- Sources ------------------------------------------------------------------------------------


def _sources(bulletin: Bulletin, assessments: Sequence[Assessment], received: Mapping[str, str]) -> Sheet:
    columns = (
        Column("指标", 34),
        Column("区域", 20),
        Column("数据", 14, "centred"),
        Column("工作簿", 50),
        Column("工作表", 22),
        Column("单元格", 10, "centred"),
        Column("收到时间", 18, "centred"),
        Column("校验码", 16, "centred"),
    )
    rows = [
        (
            name,
            area,
            what,
            *_parts(source),
            received.get(vintage, ""),
            vintage[:12],
            vintage,
            code,
        )
        for name, area, what, code, places in _figures(bulletin, assessments)
        for source, vintage in places
    ]
    note = "每个数字所在的单元格；校验码为文件SHA-256值的前12位。"
    return Sheet(columns, rows, (_HASH, _CODE), note=note)


def _figures(
    bulletin: Bulletin, assessments: Sequence[Assessment]
) -> Iterator[tuple[str, str, str, str, Iterable[tuple[str, str]]]]:
    """Every figure that stands in a cell: its indicator, area, what it is, code and cells."""
    rows = {row.code: row for section in bulletin.sections for row in section.rows}
    for assessment in assessments:
        indicator = assessment.indicator
        own = dict.fromkeys((str(cell), cell.vintage) for cell in assessment.cells)
        yield indicator.name, "", "累计/实际", indicator.code, own
        row = rows.get(indicator.code)
        told: Sequence[tuple[str, Figure]] = (("同比", row.growth), ("历史同期", row.last_year_path)) if row else ()
        for what, figure in told:
            yield indicator.name, "", what, indicator.code, _places(figure)
    for section in bulletin.areas:
        for area in section.rows:
            yield section.title, area.area, "数值", "", _places(area.value)
            yield section.title, area.area, "同比", "", _places(area.growth)
    for revision in bulletin.revisions:
        yield f"{revision.name}（{revision.period}）", "", "原数", "", _places(revision.old)
        yield f"{revision.name}（{revision.period}）", "", "现数", "", _places(revision.new)


def _places(figure: Figure) -> Iterable[tuple[str, str]]:
    """Where a figure stands, each place with its file's hash."""
    # A figure's maker gives both or the places alone; a place without its file is still a place.
    vintages = figure.vintages or ("",) * len(figure.sources)
    return zip(figure.sources, vintages, strict=True)


def _parts(source: str) -> tuple[str, str, str]:
    """A place (workbook《sheet》A1) as its workbook, sheet and cell; a place of another form is all workbook."""
    where, end, ref = source.rpartition("》")
    workbook, start, sheet = where.rpartition("《")
    return (workbook, sheet, ref) if end and start else (source, "", "")


def _files(bulletin: Bulletin) -> Sheet:
    columns = (
        Column("工作簿", 54),
        Column("报送单位", 24),
        Column("时期", 18, "centred"),
        Column("收到时间", 20, "centred"),
        Column("校验码", 16, "centred"),
    )
    rows = [
        (row.workbook, row.reporter, row.period, row.received, row.sha256[:12], row.sha256) for row in bulletin.sources
    ]
    return Sheet(columns, rows, (_HASH,))


def _typed(text: str) -> Cell:
    """A printed figure as a number with its printed digits; other texts (—, ①) as they are."""
    value = parse_number(text)
    return text if value is None else Number(value, places_of(value))


_AMOUNT = re.compile(r"([-−]?[\d,.]+)\s*(\D*)")


def _amount(text: str) -> tuple[Cell, str]:
    """A printed amount as its number and its unit: 0.1111亿元."""
    found = _AMOUNT.fullmatch(text)
    return (_typed(found[1]), found[2]) if found else (text, "")


def _dated(text: str) -> Cell:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
