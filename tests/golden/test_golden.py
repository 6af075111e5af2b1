"""The shipped districts' bulletins are as they were, and the demonstration tells the story that it's meant to."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.workspace import Workspace
from tests.golden.story import GOLDEN, Arranged, arranged, shipped, text
from transforms.assessments import Assessment, Status

pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return shipped(tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="module")
def june(workspace: Workspace) -> Arranged:
    return arranged(workspace, "luan-jinan", "2024-06")


def of(made: Arranged, code: str) -> Assessment:
    return next(one for one in made.assessments if one.indicator.code == code)


@pytest.mark.parametrize(("district", "period"), GOLDEN)
def test_a_bulletin_changes_only_on_purpose(district: str, period: str, workspace: Workspace) -> None:
    golden = Path(__file__).with_name(f"{district}-{period}.txt").read_text(encoding="utf-8")
    made = text(arranged(workspace, district, period).bulletin)
    assert made.splitlines() == golden.splitlines(), "if this is meant: make golden, and look at every difference"


def test_the_story_has_every_status(workspace: Workspace, june: Arranged) -> None:
    assert {one.status for one in june.assessments} == set(Status) - {Status.MISSED}
    assert Status.MISSED in {one.status for one in arranged(workspace, "luan-jinan", "2024-12").assessments}


def test_the_story_has_a_revision_a_late_unit_and_a_target_lost_again(june: Arranged) -> None:
    assert any(revision.code == "gross-output-above-scale" for revision in june.known.revisions)
    assert [unit.split("（")[0] for unit in june.bulletin.unreported] == ["区科技局"]
    lost = of(june, "firms-without-research-activity")
    assert lost.status is Status.BEHIND
    assert "反弹" in lost.verdict


def test_the_story_has_a_correction_that_is_printed(workspace: Workspace) -> None:
    april = arranged(workspace, "luan-jinan", "2024-04")
    assert str(of(april, "technical-upgrading-investment-growth").value) == "-6.4"
    assert any("更正" in row.subject + row.treatment for row in april.bulletin.quality)


def test_a_late_unit_is_caught_up_with(workspace: Workspace) -> None:
    july = arranged(workspace, "luan-jinan", "2024-07")
    assert of(july, "joint-innovation-projects").value is not None


def test_the_national_revenue_of_2024_missed_its_budget(workspace: Workspace) -> None:
    december = arranged(workspace, "national", "2024-12")
    revenue = of(december, "general-public-budget-revenue")
    assert (str(revenue.value), revenue.status) == ("219702", Status.MISSED)
    growth = of(december, "general-public-budget-revenue-growth")
    assert (str(growth.value), growth.status) == ("1.3", Status.MISSED)


def test_the_national_value_added_of_2019_kept_its_range(workspace: Workspace) -> None:
    december = arranged(workspace, "national", "2019-12")
    assert (str(of(december, "value-added-growth").value), of(december, "value-added-growth").status) == (
        "5.7",
        Status.COMPLETED,
    )
