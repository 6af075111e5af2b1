"""Arranges a bulletin and its assessments as sheets of typed cells; knows no file format."""

from __future__ import annotations

from collections.abc import Sequence

from flows.render.sheets.cells import Cell, Column, Form, Number, Sheet
from flows.render.sheets.lists import counted, quality, revisions
from flows.render.sheets.months import histories
from flows.render.sheets.overview import behind, indicators, overview, verdicts
from flows.render.sheets.places import files, sources
from flows.render.sheets.ranks import areas
from transforms.assessments import Assessment
from transforms.writing.bulletin import Bulletin

__all__ = ["Cell", "Column", "Form", "Number", "Sheet", "sheets"]


def sheets(bulletin: Bulletin, assessments: Sequence[Assessment]) -> dict[str, Sheet]:
    """The sheets by name, in their order; those without rows too, so that every month's workbook has one shape."""
    received = {row.sha256: row.received for row in bulletin.sources}
    return {
        "总览": overview(bulletin),
        "指标进展": indicators(bulletin, assessments),
        "判定说明": verdicts(bulletin, assessments),
        "滞后指标": behind(bulletin),
        "乡镇园区": areas(bulletin),
        "历月数据": histories(bulletin),
        "计数明细": counted(bulletin),
        "数据质量": quality(bulletin),
        "修订说明": revisions(bulletin),
        "资料来源": sources(bulletin, assessments, received),
        "来源文件": files(bulletin),
    }
