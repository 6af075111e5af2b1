"""A small plan and district that the expectations are asked about."""

from __future__ import annotations

import pytest

from transforms.declared.district import District
from transforms.declared.plan import Plan

_COMMON = {
    "section": "industry",
    "clause": "一",
    "quote": "原文",
    "lead_units": ("区经信局",),
    "units_basis": "文件",
    "reported_by": "区统计局",
}
_ELAPSED = {"kind": "elapsed"}
_FLAT = {"kind": "flat"}


def _ledger(value: str) -> dict[str, object]:
    return {
        "ledger": "工业项目台账",
        "date": "签约日期",
        "where": [{"kind": "at-least", "column": "总投资", "value": value, "unit": "亿元"}],
        "area": "所在地",
        "name": "项目名称",
        "amount": "总投资",
    }


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Amounts, a rate, a share, counts, a count that may fall, and two counts of one ledger."""
    indicators: list[dict[str, object]] = [
        {"code": "output", "name": "工业总产值", "unit": "亿元", "labels": ["工业总产值"],
         "target": {"kind": "reach", "value": "170"}, "path": _ELAPSED},
        {"code": "investment", "name": "工业投资", "unit": "%", "labels": ["工业投资"],
         "target": {"kind": "grow", "value": "20"}, "path": _FLAT, "price_basis": "现价"},
        {"code": "added-value", "name": "工业增加值", "unit": "%", "labels": ["工业增加值"],
         "target": {"kind": "grow", "value": "10"}, "path": _FLAT, "price_basis": "可比价"},
        {"code": "share", "name": "工业占GDP比重", "unit": "%", "labels": ["工业占比"],
         "target": {"kind": "hold", "value": "20"}, "path": _FLAT, "frequency": "quarterly"},
        {"code": "firms", "name": "新增规上企业", "unit": "家", "labels": ["新增规上企业"],
         "target": {"kind": "reach", "value": "25"}, "path": _ELAPSED},
        {"code": "large-firms", "name": "其中大型企业", "unit": "家", "labels": ["大型企业"],
         "target": {"kind": "of-which", "value": "5", "parent": "firms"}, "path": _ELAPSED},
        {"code": "net-loans", "name": "新增贷款", "unit": "亿元", "labels": ["新增贷款"],
         "target": {"kind": "reach", "value": "20"}, "path": _ELAPSED, "may_fall": True},
        {"code": "net-firms", "name": "净增企业", "unit": "家", "labels": ["净增企业"], "frequency": "yearly",
         "target": {"kind": "reach", "value": "20"}, "path": _ELAPSED, "may_fall": True},
        {"code": "projects", "name": "签约亿元以上项目", "unit": "个", "labels": ["签约项目"],
         "target": {"kind": "reach", "value": "50"}, "path": _ELAPSED, "counted": _ledger("1")},
        {"code": "large-projects", "name": "签约5亿元以上项目", "unit": "个", "labels": ["大项目"],
         "target": {"kind": "of-which", "value": "15", "parent": "projects"}, "path": _ELAPSED,
         "counted": _ledger("5")},
    ]  # fmt: skip
    return Plan.model_validate(
        {
            "district": "test",
            "year": 2024,
            "document": {"title": "要点", "number": "1号", "issued": "2024-02-08"},
            "sections": [{"id": "industry", "title": "工业"}],
            "indicators": [{**_COMMON, **indicator} for indicator in indicators],
        }
    )


@pytest.fixture(scope="session")
def district() -> District:
    """Two townships and a park; areas are ranked by output."""
    return District.model_validate(
        {
            "id": "test",
            "name": "金安区",
            "areas": [
                {"name": "三十铺镇", "kind": "township", "aliases": ["三十铺"]},
                {"name": "木厂镇", "kind": "township"},
                {"name": "金安经开区", "kind": "park"},
            ],
            "sources": [{"kind": "folder", "path": "inbox"}],
            "bulletin": {
                "organ": "金安区经信局",
                "number": "通报〔{year}〕{issue}号",
                "subject": "完成情况",
                "region": "全区",
                "addressees": "各乡镇",
                "ranked": ["output"],
            },
        }
    )
