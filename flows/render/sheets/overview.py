"""What a bulletin says of its indicators, as sheets: counted, their figures, their verdicts, those behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flows.render.sheets.cells import CODE, Cell, Column, Form, Number, Row, Sheet, typed
from transforms.assessments import Assessment
from transforms.figures import parse_number, places_of, printed
from transforms.writing.bulletin import Bulletin, IndicatorRow


def overview(bulletin: Bulletin) -> Sheet:
    """A row for each status, with how many indicators have it."""
    columns = (
        Column("状态", 18, "centred"),
        Column("项数", 8, "number"),
        Column("占比（%）", 10, "number"),
        Column("指标", 100),
    )
    rows: list[Row] = [(row.word, row.count, typed(row.share), "、".join(row.names)) for row in bulletin.statuses]
    return Sheet(columns, [*rows, ("合计", bulletin.total, "", "")] if rows else (), note=f"依据{bulletin.document}")


def indicators(bulletin: Bulletin, assessments: Sequence[Assessment]) -> Sheet:
    """A row for each indicator with all its figures."""
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
    return Sheet(columns, rows, (Column("章节", 20, "beside"), CODE), kept=2, note=note + _marks(bulletin))


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


def verdicts(bulletin: Bulletin, assessments: Sequence[Assessment]) -> Sheet:
    """A row for each indicator with why it was judged as it was."""
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
    return Sheet(columns, rows, (CODE,), kept=2)


def behind(bulletin: Bulletin) -> Sheet:
    """A row for each indicator that is behind, with what it needs."""
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
    return Sheet(columns, rows, (CODE,), kept=2)
