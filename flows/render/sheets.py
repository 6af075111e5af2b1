"""Arranges a bulletin and its assessments as sheets of typed cells; knows no file format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.assessments import Assessment
from transforms.figures import parse_number, places_of, printed
from transforms.writing.bulletin import Bulletin, Figure, IndicatorRow


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, its width in characters, and what its cells are."""

    head: str
    width: float
    kind: str = "text"
    """text, centred, number or date."""


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with the digits that are shown; what the cell holds is exact as far as a double can be."""

    value: Decimal
    places: int


Cell = str | int | Number | dt.date
Row = Sequence[Cell]
Content = tuple[Sequence[Column], Sequence[Row]]


def sheets(bulletin: Bulletin, assessments: Sequence[Assessment]) -> dict[str, Content]:
    """The sheets by name, in their order; those without rows too, so that every month's workbook has one shape."""
    return {
        "指标进展": _indicators(bulletin, assessments),
        "滞后指标": _behind(bulletin),
        "乡镇园区": _areas(bulletin),
        "计数明细": _counted(bulletin),
        "数据质量": _quality(bulletin),
        "资料来源": _sources(assessments),
        "来源文件": _files(bulletin),
    }


def _indicators(bulletin: Bulletin, assessments: Sequence[Assessment]) -> Content:
    by_code = {assessment.indicator.code: assessment for assessment in assessments}
    needed = {row.code: row.needed for row in bulletin.behind}
    columns = (
        Column("序号", 6, "centred"),
        Column("章节", 16),
        Column("指标", 34),
        Column("单位", 8, "centred"),
        Column("年度目标", 12, "centred"),
        Column("目标值", 10, "number"),
        Column("累计完成/实际", 13, "number"),
        Column("数据时期", 11, "centred"),
        Column("同比（%）", 9, "number"),
        Column("完成率（%）", 10, "number"),
        Column("序时进度（%）", 11, "number"),
        Column("历史同期进度（%）", 13, "number"),
        Column("差距", 9, "number"),
        Column("差距单位", 10, "centred"),
        Column("状态", 14, "centred"),
        Column("判定依据", 36),
        Column("仍需完成", 10, "number"),
        Column("剩余月份月均需完成", 13, "number"),
        Column("剩余月份需达增速（%）", 13, "number"),
        Column("牵头单位", 24),
        Column("配合单位", 24),
        Column("单位说明", 36),
        Column("编码", 22),
    )
    rows = [
        _indicator(section.title, row, by_code.get(row.code), needed.get(row.code, ""))
        for section in bulletin.sections
        for row in section.rows
    ]
    return columns, rows


def _indicator(section: str, row: IndicatorRow, assessment: Assessment | None, needed: str) -> Row:
    if assessment is None:
        raise ValueError(f"no assessment of {row.code}, which the bulletin prints")
    places = assessment.indicator.printed_places
    target = assessment.indicator.target.value
    # A growth that the bulletin holds back (of a count, of a target not due) stays back here too.
    growth = assessment.needed_growth
    return (
        row.serial,
        section,
        row.name,
        row.unit,
        row.target,
        "—" if target is None else Number(target, places),
        _figure(assessment.value, row.actual.text),
        row.figure_period or _period(assessment),
        _figure(assessment.growth, row.growth.text),
        _figure(assessment.completion, row.completion.text),
        _figure(assessment.elapsed_path, row.elapsed_path.text),
        _figure(assessment.last_year_path, row.last_year_path.text),
        _figure(assessment.printed_gap, row.gap.text),
        row.gap_unit,
        row.status_word,
        row.verdict,
        _needed(assessment.needed, places),
        _needed(assessment.needed_per_month, max(places, 1)),
        _needed(growth if growth is not None and f"{printed(growth, 1)}%" in needed else None, 1),
        "、".join(row.lead_units),
        "、".join(assessment.indicator.cooperating_units),
        assessment.remark,
        row.code,
    )


def _figure(value: Decimal | None, text: str) -> Cell:
    """The exact value with the digits of its printed text; where the bulletin prints no number, what it prints."""
    shown = parse_number(text)
    return text if value is None or shown is None else Number(value, places_of(shown))


def _needed(value: Decimal | None, places: int) -> Cell:
    return "—" if value is None else Number(value, places)


def _period(assessment: Assessment) -> str:
    period = assessment.figure_period
    return "—" if period is None else period.chinese()


def _behind(bulletin: Bulletin) -> Content:
    columns = (
        Column("序号", 6, "centred"),
        Column("指标", 34),
        Column("状态", 14, "centred"),
        Column("进展", 40),
        Column("差距", 28),
        Column("后续需完成", 36),
        Column("牵头单位", 24),
        Column("配合单位", 24),
        Column("单位说明", 44),
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
        )
        for serial, row in enumerate(bulletin.behind, 1)
    ]
    return columns, rows


def _areas(bulletin: Bulletin) -> Content:
    columns = (
        Column("指标", 30),
        Column("位次", 8, "centred"),
        Column("乡镇（街道）、园区", 24),
        Column("数值", 12, "number"),
        Column("单位", 8, "centred"),
        Column("同比（%）", 10, "number"),
        Column("位次变化", 12, "centred"),
        Column("出处", 60),
    )
    rows = [
        (
            section.title,
            row.rank,
            row.area,
            _typed(row.value.text),
            section.unit,
            _typed(row.growth.text),
            row.movement,
            "；".join(row.value.sources),
        )
        for section in bulletin.areas
        for row in section.rows
    ]
    return columns, rows


def _counted(bulletin: Bulletin) -> Content:
    columns = (
        Column("清单", 34),
        Column("序号", 6, "centred"),
        Column("名称", 48),
        Column("区域", 18),
        Column("日期", 12, "date"),
        Column("数额", 14, "number"),
        Column("同时计入", 34),
        Column("出处", 60),
        Column("计数规则", 60),
    )
    rows = [
        (
            counted.title,
            serial,
            row.name,
            row.area,
            _dated(row.date),
            _typed(row.amount),
            "、".join(part.name for part in counted.parts if part.mark in row.marks),
            row.source,
            counted.rule,
        )
        for counted in bulletin.counted
        for serial, row in enumerate(counted.rows, 1)
    ]
    return columns, rows


def _quality(bulletin: Bulletin) -> Content:
    columns = (
        Column("类别", 10, "centred"),
        Column("对象", 34),
        Column("位置", 50),
        Column("情况", 50),
        Column("处理", 40),
    )
    rows: list[Row] = [("数据质量", row.subject, row.place, row.found, row.treatment) for row in bulletin.quality]
    rows += [
        (
            "修订",
            f"{row.name}（{row.period}）",
            "；".join(row.new.sources),
            f"由{_with_unit(row.old, row.unit)}修订为{_with_unit(row.new, row.unit)}",
            row.reason,
        )
        for row in bulletin.revisions
    ]
    rows += [("未报送", unit, "—", "—", "—") for unit in bulletin.unreported]
    return columns, rows


def _with_unit(figure: Figure, unit: str) -> str:
    return f"{figure.text}{unit}" if figure.text else "无数据"


def _sources(assessments: Sequence[Assessment]) -> Content:
    columns = (
        Column("指标", 34),
        Column("工作簿", 44),
        Column("工作表", 24),
        Column("单元格", 12, "centred"),
        Column("文件 SHA-256", 68),
        Column("编码", 22),
    )
    rows = [
        (
            assessment.indicator.name,
            cell.workbook,
            cell.sheet,
            cell.ref,
            cell.vintage,
            assessment.indicator.code,
        )
        for assessment in assessments
        for cell in assessment.cells
    ]
    return columns, rows


def _files(bulletin: Bulletin) -> Content:
    columns = (
        Column("工作簿", 50),
        Column("报送单位", 24),
        Column("时期", 18, "centred"),
        Column("收到时间", 22, "centred"),
        Column("SHA-256", 68),
    )
    rows = [(row.workbook, row.reporter, row.period, row.received, row.sha256) for row in bulletin.sources]
    return columns, rows


def _typed(text: str) -> Cell:
    """A printed figure as a number with its printed digits; other texts (—, ①) as they are."""
    value = parse_number(text)
    return text if value is None else Number(value, places_of(value))


def _dated(text: str) -> Cell:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
