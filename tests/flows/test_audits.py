"""Audit formulas end to end: declared in a district, or asked by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows.declaration_check import check_declarations
from flows.jobs import Job
from flows.monthly import Made, make_bulletin
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import Sent, workbook
from transforms.doubts import Doubt, Severity
from transforms.errors import DeclarationError, DoubtError
from transforms.periods import Period

MARCH = Period(2024, 3)
HOLDS = "规模以上工业总产值.本月 <= 规模以上工业总产值.累计"
BREAKS = "规模以上工业总产值.本月 >= 规模以上工业总产值.累计"

Row = Sequence[object]
FORMULAS: list[Row] = [
    ["序号", "报表代码", "审核公式"],
    [1, "A1", "101=102+103"],
    [2, "A1", "102>103"],
    [3, "A1", "9>=1"],
]
RETURN: list[Row] = [
    ["小河区2024年3月工业情况表（演示数据）"],
    ["代码", "指标名称", "计量单位", "本月", "累计"],
    ["101", "企业数", "家", 5, 10],
    ["102", "大型", "家", 3, 6],
    ["103", "小型", "家", 2, 5],
]


def declare(workspace: Workspace, formula: str, severity: str = "warning", name: str = "总产值.yaml") -> Path:
    file = workspace.folder("small") / "audits" / name
    file.parent.mkdir(exist_ok=True)
    head = "scope: 总产值审核\ntables: {title: 主要经济指标}\nformulas:\n"
    text = f'{head}  - {{formula: "{formula}", severity: {severity}}}\n'
    file.write_text(text, encoding="utf-8")
    return file


def made(workspace: Workspace) -> Made:
    return make_bulletin(Job(workspace, "small", MARCH))


def audited(doubts: Sequence[Doubt]) -> list[Doubt]:
    return [doubt for doubt in doubts if doubt.expectation == "audit-formula-holds"]


def test_a_broken_formula_stands_in_the_bulletins_doubts(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, HOLDS)
    assert audited(made(workspace).doubts) == []

    declare(workspace, BREAKS)
    bulletin = made(workspace)
    (doubt,) = audited(bulletin.doubts)
    assert (doubt.severity, doubt.period) == (Severity.WARNING, MARCH)
    assert "左边16.5，右边42.5" in doubt.found
    assert [place.rpartition("》")[2] for place in doubt.places] == ["C4", "D4"]
    manifest = json.loads((bulletin.folder / "manifest.json").read_text(encoding="utf-8"))
    assert "data_raw/small/audits/总产值.yaml" in [one["file"] for one in manifest["declarations"]]
    assert "总产值审核" in (bulletin.folder / "bulletin.html").read_text(encoding="utf-8")


def test_a_critical_formula_stops_the_period(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, BREAKS, "critical")
    with pytest.raises(DoubtError) as told:
        made(workspace)
    assert [doubt.expectation for doubt in told.value.doubts] == ["audit-formula-holds"]
    assert not workspace.bulletin_folder("small", MARCH).exists()


def test_a_bureaus_workbook_is_asked_of_rows_by_code(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    folder = workspace.folder("small") / "audits"
    folder.mkdir()
    (folder / "审核.xlsx").write_bytes(workbook({"审核": FORMULAS[:3]}))
    sent.file("2024-04-17", "工业情况_演示数据.xlsx", workbook({"表一": RETURN}))
    # The rows' codes come back from the store.
    (doubt,) = audited(made(workspace).doubts)
    assert doubt.subject == "《审核》A1 1：101=102+103"
    assert doubt.found == "2024年3月累计左边10，右边11（101=10，102=6，103=5）"


def test_every_fault_of_the_audits_folder_is_told_by_plan_check(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "总产值 = ")
    folder = workspace.folder("small") / "audits"
    (folder / "审核.xlsx").write_bytes(workbook({"审核": [["序号", "公式"], [1, "A=B=C"]]}))
    (folder / "坏.xls").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "~$审核.xlsx").write_bytes(b"locked")
    faults = check_declarations(workspace, ["small"]).faults
    assert [fault.file.rpartition("/")[2] for fault in faults] == ["坏.xls", "审核.xlsx", "总产值.yaml"]
    assert "《审核》B2" in str(faults[1])
    assert faults[2].line == 4
    with pytest.raises(DeclarationError):
        made(workspace)


def test_formulas_can_be_asked_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    formulas, returned = tmp_path / "审核.xlsx", tmp_path / "工业.xlsx"
    formulas.write_bytes(workbook({"审核": FORMULAS}))
    returned.write_bytes(workbook({"表一": RETURN}))
    assert yuebao(monkeypatch, "audit", formulas, returned) == 0
    out = capsys.readouterr().out
    assert "《审核》2024年3月本月: 2 pass (= 1, > 1), 0 fail, 1 not evaluable" in out
    assert "《审核》2024年3月累计: 1 pass (> 1), 1 fail, 1 not evaluable" in out
    assert "! warning 工业.xlsx《表一》E3、工业.xlsx《表一》E4、工业.xlsx《表一》E5" in out
    assert "9>=1（9没有这一行（栏）；1没有这一行（栏））" in out

    assert yuebao(monkeypatch, "audit", formulas, returned, "--json") == 0
    told = json.loads(capsys.readouterr().out)["formulas"]
    (failed,) = [one for one in told if one["verdict"] == "fail"]
    assert (failed["left"], failed["right"], failed["declared"]) == ("10", "11", "审核.xlsx《审核》C2")
    assert [cell["cell"] for one in failed["operands"] for cell in one["cells"]] == ["E3", "E4", "E5"]


def test_faults_of_asking_by_hand_have_their_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    returned, critical = tmp_path / "工业.xlsx", tmp_path / "审核.xlsx"
    returned.write_bytes(workbook({"表一": RETURN}))
    critical.write_bytes(workbook({"审核": [["公式", "审核性质"], ["101=102", "强制性"]]}))
    assert yuebao(monkeypatch, "audit", critical, returned) == 5
    assert yuebao(monkeypatch, "audit", returned, returned) == 3
    assert yuebao(monkeypatch, "audit", critical, tmp_path / "none.xlsx") == 4
    assert yuebao(monkeypatch, "audit", tmp_path / "none.xlsx", returned) == 4
    assert yuebao(monkeypatch, "audit", critical) == 2
    assert "Traceback" not in capsys.readouterr().err
