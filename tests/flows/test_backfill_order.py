"""Which periods a backfill makes and why, in how many districts, and what becomes of it when it's killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.backfill import Backfill, Which, backfill
from flows.console import telling_progress
from flows.foreseeing import Foreseen, Prospect, foresee
from flows.jobs import directly
from flows.monthly import bring_in
from flows.outcomes import Notice, Outcome, Result
from flows.render import around, assessments_json, render_html
from flows.status import Standing, status_of
from flows.store import Store
from flows.workspace import INSTALLED, Workspace
from tests.flows.small import DISTRICT, PLAN, Sent
from tests.flows.test_backfill import all_hashes
from tests.flows.workers import be_killed_once
from transforms.assessments import Assessment
from transforms.errors import DeclarationError
from transforms.periods import Period
from transforms.writing.bulletin import Bulletin

FIRST, LAST = Period(2023, 2), Period(2024, 3)
MADE = ["2023-02", "2023-03", "2024-01", "2024-02", "2024-03"]


def order(workspace: Workspace, which: Which = Which.DUE, workers: int = 1) -> Backfill:
    return Backfill(workspace, ("small",), FIRST, LAST, workers, which=which)


def done(what: Backfill, notice: Notice | None = None) -> dict[str, Result]:
    return {f"{one.period}": one.result for one in backfill(what, directly, lambda _: None, notice)}


def foreseen(what: Backfill) -> dict[str, Foreseen]:
    return {str(one.period): one for one in foresee(what).periods}


def of(told: dict[str, Foreseen], *prospects: Prospect) -> list[str]:
    return [period for period, one in told.items() if one.prospect in prospects]


def two_years(sent: Sent) -> None:
    sent.statistics("2023-03-17", 2023, 2, 24.0, "—")
    sent.statistics("2023-04-17", 2023, 3, 40.0, 16.0)


def inputs_of(workspace: Workspace, period: str) -> set[tuple[str, str]]:
    """The day's folder and the name of each."""
    file = workspace.bulletin_folder("small", Period.parse(period)) / "manifest.json"
    return {(one["origin"].split("/")[1], one["workbook"]) for one in json.loads(file.read_bytes())["inputs"]}


def pull_now(workspace: Workspace) -> None:
    store = Store(workspace.store_address)
    bring_in(workspace, workspace.district("small"), store)
    store.close()


def everything(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


# --- Which, and why ------------------------------------------------------------------------------


@pytest.fixture
def without_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bulletins as pages only: which are made is the question, and laying them out takes the most of their time."""

    def pages(_declared: object, bulletin: Bulletin, assessments: tuple[Assessment, ...]) -> dict[str, bytes]:
        html = render_html(bulletin, "tongbao", around(bulletin.edition, "bulletin", ("bulletin",)))
        return {"bulletin.html": html.encode(), "assessments.json": assessments_json(assessments)}

    monkeypatch.setattr("flows.documents.render", pages)


def revise(sent: Sent, year: int, month: int) -> str:
    """A figure changes in the newest copy of the table; gives its name."""
    name = f"主要经济指标_{year}年{month}月_演示数据.xlsx"
    figures: dict[tuple[int, int], tuple[float, float | str]] = {
        (2024, 3): (42.7, 16.6),
        (2024, 2): (26.1, "—"),
        (2023, 3): (40.1, 16.1),
    }
    total, own = figures[year, month]
    sent.statistics("2024-06-20", year, month, total, own, name)
    return name


def test_a_revision_makes_stale_what_uses_it_and_nothing_else_and_only_that_is_remade(
    make_workspace: Callable[[str], tuple[Workspace, Sent]], without_paper: None
) -> None:
    workspace, sent = make_workspace("revised")
    two_years(sent)
    assert [period for period, result in done(order(workspace)).items() if result is Result.MADE] == MADE
    revisions = ((2024, 3, MADE[4:]), (2024, 2, MADE[3:]), (2023, 3, MADE[1:]))
    for year, month, stale in revisions:
        name = revise(sent, year, month)
        told = foreseen(order(workspace))
        assert of(told, Prospect.STALE) == stale
        assert {str(reason) for period in stale for reason in told[period].reasons} == {f"{name} was revised"}
        assert of(told, Prospect.UP_TO_DATE) == [one for one in MADE if one not in stale]

        pull_now(workspace)
        periods = status_of(workspace, "small").periods
        assert [str(one.period) for one in periods if one.standing is Standing.STALE] == stale
        assert {str(reason) for one in periods for reason in one.reasons} == {f"{name} was revised"}

        result = done(Backfill(workspace, ("small",), which=Which.STALE))
        assert list(result) == MADE
        assert [one for one in result if result[one] is Result.MADE] == stale
        # Which those are is what their manifests say that they're made from.
        assert stale == [one for one in MADE if ("2024-06-20", name) in inputs_of(workspace, one)]

    scratch, sent = make_workspace("scratch")
    two_years(sent)
    for year, month, _ in revisions:
        revise(sent, year, month)
    done(order(scratch))
    assert all_hashes(workspace) == all_hashes(scratch)


def test_a_correction_makes_no_bulletin_stale_of_months_before_it(
    workspace_and_sent: tuple[Workspace, Sent], without_paper: None
) -> None:
    workspace, _ = workspace_and_sent
    done(order(workspace))
    (workspace.folder("small") / "corrections.yaml").write_text(
        "corrections:\n- {label: 规模以上工业总产值, period: 2024-03, measure: year-to-date, found: 42.5,"
        " corrected: 42.6, reason: 录入错误, authority: 区统计局电话确认, until: 2024-12-31}\n",
        encoding="utf-8",
    )
    told = foreseen(order(workspace))
    assert of(told, Prospect.STALE) == ["2024-03"]
    assert [str(one) for one in told["2024-03"].reasons] == ["data_raw/small/corrections.yaml is new"]
    assert "2024-02" in of(told, Prospect.UP_TO_DATE)


def test_a_file_of_a_later_month_only_makes_no_earlier_bulletin_stale(
    workspace_and_sent: tuple[Workspace, Sent], without_paper: None
) -> None:
    workspace, sent = workspace_and_sent
    done(order(workspace))
    sent.statistics("2024-05-17", 2024, 4, 58.0, 15.5)
    sent.file("2024-05-18", "主要经济指标_2024年5月_演示数据.xlsx", b"PK\x03\x04 and no more")
    told = foreseen(Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 5)))
    assert of(told, Prospect.UP_TO_DATE) == ["2024-02", "2024-03"]
    assert of(told, Prospect.NEW) == ["2024-04"]
    assert of(told, Prospect.BLOCKED) == ["2024-05"]
    assert done(order(workspace))["2024-03"] is Result.UP_TO_DATE


def test_force_makes_what_is_up_to_date(workspace_and_sent: tuple[Workspace, Sent], without_paper: None) -> None:
    workspace, _ = workspace_and_sent
    one = Backfill(workspace, ("small",), Period(2024, 3), Period(2024, 3), which=Which.ALL)
    assert done(one) == {"2024-03": Result.MADE}
    before = all_hashes(workspace)
    assert of(foreseen(one), Prospect.FORCED) == ["2024-03"]
    assert done(one) == {"2024-03": Result.MADE}
    assert all_hashes(workspace) == before


def test_a_dry_run_writes_nothing(workspace_and_sent: tuple[Workspace, Sent], without_paper: None) -> None:
    workspace, sent = workspace_and_sent
    four = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 4))
    before = everything(workspace.root)
    told = foreseen(four)
    assert (of(told, Prospect.NEW), of(told, Prospect.NO_INPUT)) == (["2024-02", "2024-03"], ["2024-04"])
    assert [str(reason) for reason in told["2024-02"].reasons] == ["it hasn't been made yet"]
    assert told["2024-04"].obstacle == "no file tells of 2024年4月"
    assert everything(workspace.root) == before

    done(four)
    sent.form("2024-05-12", 2024, 4, 2)
    done(four)
    plan = workspace.plan_file("small", 2024)
    plan.write_text(plan.read_text(encoding="utf-8").replace("value: 170", "value: 180"), encoding="utf-8")
    (workspace.bulletin_folder("small", Period(2024, 2)) / "bulletin.html").write_bytes(b"damaged")
    before = everything(workspace.root)
    told = foreseen(four)
    assert [str(one) for one in told["2024-03"].reasons] == ["data_raw/small/plan/2024.yaml has changed"]
    assert "isn't whole" in str(told["2024-02"].reasons[0])
    assert everything(workspace.root) == before
    plan.write_text(plan.read_text(encoding="utf-8").replace("value: 180", "value: 170"), encoding="utf-8")
    blocked = foreseen(four)["2024-04"]
    assert blocked.prospect is Prospect.BLOCKED
    assert "as when last tried: small 2024-04: stopped by 1 critical doubt" in blocked.obstacle


# --- Several districts ---------------------------------------------------------------------------


def another(workspace: Workspace) -> None:
    folder = workspace.raw / "other"
    (folder / "plan").mkdir(parents=True)
    (folder / "district.yaml").write_text(DISTRICT.replace("id: small", "id: other"), encoding="utf-8")
    (folder / "plan" / "2024.yaml").write_text(
        PLAN.format(year=2024).replace("district: small", "district: other"), encoding="utf-8"
    )
    sent = Sent(folder / "inbox")
    sent.inbox.mkdir()
    sent.statistics("2024-04-17", 2024, 3, 42.5, 16.5)


def test_several_districts_are_made_and_one_that_fails_stops_no_other(
    workspace_and_sent: tuple[Workspace, Sent], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = workspace_and_sent
    another(workspace)
    assert workspace.districts_named("all") == ("other", "small")
    both = workspace.districts_named("small, other,small")
    assert both == ("small", "other")
    march = Backfill(workspace, both, Period(2024, 3), Period(2024, 3))
    with telling_progress() as progress:
        outcomes = backfill(march, directly, progress.outcome, progress)
    assert [(one.district, one.result) for one in outcomes] == [("small", Result.MADE), ("other", Result.MADE)]
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "… 2 to make · 0 of 2"
    assert re.fullmatch(r"… small 2024-03 made · 1 of 2, about .* left", lines[1])
    assert lines[2] == "… other 2024-03 made · 2 of 2"

    file = workspace.raw / "other" / "district.yaml"
    file.write_text("id: other\nnonsense: 1\n", encoding="utf-8")
    outcomes = backfill(march, directly, lambda _: None)
    assert [(one.district, one.result) for one in outcomes] == [("small", Result.UP_TO_DATE), ("other", Result.FAILED)]
    assert "district.yaml:2" in outcomes[1].message
    with pytest.raises(DeclarationError):
        backfill(Backfill(workspace, ("other",), FIRST, LAST), directly, lambda _: None)


# --- Workers -------------------------------------------------------------------------------------


class Heard(Notice):
    def __init__(self) -> None:
        self.words: list[str] = []

    def said(self, words: str) -> None:
        self.words.append(words)


def test_a_lost_worker_costs_its_own_period_one_more_try(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    monkeypatch.setattr("flows.backfill.make_one", be_killed_once)
    heard = Heard()
    two = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 3), 2)
    assert done(two, heard) == {"2024-02": Result.MADE, "2024-03": Result.MADE}
    assert (workspace.root / "killed").exists()
    assert sum("worker was lost" in words for words in heard.words) == 1
    assert sum("is ready: libraries and fonts loaded in" in words for words in heard.words) == 3


def test_a_worker_makes_many_documents_and_is_then_replaced(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.workers.DOCUMENTS_A_WORKER", 1)
    heard = Heard()
    two = Backfill(workspace_and_sent[0], ("small",), Period(2024, 2), Period(2024, 3), 2)
    assert done(two, heard) == {"2024-02": Result.MADE, "2024-03": Result.MADE}
    ready = [words.split()[1] for words in heard.words if "is ready" in words]
    assert len(set(ready)) == 2
    assert sum("is replaced after" in words for words in heard.words) == 2


# --- Killed --------------------------------------------------------------------------------------


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def begun(workspace: Workspace) -> subprocess.Popen[str]:
    """The command, with two workers."""
    command = ["-m", "flows.cli", "backfill", "small", "2024-02", "2024-03", "--workers", "2"]
    return subprocess.Popen(
        [sys.executable, *command, "--workspace", str(workspace.root)],
        cwd=INSTALLED,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )


def ready(line: str) -> list[int]:
    """The worker that it tells of."""
    return [int(one) for one in re.findall(r"worker (\d+) is ready", line)]


def begun_and_sent(workspace: Workspace, first: signal.Signals) -> list[int]:
    """Begin a backfill, and send it a signal as soon as a worker is ready; the workers that it told of."""
    process = begun(workspace)
    workers: list[int] = []
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            workers += ready(line)
            if workers:
                process.send_signal(first)
                break
        process.stderr.read()  # until all that hold it are gone, which workers do, too
    process.wait(240)
    return workers


@pytest.mark.slow
def test_a_worker_killed_under_the_command_is_replaced_and_all_is_made(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
) -> None:
    workspace, _ = make_workspace("killed")
    process = begun(workspace)
    killed: list[int] = []
    told = ""
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            told += line
            if not killed:
                killed += ready(line)
                for worker in killed:
                    os.kill(worker, signal.SIGKILL)
    assert process.wait(240) == 0, told
    assert killed
    assert told.count("worker was lost") == 1
    made = [str(one.period) for one in status_of(workspace, "small").periods if one.standing is Standing.MADE]
    assert made == ["2024-02", "2024-03"]
    scratch, _ = make_workspace("scratch")
    done(Backfill(scratch, ("small",), Period(2024, 2), Period(2024, 3)))
    assert all_hashes(workspace) == all_hashes(scratch)


@pytest.mark.slow
def test_a_killed_backfill_leaves_no_worker_and_nothing_half_made_and_goes_on_where_it_was(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
) -> None:
    workspace, _ = make_workspace("killed")
    for first in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        workers = begun_and_sent(workspace, first)
        ended = threading.Event()
        for _ in range(300):
            if not any(map(alive, workers)):
                break
            ended.wait(0.1)
        assert workers, first
        assert not any(map(alive, workers)), first
        for folder in (workspace.out / "small").glob("2024-*"):
            assert (folder / "manifest.json").exists()

    again = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 3))
    assert set(done(again).values()) <= {Result.MADE, Result.UP_TO_DATE}
    scratch, _ = make_workspace("scratch")
    done(Backfill(scratch, ("small",), Period(2024, 2), Period(2024, 3)))
    assert all_hashes(workspace) == all_hashes(scratch)


def test_an_outcome_is_told_as_soon_as_it_is_there(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    told: list[Outcome] = []
    backfill(Backfill(workspace_and_sent[0], ("small",), Period(2024, 3), Period(2024, 3)), directly, told.append)
    assert [one.documents for one in told] == [1]
