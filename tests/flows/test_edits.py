"""The file of edits from the command to the bulletin: never overwritten, kept over reruns, held against figures."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from flows.declaration_check import check_declarations
from flows.drafts import draft_of, reasons_due
from flows.edits import begin_edit
from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare, written_for
from flows.monthly import Made, make_bulletin
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import DISTRICT, Sent
from transforms.errors import DeclarationError
from transforms.periods import Period

MARCH = Period(2024, 3)
WRITTEN = """\
## 总体目标

规模以上工业总产值完成42.5亿元，另筹资500万元。

## 总体进展（补充）

甲 \\< 乙 & 全区调度会4月召开。
"""


def write(workspace: Workspace, text: str, name: str = "2024-03.md") -> Path:
    file = workspace.folder("small") / "edits" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def manifest(made: Made) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    return told


def run_cli(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, *arguments: str) -> int:
    return yuebao(monkeypatch, *arguments, "--workspace", workspace.root)


def test_an_edit_reaches_the_bulletin_is_kept_over_a_rerun_and_told_of_when_its_figure_changes(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    file = write(workspace, WRITTEN)
    job = Job(workspace, "small", MARCH)
    first = make_bulletin(job)
    assert "甲&lt;乙&amp;全区调度会4月召开。" in (first.folder / "bulletin.html").read_text(encoding="utf-8")
    told = manifest(first)
    assert "data_raw/small/edits/2024-03.md" in [one["file"] for one in told["declarations"]]
    edits = [one for one in told["doubts"] if one["expectation"].startswith("edit-")]
    at = ["data_raw/small/edits/2024-03.md:3"]
    assert [(one["severity"], one["places"]) for one in edits] == [("info", at), ("warning", at)]
    assert "1段不会印出：模板tongbao不印这一部分的文字" in edits[1]["found"]

    district = workspace.folder("small") / "district.yaml"
    district.write_text(DISTRICT.replace("bulletin:\n", "bulletin:\n  templates: [tongbao, yuebao]\n"), "utf-8")
    sent.statistics("2024-05-06", 2024, 3, 44.0, 18.0)
    again = make_bulletin(job)
    (changed,) = [one for one in again.doubts if one.expectation == "edit-figure-unchanged"]
    assert changed.places == ("data_raw/small/edits/2024-03.md:3",)
    assert "写入时为42.5亿元，现为44.0亿元" in changed.found
    assert changed.told() in manifest(again)["doubts"]
    assert all(one.expectation != "edit-is-printed" for one in again.doubts)
    # What the editor should know isn't for the reader.
    assert "写入时为" not in (again.folder / "bulletin.html").read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8") == WRITTEN


def test_a_bulletin_is_stale_once_its_edit_has_changed(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    job = Job(workspace, "small", MARCH)
    make_bulletin(job)
    store = Store(workspace.store_address)
    inputs = store.inputs("small", reader_fingerprint(), MARCH, None)
    store.close()

    def reasons() -> list[str]:
        return [str(one) for one in reasons_due(job, draft_of(job, written_for(job), inputs, (), ()))]

    assert reasons() == []
    write(workspace, WRITTEN, "2024-02.md")
    assert reasons() == []
    write(workspace, WRITTEN)
    assert reasons() == ["the edited text data_raw/small/edits/2024-03.md is new"]


def test_a_run_as_of_an_earlier_moment_remembers_nothing(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    write(workspace, WRITTEN)
    make_bulletin(Job(workspace, "small", MARCH, dt.datetime(2024, 4, 30, tzinfo=dt.UTC)))
    store = Store(workspace.store_address)
    assert store.remembered_quotes("small", MARCH) == ()
    store.close()


def test_the_command_writes_a_file_that_edits_nothing_and_never_writes_over_one(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = workspace_and_sent
    assert run_cli(monkeypatch, workspace, "edit", "small", "2024-03") == 0
    assert capsys.readouterr().out == "data_raw/small/edits/2024-03.md\n"
    file = workspace.edit_file("small", MARCH)
    text = file.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## 总体进展", "## 总体目标", "## 人才"]
    assert "规模以上工业总产值完成42.5亿元" in text
    assert declare(Job(workspace, "small", MARCH)).edits.edits == ()
    file.write_text("## 人才\n\n自己的话。\n", encoding="utf-8")
    assert begin_edit(Job(workspace, "small", MARCH)) == (file, False)
    assert run_cli(monkeypatch, workspace, "edit", "small", "2024-03") == 0
    assert "left as it is" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == "## 人才\n\n自己的话。\n"


def test_a_faulty_edit_stops_the_run_before_anything_is_made(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    write(workspace, "## 没有的\n\n段\n\n## 人才\n\n<b>段</b>\n")
    with pytest.raises(DeclarationError) as caught:
        make_bulletin(Job(workspace, "small", MARCH))
    assert [fault.line for fault in caught.value.faults] == [1, 7, 7]
    assert not workspace.bulletin_folder("small", MARCH).exists()


def test_plan_check_tells_every_fault_of_every_edit(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    write(workspace, WRITTEN)
    assert check_declarations(workspace, ["small"]).faults == ()
    write(workspace, "## 没有的\n", "2024-02.md")
    write(workspace, "", "2024-2.md")
    write(workspace, "", "说明.md")
    write(workspace, "", "2019-01.md")
    assert [
        (fault.file.rpartition("/")[2], fault.line, fault.found)
        for fault in check_declarations(workspace, ["small"]).faults
    ] == [
        ("2019-01.md", 1, "没有2019年的计划"),
        ("2024-02.md", 1, "没有“没有的”这一部分的文稿"),
        ("2024-2.md", 1, "文件名“2024-2.md”不是报告期，不会被采用"),
        ("说明.md", 1, "文件名“说明.md”不是报告期，不会被采用"),
    ]
