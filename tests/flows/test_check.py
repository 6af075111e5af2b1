"""`yuebao check` as a clerk meets it: what it says, what it writes, and that it changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import openpyxl
import pytest

from flows import checking
from flows.checking import Order, check
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import DISTRICT, Sent, workbook
from transforms.declared.district import District
from transforms.doubts import Doubt, Severity
from transforms.errors import DoubtError, InputError, UsageError
from transforms.periods import Period
from transforms.readings import Contents

MARCH = Period(2024, 3)


def table(total: object, own: object = 16.5, month: int = 3, label: str = "规模以上工业总产值") -> bytes:
    """The statistics bureau's table."""
    return workbook(
        {
            "主要经济指标": [
                [f"小河区2024年{month}月主要经济指标（演示数据）"],
                ["制表单位：区统计局"],
                ["指标名称", "计量单位", "本月", "累计"],
                [label, "亿元", own, total],
            ]
        }
    )


def everything(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_check_tells_what_a_run_would_and_keeps_nothing(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, sent = workspace_and_sent
    make_bulletin(Job(workspace, "small", MARCH))
    file = tmp_path / "三月更正.xlsx"
    file.write_bytes(table("约42.5"))
    before = everything(workspace.root)
    (checked,) = check(Order(workspace, (file,))).check.files
    assert everything(workspace.root) == before

    sent.file("2024-04-20", "三月更正.xlsx", table("约42.5"))
    with pytest.raises(DoubtError) as stopped:
        make_bulletin(Job(workspace, "small", MARCH))
    told = {doubt.chinese() for doubt in stopped.value.doubts}
    assert told
    assert told == {doubt.chinese() for doubt in checked.of(Severity.CRITICAL)}
    assert str(stopped.value).splitlines()[-1].endswith("yuebao check --district small --period 2024-03")

    whole = check(Order(workspace, (), "small", MARCH)).check
    assert told <= {doubt.chinese() for part in whole.files for doubt in part.doubts}
    assert any(part.of(Severity.WARNING) for part in whole.files)
    assert whole.stopping == len(told)


def test_a_check_needs_no_store_and_makes_none(workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path) -> None:
    workspace, _ = workspace_and_sent
    file = tmp_path / "四月.xlsx"
    file.write_bytes(table(26, 10, 4))
    before = everything(workspace.root)
    (checked,) = check(Order(workspace, (file,))).check.files
    assert everything(workspace.root) == before
    assert not workspace.out.exists()
    falls = [doubt for doubt in checked.doubts if doubt.expectation == "year-to-date-falls"]
    assert [doubt.severity for doubt in falls] == [Severity.CRITICAL]
    assert "四月.xlsx《主要经济指标》D4" in falls[0].places


def test_a_file_in_the_inbox_stands_there_as_a_run_would_take_it_in(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, sent = workspace_and_sent
    make_bulletin(Job(workspace, "small", MARCH))
    good = next(sent.inbox.glob("2024-04-17/*"))
    assert check(Order(workspace, (good,))).check.count(Severity.CRITICAL) == 0
    other = District.model_validate({**_district(), "id": "other"})
    (workspace.raw / "other" / "inbox").mkdir(parents=True)
    (workspace.raw / "other" / "district.yaml").write_text(
        DISTRICT.replace("id: small", f"id: {other.id}"), encoding="utf-8"
    )
    assert "小河区" in check(Order(workspace, (good,))).check.basis
    outside = tmp_path / "三月.xlsx"
    outside.write_bytes(good.read_bytes())
    alone = check(Order(workspace, (outside,)))
    assert alone.district is None
    assert "没有对照" in alone.check.basis
    assert "不都是同一个地区" in alone.check.remarks[0]
    assert "小河区 small" in alone.check.remarks[0]
    stray = workspace.raw / "other" / "inbox" / "表.xlsx"
    stray.write_bytes(table(1))
    with pytest.raises(UsageError, match="分属几个地区"):
        check(Order(workspace, (good, stray)))


def _district() -> dict[str, object]:
    return {
        "id": "small",
        "name": "小河区",
        "sources": [{"kind": "folder", "path": "inbox"}],
        "bulletin": {"organ": "局", "number": "{year}", "subject": "x", "region": "全区", "addressees": "x"},
    }


def test_last_months_file_of_the_same_name_is_told_apart(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, sent = workspace_and_sent
    sent.file("2024-03-18", "报表.xlsx", table("约26", "—", 2))
    file = tmp_path / "报表.xlsx"
    file.write_bytes(table(42.5))
    done = check(Order(workspace, (file,)))
    assert done.check.count(Severity.CRITICAL) == 0
    assert not any("约26" in doubt.found for doubt in done.check.files[0].doubts)
    assert any("inbox/2024-03-18/报表.xlsx" in place for doubt in done.check.others for place in doubt.places)


def test_an_old_file_under_a_new_name_does_not_pass_for_a_new_one(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, sent = workspace_and_sent
    make_bulletin(Job(workspace, "small", MARCH))
    old = next(sent.inbox.glob("2024-04-17/*"))
    again = tmp_path / "主要经济指标_2024年4月.xlsx"
    again.write_bytes(old.read_bytes())
    (checked,) = check(Order(workspace, (again,))).check.files
    assert [doubt.found for doubt in checked.of(Severity.CRITICAL)] == [
        "表内写的是“2024年3月”，文件名写的是“2024年4月”"
    ]
    (resent,) = [doubt for doubt in checked.doubts if doubt.expectation == "file-not-sent-before"]
    assert "2024年4月17日" in resent.found
    assert old.name in resent.found

    same = tmp_path / old.name
    same.write_bytes(old.read_bytes())
    (checked,) = check(Order(workspace, (same,))).check.files
    assert not [doubt for doubt in checked.doubts if doubt.expectation == "file-not-sent-before"]


def test_the_district_is_known_by_the_unit_that_sent_the_file(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, _ = workspace_and_sent
    (workspace.raw / "other" / "inbox").mkdir(parents=True)
    (workspace.raw / "other" / "district.yaml").write_text(
        DISTRICT.replace("id: small", "id: other").replace("区统计局", "市统计局").replace("小河区", "大河市"),
        encoding="utf-8",
    )
    file = tmp_path / "四月.xlsx"
    file.write_bytes(table(26, 10, 4))
    known = check(Order(workspace, (file,)))
    assert known.district is not None
    assert known.district.id == "small"
    assert "year-to-date-falls" in {one.expectation for one in known.check.files[0].of(Severity.CRITICAL)}
    assert "按表题和报送单位认作" in known.check.remarks[0]
    unknown = tmp_path / "无单位.xlsx"
    unknown.write_bytes(
        workbook({"表": [["2024年4月表"], ["指标名称", "计量单位", "累计"], ["规模以上工业总产值", "亿元", 5]]})
    )
    assert check(Order(workspace, (file, unknown))).district is None


def test_a_hostile_file_among_good_ones_is_one_doubt_among_others(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, _ = workspace_and_sent
    (tmp_path / "in").mkdir()
    for name, data in (("a.xlsx", table(42.5)), ("b.xlsx", b"PK\x03\x04 cut"), ("c.csv", b"\xff\xfe\x00")):
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in" / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / "in" / "note.txt").write_bytes(b"hello")
    made = check(Order(workspace, (tmp_path / "in",))).check
    assert [file.name for file in made.files] == ["a.xlsx", "b.xlsx", "c.csv"]
    assert [bool(file.of(Severity.CRITICAL)) for file in made.files] == [False, True, True]
    assert made.files[0].contents.readings
    assert {doubt.expectation for doubt in made.files[1].doubts} == {"file-readable"}


def test_a_year_without_a_plan_is_checked_for_what_the_table_itself_tells(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, _ = workspace_and_sent
    file = tmp_path / "旧.xlsx"
    head = [["2019年3月工业项目台账"], ["序号", "项目名称", "开工日期", "总投资（亿元）"]]
    file.write_bytes(workbook({"台账": [*head, [1, "甲厂", "2019-02-01", 3], [2, "甲厂", "很快", 2]]}))
    made = check(Order(workspace, (file,))).check
    assert made.remarks == ("小河区没有2019年的方案，这一年的文件只核对表格本身",)
    assert {doubt.expectation for doubt in made.files[0].doubts} == {"dates-are-dates", "name-once"}


def test_files_of_one_name_from_two_folders_are_both_checked_and_one_given_twice_is_checked_once(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, _ = workspace_and_sent
    for folder, total in (("甲", 42.5), ("乙", "约42.5")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "表.xlsx").write_bytes(table(total))
    first, second = tmp_path / "甲" / "表.xlsx", tmp_path / "乙" / "表.xlsx"
    made = check(Order(workspace, (first, second, tmp_path / "甲"))).check
    assert [file.name for file in made.files] == [str(first), str(second)]
    alone = [[one for one in file.doubts if one.places == (f"{file.name}《主要经济指标》D4",)] for file in made.files]
    assert [["约42.5" in one.found for one in doubts] for doubts in alone] == [[], [True]]


def test_a_further_check_is_one_entry(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    files = tuple(tmp_path / name for name in ("甲.xlsx", "乙.xlsx"))
    for file in files:
        file.write_bytes(table(42.5))

    def alike(contents: tuple[Contents, ...], _district: District | None) -> list[Doubt]:
        names = tuple(one.workbook for one in contents)
        return [Doubt("files-differ", Severity.CRITICAL, "两份文件", "内容相同", "不同", "删去一份", names)]

    monkeypatch.setattr(checking, "FURTHER_CHECKS", (alike,))
    made = check(Order(workspace, files)).check
    assert all("files-differ" in {doubt.expectation for doubt in file.doubts} for file in made.files)
    assert made.stopping == 2


def test_the_command_prints_writes_and_ends_with_five(
    workspace_and_sent: tuple[Workspace, Sent],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("YUEBAO_WORKSPACE", str(workspace_and_sent[0].root))
    file, report, marked = tmp_path / "三月.xlsx", tmp_path / "意见.html", tmp_path / "改"
    file.write_bytes(table("约42.5\n\x1b[31m严重0项"))
    assert yuebao(monkeypatch, "check", str(file), "--report", str(report), "--marked", str(marked)) == 5
    out, err = capsys.readouterr()
    for words in (
        "【三月.xlsx】",
        "  严重1　规模以上工业总产值累计",
        "    位置：《主要经济指标》D4",
        "    处理：改填数字",
    ):
        assert words in out
    assert "\x1b" not in out
    assert out.splitlines()[-1].startswith("共核对1个文件：严重1项，")
    assert err == "yuebao: 有1项严重疑点，改正前不能用来编制通报\n"
    assert "规模以上工业总产值累计" in report.read_text(encoding="utf-8")
    made = openpyxl.load_workbook(io.BytesIO((marked / "三月_核对意见.xlsx").read_bytes()))
    assert made["主要经济指标"]["D4"].fill.fgColor.rgb == "00FFC7CE"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "三月.xlsx", "意见.html", "改"]

    file.write_bytes(table(42.5))
    assert yuebao(monkeypatch, "check", str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["critical"] == 0
    assert (told["files"][0]["file"], told["files"][0]["tables"][0]["figures"]) == ("三月.xlsx", 2)


def test_outputs_never_replace_what_was_sent(
    workspace_and_sent: tuple[Workspace, Sent],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace, sent = workspace_and_sent
    monkeypatch.setenv("YUEBAO_WORKSPACE", str(workspace.root))
    file = tmp_path / "三月.xlsx"
    file.write_bytes(table("约42.5"))
    before = everything(tmp_path)
    for arguments, words in (
        (("--report", str(file)), "就是所核对的文件"),
        (("--report", str(tmp_path)), "是文件夹"),
        (("--marked", str(sent.inbox / "2024-04-20")), "收件目录"),
        (("--marked", str(file)), "不是文件夹"),
        (("--report", str(tmp_path / "意见.html"), "--marked", str(sent.inbox)), "收件目录"),
    ):
        assert yuebao(monkeypatch, "check", str(file), *arguments) == 2
        assert words in capsys.readouterr().err
    assert everything(tmp_path) == before


def test_everything_that_is_not_there_is_told_at_once(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    (tmp_path / "空").mkdir()
    with pytest.raises(InputError) as told:
        check(Order(workspace_and_sent[0], (tmp_path / "无.xlsx", tmp_path / "空", tmp_path / "也无.csv")))
    assert [words in str(told.value) for words in ("无.xlsx：没有", "空：文件夹里没有", "也无.csv：没有")] == [True] * 3


def test_the_marked_copy_of_a_good_correction_can_be_sent_back(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, sent = workspace_and_sent
    monkeypatch.setenv("YUEBAO_WORKSPACE", str(workspace.root))
    file = tmp_path / "三月.xlsx"
    file.write_bytes(table("约43.5", 17.5))
    assert yuebao(monkeypatch, "check", str(file), "--marked", str(tmp_path / "改")) == 5
    made = openpyxl.load_workbook(tmp_path / "改" / "三月_核对意见.xlsx")
    made["主要经济指标"]["D4"] = 43.5
    out = io.BytesIO()
    made.save(out)
    sent.file("2024-04-25", "三月_核对意见.xlsx", out.getvalue())
    assessments = make_bulletin(Job(workspace, "small", MARCH)).assessments
    assert next(str(one.value) for one in assessments if one.indicator.code == "gross-output") == "43.5"
