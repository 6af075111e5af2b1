"""Notices beside a bulletin: made when they're asked for, told in the manifest, and part of the whole folder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows import console
from flows.backfill import Backfill, Result, backfill
from flows.cli import app
from flows.issuing import Order, publish_draft
from flows.jobs import Beside, Job, directly
from flows.monthly import make_bulletin
from flows.workspace import Workspace
from tests.flows.small import PLAN, Sent
from transforms.periods import Period

MARCH = Period(2024, 3)
NAME = "notices/督办单_区人社局_2024年3月_演示数据"


def job(workspace: Workspace) -> Job:
    return Job(workspace, "small", MARCH, beside=(Beside.NOTICES,))


def manifest(folder: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return told


def text_of(page: Path) -> str:
    return re.sub("<[^>]*>", "", page.read_text(encoding="utf-8"))


@pytest.fixture
def lagging(make_workspace: Callable[[str], tuple[Workspace, Sent]]) -> Workspace:
    """区人社局 wanted six fairs a quarter and held two."""
    workspace, _ = make_workspace("lagging")
    plan = PLAN.format(year=2024).replace("value: 2, every", "value: 6, every").replace("不少于2场", "不少于6场")
    (workspace.folder("small") / "plan" / "2024.yaml").write_text(plan, encoding="utf-8")
    return workspace


def test_notices_stand_in_the_folder_and_in_its_manifest(
    lagging: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make_bulletin(job(lagging))
    assert {name for name in made.documents if "/" in name} == {f"{NAME}.html", f"{NAME}.pdf"}
    assert (made.folder / f"{NAME}.pdf").read_bytes().startswith(b"%PDF")
    page = (made.folder / f"{NAME}.html").read_text(encoding="utf-8")
    assert "招聘会" in page
    assert "规模以上工业总产值" not in page
    told = manifest(made.folder)
    assert told["notices"] == {
        "made": [{"unit": "区人社局", "files": [f"{NAME}.html", f"{NAME}.pdf"]}],
        "none": [{"unit": "区统计局", "why": "没有滞后、未报和近期到期的事项"}],
    }
    outputs = told["outputs"]
    assert isinstance(outputs, list)
    assert f"{NAME}.pdf" in {one["file"] for one in outputs}
    console.print_made(made, lagging)
    printed = capsys.readouterr().out
    assert f"{NAME}.pdf" in printed
    assert "no notice for 区统计局: 没有滞后" in printed


def test_without_being_asked_none_is_made(lagging: Workspace) -> None:
    with_notices = make_bulletin(job(lagging))
    without = make_bulletin(replace(job(lagging), beside=()))
    assert without.notices is None
    assert not (without.folder / "notices").exists()
    assert "notices" not in manifest(without.folder)
    assert without.fingerprint == with_notices.fingerprint


def test_a_backfill_makes_again_only_what_lacks_its_notices(lagging: Workspace) -> None:
    order = Backfill(lagging, ("small",), MARCH, MARCH, beside=(Beside.NOTICES,))
    make_bulletin(replace(job(lagging), beside=()))
    results = [backfill(order, directly, lambda _: None)[0].result for _ in range(2)]
    assert results == [Result.MADE, Result.UP_TO_DATE]
    [outcome] = backfill(replace(order, beside=()), directly, lambda _: None)
    assert outcome.result is Result.UP_TO_DATE


def test_an_issue_has_the_notices_that_its_draft_had(lagging: Workspace) -> None:
    file = lagging.folder("small") / "district.yaml"
    numbered = "notices:\n  number: 小经信督〔{year}〕{issue}—{serial}号\n"
    file.write_text(file.read_text(encoding="utf-8") + numbered, encoding="utf-8")
    draft = make_bulletin(job(lagging)).folder / f"{NAME}.html"
    assert "小经信督〔2024〕　—1号" in text_of(draft)
    issued = publish_draft(Order(replace(job(lagging), beside=()), "李四"))
    page = text_of(issued.folder / f"{NAME}.html")
    assert "小经信督〔2024〕1—1号" in page
    assert "征求意见稿" not in page
    assert issued.altered == ()


def test_the_command_asks_for_them(lagging: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app(["run", "small", "2024-03", "--notices", "--workspace", str(lagging.root)], exit_on_error=False)
    assert ended.value.code == 0
    assert f"{NAME}.html" in capsys.readouterr().out
