"""Assessments as JSON: exact figures in strings, in the plan's order."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from flows.render import assessments_json
from transforms.assessments import Assessment, Status
from transforms.declared.targets import Range


def test_figures_are_exact_strings_or_null(assessments: tuple[Assessment, ...]) -> None:
    told = json.loads(assessments_json(assessments))
    assert [one["code"] for one in told] == [a.indicator.code for a in assessments]
    first = told[0]
    assert first["value"] == "88.325"
    assert first["target"] == "170"
    assert first["gap"] == "1.955882352941176"
    assert first["last_year_path"] is None
    assert first["status_word"] == Status(first["status"]).chinese
    assert first["cells"][0].keys() == {"workbook", "sheet", "cell", "vintage"}
    assert "upper" not in first


def test_a_range_tells_its_upper_end(assessments: tuple[Assessment, ...]) -> None:
    target = Range(kind="range", value=Decimal("5.5"), upper=Decimal("6.0"))
    indicator = assessments[0].indicator.model_copy(update={"target": target})
    told = json.loads(assessments_json([replace(assessments[0], indicator=indicator)]))
    assert (told[0]["target"], told[0]["upper"], told[0]["operator"]) == ("5.5", "6", "range")


def test_the_file_is_readable_chinese(assessments: tuple[Assessment, ...]) -> None:
    text = assessments_json(assessments).decode()
    assert text.endswith("]\n")
    assert "规模以上工业" in text
    assert assessments_json(assessments).decode() == text
