"""Small plans, assessments and figures made by hand; each builder gives a whole thing whose parts can be replaced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from transforms.assessments import AreaTable, Assessment, Point, Status
from transforms.declared.corrections import Corrections
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.doubts import Doubt
from transforms.figures import places_of
from transforms.observations import WHOLE, Harmonised, Observation, Received
from transforms.periods import Period
from transforms.readings import Cell, Contents, Measure, State, Table
from transforms.writing.bulletin import Bulletin
from transforms.writing.compose import compose

JUNE = Period(2024, 6)
RECEIVED = dt.datetime(2024, 7, 12, 9, 30, tzinfo=dt.UTC)
VINTAGE = "ab" * 32


def cell(ref: str = "C5") -> Cell:
    return Cell(VINTAGE, "月报.xlsx", "主要指标", ref)


def indicator(code: str = "output", **changes: Any) -> Indicator:
    made = {
        "code": code,
        "name": "规模以上工业总产值",
        "short_name": "规上工业总产值",
        "section": "all",
        "unit": "亿元",
        "target": {"kind": "reach", "value": "170"},
        "clause": "一、总体目标",
        "quote": "全年完成规模以上工业总产值 170 亿元以上",
        "path": {"kind": "elapsed"},
        "lead_units": ("区经信局",),
        "units_basis": "文件",
        "reported_by": "区统计局",
        "labels": ("规模以上工业总产值",),
    }
    return Indicator.model_validate({**made, **changes})


def counted(code: str = "projects", **changes: Any) -> Indicator:
    """A count of things: 50个."""
    made = {
        "name": "招引亿元以上工业项目",
        "short_name": None,
        "unit": "个",
        "target": {"kind": "reach", "value": "50"},
        "quote": "招引亿元以上工业项目 50 个",
        "labels": ("招引亿元以上工业项目",),
    }
    return indicator(code, **{**made, **changes})


def rate(code: str = "value-added", **changes: Any) -> Indicator:
    """A growth target: 10%以上."""
    made = {
        "name": "规模以上工业增加值增速",
        "short_name": "规上工业增加值",
        "unit": "%",
        "target": {"kind": "grow", "value": "10"},
        "quote": "规上工业增加值同比增长 10% 以上",
        "path": {"kind": "flat"},
        "labels": ("规模以上工业增加值",),
    }
    return indicator(code, **{**made, **changes})


def of_kind(target: Mapping[str, Any], unit: str, name: str, code: str = "one", **changes: Any) -> Indicator:
    """An indicator that is never pro-rated."""
    made = {
        "name": name,
        "short_name": None,
        "unit": unit,
        "target": target,
        "quote": name,
        "path": {"kind": "flat"},
        "labels": target.get("options", (name,)),
    }
    return indicator(code, **{**made, **changes})


def plan(*indicators: Indicator, **changes: Any) -> Plan:
    made = {
        "district": "specimen",
        "year": 2024,
        "document": {"title": "金安区2024年度工业发展要点", "number": "金发〔2024〕5号", "issued": "2024-02-08"},
        "sections": ({"id": "all", "title": "总体目标"}, {"id": "more", "title": "科技创新"}),
        "indicators": indicators or (indicator(),),
    }
    return Plan.model_validate({**made, **changes})


def district(**bulletin: Any) -> District:
    head = {
        "organ": "区经信局",
        "number": "金经信通报〔{year}〕{issue}号",
        "subject": "全区工业发展要点目标任务完成情况",
        "region": "全区",
        "addressees": "区直有关单位",
    }
    return District.model_validate(
        {
            "id": "specimen",
            "name": "金安区",
            "areas": [
                {"name": "甲镇", "kind": "township"},
                {"name": "乙镇", "kind": "township"},
                {"name": "丙街道", "kind": "township"},
                {"name": "丁乡", "kind": "township"},
                {"name": "东园区", "kind": "park"},
                {"name": "西园区", "kind": "park"},
            ],
            "units": [{"name": "区统计局", "aliases": ["金安区统计局"]}, {"name": "区科技局"}],
            "sources": [{"kind": "folder", "path": "inbox"}],
            "bulletin": {**head, **bulletin},
        }
    )


def assessment(of: Indicator | None = None, status: Status = Status.ON_PATH, **changes: Any) -> Assessment:
    """By default 89.0 of 170亿元 in June, growing by 8.7%."""
    made = Assessment(
        indicator=of or indicator(),
        period=JUNE,
        status=status,
        verdict="按序时进度50.0%判断",
        value=Decimal("88.96"),
        figure_period=JUNE,
        completion=Decimal("88.96") / 170 * 100,
        elapsed_path=Decimal(50),
        declared_path=Decimal(50),
        gap=Decimal("2.3"),
        gap_unit="百分点",
        needed=Decimal("81.04"),
        needed_per_month=Decimal("81.04") / 6,
        growth=Decimal("8.7"),
        cells=(cell(),),
    )
    made = replace(made, **changes)
    if not made.history:
        month = Point(made.period, made.status, made.value, made.completion, made.growth, made.cells)
        made = replace(made, history=(month,))
    return made if "printed_gap" in changes else replace(made, printed_gap=made.gap)


def unpaced(of: Indicator, status: Status, value: str | None, **changes: Any) -> Assessment:
    """One whose target isn't pro-rated."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("completion", "declared_path", "gap", "needed", "needed_per_month", "growth")
    )
    made = {**nothing, "gap_unit": "", "verdict": "", "value": None if value is None else Decimal(value)}
    if value is None:
        made |= {"figure_period": None, "cells": ()}
    return assessment(of, status, **{**made, **changes})


def unreported(of: Indicator) -> Assessment:
    return unpaced(of, Status.NOT_REPORTED, None, verdict="本期应报未报")


def history(*values: str | None) -> tuple[Point, ...]:
    """January's figure, February's, and so on."""
    return tuple(
        Point(Period(2024, month), Status.NOT_REPORTED, None)
        if value is None
        else Point(Period(2024, month), Status.ON_PATH, Decimal(value))
        for month, value in enumerate(values, 1)
    )


def observation(
    code: str,
    value: str | None,
    period: Period = JUNE,
    measure: Measure = Measure.YEAR_TO_DATE,
    area: str = WHOLE,
    **changes: Any,
) -> Observation:
    made = Observation(
        code=code,
        area=area,
        period=period,
        measure=measure,
        value=None if value is None else Decimal(value),
        unit="亿元",
        state=State.NUMBER if value is not None else State.BLANK,
        text=value or "",
        places=places_of(Decimal(value)) if value is not None else 0,
        cells=(cell(),),
        received=RECEIVED,
    )
    return replace(made, **changes)


def words(code: str, text: str, period: Period = JUNE) -> Observation:
    """A unit's remark."""
    return observation(code, None, period, Measure.REMARK, state=State.TEXT, text=text)


def known(*observations: Observation, **changes: Any) -> Harmonised:
    return replace(Harmonised(observations, (), (), (), ()), **changes)


def received(period: Period = JUNE, moment: dt.datetime = RECEIVED, workbook: str = "月报.xlsx") -> Received:
    table = Table("form", workbook, "主要指标", "主要指标", period, "金安区统计局")
    return Received(Contents(VINTAGE, workbook, (table,)), moment)


def bulletin(
    *assessments: Assessment,
    of: Plan | None = None,
    place: District | None = None,
    period: Period = JUNE,
    tables: tuple[AreaTable, ...] = (),
    facts: Harmonised | None = None,
    doubts: Sequence[Doubt] = (),
    corrections: Corrections | None = None,
    inputs: Sequence[Received] | None = None,
) -> Bulletin:
    """What compose makes of it all."""
    return compose(
        of or plan(*(one.indicator for one in assessments)),
        place or district(),
        period,
        assessments,
        tables,
        facts or known(),
        doubts,
        corrections or Corrections(),
        [received(period)] if inputs is None else inputs,
    )
