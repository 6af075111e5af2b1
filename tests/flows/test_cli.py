"""The command as its operator meets it: what it prints, and the exit status of each class of fault."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows.cli import app
from flows.workspace import INSTALLED, Workspace
from tests.flows.commands import yuebao
from tests.flows.small import Sent, workbook

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("prefect", "great_expectations", "weasyprint", "pandas", "jinja2")


@pytest.fixture
def here(workspace_and_sent: tuple[Workspace, Sent]) -> tuple[str, Sent]:
    workspace, sent = workspace_and_sent
    return str(workspace.root), sent


def test_run_prints_the_paths_of_what_it_made(
    here: tuple[str, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, _ = here
    assert yuebao(monkeypatch, "run", "small", "2024-03", "--workspace", root) == 0
    out, err = capsys.readouterr()
    for name in ("bulletin.html", "bulletin.pdf", "bulletin.xlsx", "assessments.json"):
        assert (Path(root) / f"data_out/small/2024-03/{name}").is_file()
        assert f"data_out/small/2024-03/{name}" in out
    assert "Judge every indicator of the plan" in err
    assert "Traceback" not in err


def test_the_module_runs_as_the_command_does() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "flows.cli", "fly"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "yuebao --help" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("run", "small", "2024-13"), 2, "no such month"),
        (("run", "small", "June"), 2, "YYYY-MM"),
        (("run", "big", "2024-03"), 2, "no district 'big'"),
        (("run", "small", "2031-03"), 2, "no plan of 2031"),
        (("run", "small", "2024-03", "--as-of", "yesterday"), 2, "is no time"),
        (("run", "small"), 2, "`yuebao run` needs PERIOD"),
        (("fly",), 2, "`yuebao` doesn't know fly; see `yuebao --help`"),
        (("publis",), 2, "did you mean publish?"),
        (("publish", "small", "2024-03", "--by", "王明", "--number", "5.5"), 2, "5.5 isn't a whole number"),
        (("backfill", "small", "2024-02", "2024-03", "--workers", "1.6"), 2, "1.6 isn't a whole number"),
        (("read",), 2, "`yuebao read` needs FILE"),
        (("read", "a.xlsx", "b.xlsx"), 2, "takes one file and can't use b.xlsx too"),
        (("read", "--perod", "a.xlsx"), 2, "doesn't know --perod"),
        (("check", "--perod", "2024-03"), 2, "没有 --perod 这个选项（是不是 --period？）"),
        (("check", "a.xlsx", "--report"), 2, "--report 后面要写内容"),
        (("check",), 2, "没有指明要核对的文件"),
        (("check", "none.xlsx"), 4, "none.xlsx：没有这个文件"),
        (("backfill", "small", "2024-03", "2024-02"), 2, "comes after"),
        (("backfill", "small", "2024-02", "2024-03", "--workers", "0"), 2, "at least one"),
        (("backfill", "small"), 2, "which periods?"),
        (("backfill", "small", ""), 2, "which periods?"),
        (("backfill", "small", "2024-02", "--stale", "--force"), 2, "leave one of them out"),
        (("run", "small", "2024-09"), 4, "no file tells of"),
        (("run", "small", "2024-03", "--as-of", "2099-01-01"), 2, "2099-01-01 isn't over yet"),
        (("backfill", "small", "2024-02", "2024-03", "--as-of", "2099-01-01T09:30"), 2, "or leave --as-of out"),
        (("explain", "small", "2024-03", "a", "--as-of", "2099-01-01"), 2, "isn't over yet"),
        (("run", "small", "2024-03", "--as-of", "2024-01-01"), 4, "as of 2024-01-01"),
        (("explain", "small", "2024-03", "nothing"), 2, "no indicator"),
        (("backfill", "small", "2024-08", "2024-09"), 6, "2 of 2 periods failed"),
    ],
)
def test_a_users_fault_is_a_sentence_and_a_status(
    arguments: tuple[str, ...],
    status: int,
    words: str,
    here: tuple[str, Sent],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("YUEBAO_WORKSPACE", here[0])
    assert yuebao(monkeypatch, *arguments) == status
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


def test_all_faults_of_all_declarations_are_told_at_once(
    here: tuple[str, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUEBAO_WORKSPACE", here[0])
    assert yuebao(monkeypatch, "plan", "check") == 0
    plan = Path(here[0]) / "data_raw/small/plan/2024.yaml"
    text = plan.read_text(encoding="utf-8")
    text = text.replace("section: people", "section: persons").replace("reported_by: 区人社局", "reported_by: 区人设局")
    plan.write_text(text.replace("code: job-fairs", "code: gross-output"), encoding="utf-8")
    assert yuebao(monkeypatch, "plan", "check") == 3
    err = capsys.readouterr().err
    for words in ("2024.yaml:21: ", "no section 'persons'", "no unit '区人设局'", "given twice (first on line 8)"):
        assert words in err


def test_read_tells_every_figure_with_its_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[Sequence[object]] = [
        ["2024年3月主要经济指标"],
        ["指标名称", "计量单位", "本月", "累计"],
        ["工业总产值", "亿元", 16.5, 42.50],
    ]
    file = tmp_path / "三月.xlsx"
    file.write_bytes(workbook({"表": rows}))
    assert yuebao(monkeypatch, "read", str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert {
        key: told["readings"][1][key] for key in ("label", "period", "measure", "value", "unit", "sheet", "cell")
    } == {
        "label": "工业总产值",
        "period": "2024-03",
        "measure": "year-to-date",
        "value": "42.5",
        "unit": "亿元",
        "sheet": "表",
        "cell": "D3",
    }
    assert yuebao(monkeypatch, "read", str(file)) == 0
    assert "D3" in capsys.readouterr().out
    assert yuebao(monkeypatch, "read", str(tmp_path / "none.xlsx")) == 4
    assert yuebao(monkeypatch, "read", str(tmp_path)) == 4
    (tmp_path / "empty.xlsx").write_bytes(b"")
    assert yuebao(monkeypatch, "read", str(tmp_path / "empty.xlsx")) == 4


def test_status_and_pull(
    here: tuple[str, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUEBAO_WORKSPACE", here[0])
    assert yuebao(monkeypatch, "status") == 0
    assert "not pulled yet: inbox/2024-03-17/主要经济指标_2024年2月_演示数据.xlsx" in capsys.readouterr().out
    assert yuebao(monkeypatch, "pull", "small") == 0
    assert "5 files in the sources, 5 new, 0 gone" in capsys.readouterr().out
    assert yuebao(monkeypatch, "status", "small") == 0
    assert "2024-03  missing" in capsys.readouterr().out


def test_a_folder_without_data_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert yuebao(monkeypatch, "status", "--workspace", str(tmp_path)) == 2
    assert "no data_raw folder" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "show", "small", "2024", "--json"], ["status"]])
def test_nothing_heavy_is_imported_before_it_is_needed(arguments: list[str], here: tuple[str, Sent]) -> None:
    code = (
        "import sys; from flows.cli import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=INSTALLED,
        env={"YUEBAO_WORKSPACE": here[0], "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_every_command_and_option_has_help() -> None:
    plan = app["plan"]
    for part in (app, plan):
        for name in part:
            if not name.startswith("-"):
                assert part[name].help, name


def test_plan_check_holds_plans_against_their_documents(
    here: tuple[str, Sent], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUEBAO_WORKSPACE", here[0])
    assert yuebao(monkeypatch, "plan", "check") == 0
    beside = "data_raw/small/plan/2023.yaml、data_raw/small/plan/2024.yaml"
    assert f"no document's text beside {beside}" in capsys.readouterr().out
    plan = Path(here[0]) / "data_raw/small/plan/2024.yaml"
    quotes = re.findall(r"quote: (\S+)", plan.read_text(encoding="utf-8"))
    document = plan.with_name("document.txt")
    document.write_text("\n\n".join(quotes), encoding="utf-8")
    assert yuebao(monkeypatch, "plan", "check") == 0
    assert "quotes and numbers of 2 plans compared with their documents" in capsys.readouterr().out
    document.write_text("\n\n".join(quotes[1:]), encoding="utf-8")
    assert yuebao(monkeypatch, "plan", "check") == 3
    assert f"the quote “{quotes[0]}” stands nowhere in data_raw/small/plan/document.txt" in capsys.readouterr().err
