"""What `yuebao check` asks of several files by themselves: formulas of the returns, and ledgers month by month."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.checking import Order, check
from flows.workspace import Workspace
from tests.flows.small import workbook
from transforms.doubts import Doubt, Severity
from transforms.tables.findings import AUDIT_FORMULAS

Sheets = dict[str, Sequence[Sequence[object]]]

RETURN: Sequence[Sequence[object]] = [
    ["2024年6月生产月报"],
    ["指标代码", "指标名称", "计量单位", "本月"],
    ["A01", "工业总产值", "万元", 1000],
    ["A02", "轻工业", "万元", 400],
    ["A03", "重工业", "万元", 500],
]


def checked(folder: Path, files: dict[str, Sheets]) -> list[Doubt]:
    for name, sheets in files.items():
        (folder / name).write_bytes(workbook(sheets))
    made = check(Order(Workspace(folder), tuple(folder / name for name in files))).check
    return [doubt for file in made.files for doubt in file.doubts if doubt.expectation != AUDIT_FORMULAS.expectation]


def formulas(*texts: str) -> Sheets:
    return {"审核公式": [["序号", "审核公式", "审核性质"], *([at, text, "强制性"] for at, text in enumerate(texts, 1))]}


def test_formulas_among_the_files_are_asked_of_the_returns_among_them(tmp_path: Path) -> None:
    files: dict[str, Sheets] = {"月报.xlsx": {"月报": RETURN}, "公式.xlsx": formulas("A01=A02+A03", "A01>=A02")}
    (doubt,) = [doubt for doubt in checked(tmp_path, files) if doubt.severity is not Severity.INFO]
    assert doubt.expectation == "audit-formula-holds"
    assert doubt.found.startswith("2024年6月本月左边1000，右边900")
    assert doubt.places == ("月报.xlsx《月报》D3", "月报.xlsx《月报》D4", "月报.xlsx《月报》D5")


def test_a_formula_that_makes_no_sense_is_named_with_its_cell(tmp_path: Path) -> None:
    files: dict[str, Sheets] = {"月报.xlsx": {"月报": RETURN}, "公式.xlsx": formulas("A01=A02+A03", "A01=A02+×A03")}
    (doubt,) = [doubt for doubt in checked(tmp_path, files) if doubt.severity is not Severity.INFO]
    assert doubt.expectation == "audit-formula-makes-sense"
    assert doubt.places == ("公式.xlsx《审核公式》B3",)


def ledger(month: int, stage: str) -> Sheets:
    head = ["序号", "项目名称", "建设单位", "总投资（亿元）", "形象进度"]
    rows = [[1, "轴承", "甲公司", 10, stage], [2, "光伏", "乙公司", 8, "在建"]]
    return {"台账": [[f"2024年{month}月工业项目调度表"], head, *rows]}


def test_two_months_of_a_ledger_repeat_no_project_and_tell_one_that_went_back(tmp_path: Path) -> None:
    doubts = checked(tmp_path, {"五月.xlsx": ledger(5, "竣工"), "六月.xlsx": ledger(6, "基础施工")})
    assert {doubt.expectation for doubt in doubts if doubt.severity is not Severity.INFO} == {"stage-does-not-go-back"}
    on = checked(tmp_path, {"五月.xlsx": ledger(5, "在建"), "六月.xlsx": ledger(6, "竣工")})
    assert not [doubt for doubt in on if doubt.severity is not Severity.INFO]
