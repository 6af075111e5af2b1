"""The month's run, end to end, on real files and a real store."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import flows.monthly
from flows.clock import moment
from flows.declaration_check import check_declarations
from flows.explaining import explanation
from flows.jobs import Job, Judged, declare
from flows.monthly import Made, bring_in, make_bulletin, make_from_store
from flows.status import status_of
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.doubts import Severity
from transforms.errors import DeclarationError, DoubtError, InputError, UsageError
from transforms.periods import Period

MARCH = Period(2024, 3)


def made(workspace: Workspace, period: Period = MARCH, as_of: str | None = None) -> Made:
    return make_bulletin(Job(workspace, "small", period, moment(as_of) if as_of else None))


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_a_run_makes_every_document_and_tells_of_each(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    folder = made(workspace).folder

    assert sorted(file.name for file in folder.iterdir()) == [
        "assessments.json", "bulletin.docx", "bulletin.html", "bulletin.pdf", "bulletin.xlsx", "manifest.json",
        "record.json",
    ]  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {one["file"]: one["sha256"] for one in manifest["outputs"]} == {
        name: digest for name, digest in hashes(folder).items() if name != "manifest.json"
    }
    assert manifest["demonstration"] == "演示数据"
    assert len(manifest["inputs"]) == 5
    output = json.loads((folder / "assessments.json").read_text(encoding="utf-8"))[0]
    assert (output["code"], output["value"], output["status"]) == ("gross-output", "42.5", "on-path")
    assert output["cells"] == [
        {
            "workbook": "主要经济指标_2024年3月_演示数据.xlsx",
            "sheet": "主要经济指标",
            "cell": "D4",
            "vintage": manifest["inputs"][-1]["sha256"],
        }
    ]


def test_the_same_inputs_give_the_same_bytes_anywhere(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
) -> None:
    first, _ = make_workspace("first")
    second, _ = make_workspace("second")
    once = hashes(made(first).folder)
    assert hashes(made(second).folder) == once
    assert hashes(made(first).folder) == once


def test_a_revision_is_a_new_vintage_and_as_of_makes_the_old_bulletin_again(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    before = hashes(made(workspace, as_of="2024-04-30").folder)
    sent.statistics("2024-05-17", 2024, 3, 43.1, 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")

    revised = made(workspace)
    value = next(one for one in revised.assessments if one.indicator.code == "gross-output")
    assert str(value.value) == "43.1"
    assert "修订" in (revised.folder / "bulletin.html").read_text(encoding="utf-8")
    assert hashes(made(workspace, as_of="2024-04-30").folder) == before


def test_a_critical_doubt_stops_the_period_and_leaves_what_was_there(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    before = hashes(made(workspace).folder)
    bad = sent.statistics("2024-04-18", 2024, 3, "约42.5", 16.5, "主要经济指标_2024年3月_更正.xlsx")

    with pytest.raises(DoubtError) as stopped:
        made(workspace)
    assert "主要经济指标_2024年3月_更正.xlsx《主要经济指标》D4" in str(stopped.value)
    assert hashes(workspace.bulletin_folder("small", MARCH)) == before

    bad.unlink()
    assert hashes(made(workspace).folder) == before


def test_a_file_that_cannot_be_read_stops_its_own_period_only(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    sent.file("2024-04-17", "分乡镇主要经济指标_2024年3月.xlsx", b"PK\x03\x04 cut off")

    with pytest.raises(DoubtError, match="分乡镇主要经济指标_2024年3月"):
        made(workspace)
    assert made(workspace, Period(2024, 2)).folder.is_dir()


def test_no_input_is_told_with_its_place(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    with pytest.raises(InputError, match="2024-09"):
        made(workspace, Period(2024, 9))
    for file in sent.inbox.rglob("主要经济指标_2024年3月*"):
        file.unlink()
    with pytest.raises(DoubtError, match="未收到区统计局的主要经济指标"):
        made(workspace)
    assert not workspace.bulletin_folder("small", MARCH).exists()


def test_a_broken_declaration_is_told_with_its_line(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    file = workspace.plan_file("small", 2024)
    file.write_text(file.read_text(encoding="utf-8").replace("value: 170", "value: many"), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"2024\.yaml:12: .*value"):
        made(workspace)


CORRECTION = """\
corrections:
  - label: 规模以上工业总产值
    period: 2024-03
    measure: year-to-date
    found: '#REF!'
    corrected: {corrected}
    reason: 引用的工作表已删除
    authority: 区统计局2024年4月17日电话确认
    until: {until}
"""


def test_an_error_cell_is_printed_as_the_declared_correction_says(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    sent.statistics("2024-04-17", 2024, 3, "#REF!", 16.5)
    with pytest.raises(DoubtError, match="显示公式错误#REF!"):
        made(workspace)

    file = workspace.folder("small") / "corrections.yaml"
    file.write_text(CORRECTION.format(corrected="42.6", until="2024-12-31"), encoding="utf-8")
    assert check_declarations(workspace, ["small"]).faults == ()
    bulletin = made(workspace)
    value = next(one for one in bulletin.assessments if one.indicator.code == "gross-output")
    assert str(value.value) == "42.6"
    page = (bulletin.folder / "bulletin.html").read_text(encoding="utf-8")
    for words in ("42.6", "#REF!", "引用的工作表已删除", "区统计局2024年4月17日电话确认"):
        assert words in page, words
    assert not [doubt for doubt in bulletin.doubts if doubt.severity is Severity.CRITICAL]

    # Once the source is mended the correction no longer bites, and says so.
    sent.statistics("2024-04-18", 2024, 3, 42.7, 16.7, "主要经济指标_2024年3月（更正）.xlsx")
    with pytest.raises(DoubtError, match=r"corrections\.yaml:2"):
        made(workspace)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("规模以上工业总产值", "规模以上工业总产直", r"corrections\.yaml:2: no indicator of the plan"),
        ("'#REF!'", "42.6", r"corrections\.yaml:2: .*corrected is what was found"),
        ("2024-12-31", "2024-02-29", r"corrections\.yaml:9: "),
        ("period: 2024-03", "period: 2024-13", r"corrections\.yaml:3: "),
    ],
    ids=["label", "nothing corrected", "over before it begins", "no month"],
)
def test_corrections_with_faults_are_told_by_the_check_of_declarations(
    workspace_and_sent: tuple[Workspace, Sent], was: str, becomes: str, told: str
) -> None:
    workspace, _ = workspace_and_sent
    text = CORRECTION.format(corrected="42.6", until="2024-12-31")
    assert was in text
    file = workspace.folder("small") / "corrections.yaml"
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    (fault,) = check_declarations(workspace, ["small"]).faults
    assert re.search(told, str(fault)), str(fault)


def test_what_is_declared_while_a_run_waits_counts_and_what_is_while_it_makes_leaves_it_stale(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    job, file = Job(workspace, "small", MARCH), workspace.folder("small") / "district.yaml"
    before = file.read_text(encoding="utf-8")
    judged = flows.monthly.judged_from_store

    def saved_meanwhile(*given: Any) -> Judged:
        file.write_text(before, encoding="utf-8")
        return judged(*given)

    declared = declare(job)
    with closing(Store(workspace.store_address)) as store:
        bring_in(workspace, declared.district, store)
        file.write_text(before.replace("organ: 小河区经济和信息化局", "organ: 小河区发展改革局"), encoding="utf-8")
        monkeypatch.setattr("flows.monthly.judged_from_store", saved_meanwhile)
        folder = make_from_store(job, declared, store).folder
    assert "小河区发展改革局" in (folder / "bulletin.html").read_text(encoding="utf-8")
    (period,) = (one for one in status_of(workspace, "small").periods if one.period == MARCH)
    assert [str(one) for one in period.reasons] == ["data_raw/small/district.yaml has changed"]


def test_what_is_not_there_is_named(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    with pytest.raises(UsageError, match="no district 'big'"):
        make_bulletin(Job(workspace, "big", MARCH))
    with pytest.raises(UsageError, match="no plan of 2031"):
        made(workspace, Period(2031, 3))
    with pytest.raises(UsageError, match="no indicator 'gross'"):
        explanation(Job(workspace, "small", MARCH), "gross")


def test_an_explanation_names_the_cell_and_the_clause(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    told = explanation(Job(workspace, "small", MARCH), "gross-output")
    for words in ("主要经济指标_2024年3月_演示数据.xlsx", "D4", "总产值170亿元以上", "25.0%"):
        assert words in told


def test_what_is_taken_out_of_a_replaced_file_counts_no_more(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    made(workspace)
    sent.form("2024-04-12", 2024, 3, None)
    sent.statistics("2024-04-17", 2024, 3, 43.1, 17.1)

    again = made(workspace)
    by_code = {one.indicator.code: one for one in again.assessments}
    assert str(by_code["gross-output"].value) == "43.1"
    assert not any("3月" in cell.workbook for cell in by_code["job-fairs"].cells)
    assert "42.5" in (again.folder / "bulletin.html").read_text(encoding="utf-8")
