"""A year of luan-jinan, run by itself under a moved clock: `python -m benchmarks.year [--months N] [--into DIR]`.

A real `yuebao serve` with a real Prefect server of its own runs under a moved clock, and so does every process that
they start. This harness stands outside: it drops each day's files into the inbox, moves the clock to the next moment at
which something happens, waits until what must happen has happened, and approves, revises and corrects as people would.
At the end it holds every bulletin against one made by a plain sequential backfill. Needs a C compiler for the clock.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from flows.clock import BEIJING
from flows.store import Store
from flows.working_days import ChineseWorkingDays
from flows.workspace import INSTALLED, Workspace
from transforms.alerts import AlertKind
from transforms.declared.deciding import deciding_text
from transforms.periods import Period, span
from transforms.scheduling.due import due_in
from transforms.scheduling.owed import Outcome

DISTRICT = "luan-jinan"
BOUND = 600.0
"""Seconds of real time within which what must happen has to have happened."""
BUSY = 300.0
"""Seconds for which a server on SQLite is asked again that answers 503, or not at all, while others write."""
ANSWER = 90.0
"""Seconds for one answer: Prefect has SQLite wait a minute for its turn to write, and answers 503 then."""

SCHEDULE = """
schedule:
  when: {working_day: 2, after: 17, at: '09:00'}
  late: {every: 4, until: 2}
  end: approval
deliver:
  - kind: mail
    name: leaders
    host: 127.0.0.1
    port: PORT
    tls: none
    sender: {name: 金安区经信局, address: bureau@example.gov.cn}
    recipients:
      - {name: 区政府办, address: office@example.gov.cn}
      - {name: 区统计局, address: statistics@example.gov.cn}
alerts:
  - kind: mail
    name: ops
    host: 127.0.0.1
    port: PORT
    tls: none
    sender: {name: 月报, address: yuebao@example.gov.cn}
    recipients:
      - {name: 运维, address: ops@example.gov.cn}
"""


# --- The clock ----------------------------------------------------------------------------------


class Clock:
    """A wall clock that all processes started with its environment share, and that can be moved."""

    def __init__(self, folder: Path) -> None:
        """Compile what moves it (moved_clock.c); RuntimeError where there's no C compiler."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise RuntimeError("no C compiler: apt-get install gcc libc6-dev")
        self._library, self._file = folder / "moved_clock.so", folder / "clock"
        source = Path(__file__).with_name("moved_clock.c")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", self._library, source, "-ldl"], check=True)
        self._offset = 0.0
        self._file.write_bytes(struct.pack("d", self._offset))

    def set(self, moment: dt.datetime) -> None:
        """Move it there; it goes on from there at its usual pace."""
        self._offset = moment.timestamp() - time.time()
        with self._file.open("r+b") as file:
            file.write(struct.pack("d", self._offset))

    def now(self) -> dt.datetime:
        """What time the processes have."""
        return dt.datetime.fromtimestamp(time.time() + self._offset, BEIJING)

    def environment(self) -> dict[str, str]:
        """What a process needs to have this clock."""
        return {"LD_PRELOAD": str(self._library), "MOVED_CLOCK": str(self._file)}


class Post:
    """A mail server that keeps what it's given."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, tuple[str, ...]]] = []
        """Recipient, subject, names of what is attached."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail for each recipient."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        names = tuple(part.get_filename() or "" for part in mail.iter_attachments())
        self.mails += [(to, str(mail["Subject"]), names) for to in envelope.rcpt_tos]
        return "250 kept"


# --- The year -----------------------------------------------------------------------------------


@dataclass
class Year:
    """One district's year: its workspace, its clock, and what was done and seen."""

    root: Path
    files: dict[dt.date, list[Path]]
    """What comes on which day, by the demonstration."""
    clock: Clock
    post: Post
    port: int
    district: str = DISTRICT
    counts: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def workspace(self) -> Workspace:
        """Its folder."""
        return Workspace(self.root)

    def say(self, words: str) -> None:
        """Tell and keep what happened."""
        line = f"{time.monotonic() - self.begun:6.0f} s  {self.clock.now():%Y-%m-%d %H:%M}  {words}"
        self.said.append(line)
        print(line, flush=True)

    def environment(self) -> dict[str, str]:
        """Of every process of the year."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        return {
            **own,
            **self.clock.environment(),
            "YUEBAO_WORKSPACE": str(self.root),
            "DATABASE_URL": self.workspace.store_address,
            "PREFECT_HOME": str(self.root.parent / "prefect-home"),
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_RUNNER_POLL_FREQUENCY": "2",
            "DO_NOT_TRACK": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def yuebao(self, *words: str, fails: bool = False) -> str:
        """A command as an operator gives it, at the year's time."""
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", *words],
            env=self.environment(), cwd=INSTALLED, capture_output=True, text=True, timeout=BOUND, check=False,
        )  # fmt: skip
        self.counts[f"yuebao {words[0]}"] += 1
        if (done.returncode != 0) != fails:
            raise RuntimeError(f"yuebao {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    # --- Prefect, asked from outside ---

    def ask(self, path: str, body: Any) -> Any:
        """A question to the server's API; one that may be asked twice."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        patience = time.monotonic() + BUSY
        while True:
            try:
                with opener.open(request, timeout=ANSWER) as answer:
                    return json.load(answer)
            except OSError as error:
                if getattr(error, "code", 503) != 503 or time.monotonic() > patience:
                    raise
                time.sleep(1)

    def runs(self, deployment: str, *states: str) -> list[dict[str, Any]]:
        """The deployment's runs in these states."""
        body = {
            "flow_runs": {"state": {"type": {"any_": list(states)}}},
            "deployments": {"name": {"any_": [deployment]}},
            "limit": 200,
            "sort": "EXPECTED_START_TIME_DESC",
        }
        found: list[dict[str, Any]] = self.ask("flow_runs/filter", body)
        return found

    def take_off(self, deployment: str) -> None:
        """Delete the deployment's scheduled runs, as many at once as the server takes in one question."""
        ids = [run["id"] for run in self.runs(deployment, "SCHEDULED")]
        for begin in range(0, len(ids), 50):
            self.ask("flow_runs/bulk_delete", {"flow_runs": {"id": {"any_": ids[begin : begin + 50]}}})

    def outcome(self, period: Period) -> Outcome | None:
        """How the period's last try ended."""
        store = Store(self.workspace.store_address)
        try:
            tried = [one.outcome for one in store.tries(self.district) if one.period == period]
        finally:
            store.close()
        return tried[-1] if tried else None

    def tries(self, period: Period) -> int:
        """How often it was tried."""
        store = Store(self.workspace.store_address)
        try:
            return sum(one.period == period for one in store.tries(self.district))
        finally:
            store.close()

    # --- Time ---

    def move(self, moment: dt.datetime) -> None:
        """Let the days until then pass, each day's files coming on its day.

        The upkeep's runs of the time that is leapt over are taken off: ten minutes apart, they'd be thousands.
        """
        day = self.clock.now().date()
        for came in sorted(self.files):
            if day < came <= moment.date():
                self.deliver(came)
        self.settle()
        self.take_off("yuebao-upkeep")
        self.clock.set(moment)

    def settle(self) -> None:
        """Wait until nothing is at work."""
        wait("everything to come to rest", lambda: not self._at_work())

    def _at_work(self) -> bool:
        return any(self.runs(one, "RUNNING", "PENDING") for one in (self.district, "yuebao-upkeep"))

    def deliver(self, day: dt.date) -> None:
        """Put what comes on that day into the inbox."""
        into = self.root / "data_raw" / self.district / "inbox" / str(day)
        into.mkdir(parents=True, exist_ok=True)
        for file in self.files.pop(day):
            shutil.copy(file, into / file.name)
            self.counts["files that came"] += 1

    # --- People ---

    def approve(self, period: Period, by: str) -> None:
        """Approve the draft on Prefect's page."""
        wait(f"{period} to be suspended", lambda: bool(self.runs(self.district, "PAUSED")))
        run, *others = self.runs(self.district, "PAUSED")
        if others:
            raise RuntimeError(f"{period}: {len(others) + 1} runs wait for approval")
        answer = {"name": by, "decision": "approve", "remark": ""}
        told = self.ask(f"flow_runs/{run['id']}/resume", {"run_input": answer})
        if told.get("status") != "ACCEPT":
            raise RuntimeError(f"{period}: not resumed: {told}")
        wait(f"{period} to be issued", lambda: self.outcome(period) is Outcome.ISSUED)
        self.counts["approved on Prefect's page"] += 1
        self.say(f"{period} issued, approved by {by}")

    def stale(self) -> str:
        """Remake what is stale."""
        told = self.yuebao("backfill", self.district, "--stale")
        self.say("backfill --stale: " + " | ".join(line for line in told.splitlines() if line.strip())[-400:])
        return told

    def correct(self) -> None:
        """Publish each period whose draft says something else than its issue."""
        for one in json.loads(self.yuebao("status", self.district, "--json"))[0]["periods"]:
            if one["publication"] == "changed since issue":
                told = self.yuebao("publish", self.district, one["period"], "--by", "王明")
                self.counts["corrections of issues"] += 1
                self.say(f"{one['period']}: {told.splitlines()[0] if told else ''}")


def wait(what: str, until: Callable[[], bool], bound: float = BOUND) -> None:
    """Wait until it's so; RuntimeError where it isn't within the bound."""
    begun = time.monotonic()
    while not until():
        if time.monotonic() - begun > bound:
            raise RuntimeError(f"waited {bound:.0f} s in vain for {what}")
        time.sleep(0.5)


# --- Its course ---------------------------------------------------------------------------------

TECHNOLOGY = "报送表_区科技局_"
LATE, TOO_LATE = Period(2024, 3), Period(2024, 8)
"""The unit's files of these come a day after the due day, and eight days after it, past the deadline."""


def course(year: Year, months: int) -> None:
    """The whole year, month by month."""
    calendar = ChineseWorkingDays()
    schedule = year.workspace.district(DISTRICT).schedule
    assert schedule is not None
    corrections = INSTALLED / "data_raw" / DISTRICT / "corrections.yaml"
    for period in list(span(Period(2024, 1), Period(2024, 12)))[:months]:
        after = Period(period.year + period.month // 12, period.month % 12 + 1)
        due = due_in(schedule, calendar, after).at
        held = _hold_back(year, period, due)
        before = year.tries(period)
        year.move(due - dt.timedelta(seconds=20))
        wait(f"{period} to be tried", lambda p=period, b=before: year.tries(p) > b)  # type: ignore[misc]
        year.say(f"{period} due {due:%m-%d %H:%M}: {year.outcome(period)}")
        if year.outcome(period) is Outcome.WAITING:
            _wait_on(year, period, due, held)
        if year.outcome(period) is Outcome.BLOCKED:
            year.counts["blocked by a doubt"] += 1
            year.settle()
            shutil.copy(corrections, year.root / "data_raw" / DISTRICT / "corrections.yaml")
            year.yuebao("run", DISTRICT, str(period))
            year.yuebao("publish", DISTRICT, str(period), "--by", "王明")
            year.counts["published by command"] += 1
            year.say(f"{period} was blocked; corrected by corrections.yaml, published")
        elif year.outcome(period) is Outcome.AWAITING:
            year.approve(period, "李芳")
        else:
            raise RuntimeError(f"{period}: {year.outcome(period)}")
        year.counts["bulletins"] += 1
        if period == Period(2024, 4) and not (year.root / "data_raw" / DISTRICT / "corrections.yaml").exists():
            shutil.copy(corrections, year.root / "data_raw" / DISTRICT / "corrections.yaml")
            year.say("corrections.yaml declares the known error of April's table")
        year.settle()
        if period == TOO_LATE:
            year.move(due + dt.timedelta(days=8))
            year.say("the unit's file came, past the deadline")
        year.stale()
        year.correct()


def _hold_back(year: Year, period: Period, due: dt.datetime) -> dt.date | None:
    """Have the unit's file of the period come later; the day on which it comes."""
    if period not in (LATE, TOO_LATE):
        return None
    later = (due + dt.timedelta(days=1 if period == LATE else 8)).date()
    for files in year.files.values():
        for file in [one for one in files if one.name.startswith(TECHNOLOGY) and period.chinese() in one.name]:
            files.remove(file)
            year.files.setdefault(later, []).append(file)
            year.counts["files held back"] += 1
            return later
    raise RuntimeError(f"nothing to hold back of {period}")


def _wait_on(year: Year, period: Period, due: dt.datetime, held: dt.date | None) -> None:
    """The run tries again until the file has come or the deadline is over."""
    year.counts["runs that waited"] += 1
    while year.outcome(period) is Outcome.WAITING:
        year.settle()
        (again,) = year.runs(DISTRICT, "SCHEDULED")[-1:]
        coming = min(
            dt.datetime.fromisoformat(run["expected_start_time"].replace("Z", "+00:00"))
            for run in year.runs(DISTRICT, "SCHEDULED")
        ).astimezone(BEIJING)
        assert again
        before = year.tries(period)
        year.move(max(coming, year.clock.now()) - dt.timedelta(seconds=10))
        wait(f"{period} to be tried again", lambda b=before: year.tries(period) > b)  # type: ignore[misc]
        year.counts["tries after waiting"] += 1
        year.say(f"{period} tried again: {year.outcome(period)}")
    del due, held


# --- What came of it ----------------------------------------------------------------------------


def verdict(year: Year) -> list[str]:
    """What isn't right at the end; every check is counted."""
    wrong: list[str] = []
    store = Store(year.workspace.store_address)
    try:
        issues = store.issues(DISTRICT)
        deliveries = store.deliveries(DISTRICT)
    finally:
        store.close()
    first = [one for one in issues if one.correction == 0]
    year.counts["issues"], year.counts["of these corrections (更正)"] = len(issues), len(issues) - len(first)
    numbers = [(one.year, one.number) for one in first]
    if len(set(numbers)) < len(numbers):
        wrong.append("a number was given twice")
    # Each issue to each recipient once.
    told = Counter((to, subject) for to, subject, _ in year.post.mails if not to.startswith("ops@"))
    year.counts["mails with an issue"] = sum(told.values())
    year.counts["alerts and all-clears"] = sum(to.startswith("ops@") for to, _, _ in year.post.mails)
    wrong += [f"{to} got {subject} {count} times" for (to, subject), count in told.items() if count > 1]
    if sum(told.values()) != 2 * len(issues):
        wrong.append(f"{sum(told.values())} mails for {len(issues)} issues and 2 recipients")
    wrong += [f"delivery {one.id} is {one.state}" for one in deliveries if one.state.value != "sent"]
    wrong += _against_plain(year)
    standing = json.loads(year.yuebao("status", DISTRICT, "--json"))[0]
    wrong += [
        f"{p['period']} is {p['standing']}"
        for p in standing["periods"]
        if p["standing"] != "made" and p["period"] >= "2024"
    ]
    wrong += [f"altered: {one}" for one in standing["altered_issues"]]
    for one in json.loads(year.yuebao("doctor", DISTRICT, "--json")):
        if one["verdict"] != "ok" and one["theme"] not in {"prefect"}:
            wrong.append(f"doctor: {one['looked_at']}: {one['found']}")
    lines = [
        json.loads(line)
        for f in (year.root / "data_out/logs").glob("*.jsonl")
        for line in f.read_text("utf-8").splitlines()
    ]
    year.counts["lines of the log"] = len(lines)
    wrong += [f"a fault of the program: {one}" for one in lines if one.get("exit_status") == 1]
    with closing(Store(year.workspace.store_address)) as store:
        for period in span(Period(2024, 1), Period(2024, 12)):
            open_ = store.resolve_alerts(DISTRICT, period, frozenset(AlertKind), year.clock.now())
            wrong += [f"an alert stands open: {one.key} of {one.period}" for one in open_]
    return wrong


def _against_plain(year: Year) -> Iterator[str]:
    """Hold every draft against one that a plain backfill makes, one after the other, in a copy without drafts."""
    copy = year.root.parent / "plain"
    shutil.copytree(year.root, copy, ignore=shutil.ignore_patterns("prefect", "logs", "20??-??", ".20*"))
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "backfill", DISTRICT, "2024-01", "2024-12", "--workspace", str(copy)],
        env={**year.environment(), "DATABASE_URL": Workspace(copy).store_address},
        cwd=INSTALLED, capture_output=True, text=True, timeout=3 * BOUND, check=False,
    )  # fmt: skip
    year.say(f"plain backfill: {done.stdout.strip().splitlines()[:1]}")
    for period in span(Period(2024, 1), Period(2024, 12)):
        ours, plain = (_hashes(Workspace(one).bulletin_folder(DISTRICT, period)) for one in (year.root, copy))
        if not ours:
            continue
        year.counts["documents compared byte for byte"] += len(plain)
        for name in sorted(ours.keys() | plain.keys()):
            if ours.get(name) != plain.get(name):
                year.counts["documents that differ"] += 1
                yield f"{period}/{name} differs from a plain backfill's"


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }


# --- Setting it up ------------------------------------------------------------------------------


@contextmanager
def set_up(into: Path) -> Iterator[Year]:
    """The district on 2024-02-01, with the year before in its inbox, served."""
    demonstration = INSTALLED / "data_raw" / DISTRICT
    root = into / "workspace"
    folder = root / "data_raw" / DISTRICT
    (folder / "inbox").mkdir(parents=True)
    for name in ("plan", "audits"):
        shutil.copytree(demonstration / name, folder / name)
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), data_size_limit=64 * 1024 * 1024)
    controller.start()
    text = deciding_text((demonstration / "district.yaml").read_text(encoding="utf-8"))
    (folder / "district.yaml").write_text(text + SCHEDULE.replace("PORT", str(controller.port)), encoding="utf-8")
    files: dict[dt.date, list[Path]] = {}
    for file in sorted((demonstration / "inbox").glob("*/*")):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", file.parent.name):
            files.setdefault(dt.date.fromisoformat(file.parent.name), []).append(file)
    clock = Clock(into)
    clock.set(dt.datetime(2024, 2, 1, 8, 0, tzinfo=BEIJING))
    year = Year(root, files, clock, post, free_port())
    for day in [one for one in sorted(files) if one < dt.date(2024, 2, 1)]:
        year.deliver(day)
    # December's was due in January, before the district ran by itself; without its draft the upkeep would make it.
    year.yuebao("run", DISTRICT, "2023-12")
    serving = served(year, into / "serve.log")
    try:
        yield year
    finally:
        end(serving)
        controller.stop()


def end(serving: subprocess.Popen[bytes]) -> None:
    """End `yuebao serve` with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(serving.pid, signal.SIGTERM)
    try:
        serving.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(serving.pid, signal.SIGKILL)
        serving.wait(60)


def served(year: Year, log: Path) -> subprocess.Popen[bytes]:
    """`yuebao serve`, begun again where it ends by itself, as systemd would."""
    for _ in range(4):
        with log.open("ab") as out:
            serving = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "serve", year.district, "--port", str(year.port)],
                env=year.environment(), cwd=INSTALLED, stdout=out, stderr=subprocess.STDOUT, process_group=0,
            )  # fmt: skip
        wait("serve to prove the next run", lambda: b"serving;" in log.read_bytes() or serving.poll() is not None)  # noqa: B023
        if serving.poll() is None:
            year.say("serving: " + log.read_text("utf-8", "replace").strip().splitlines()[-2])
            return serving
        year.counts["yuebao serve begun again"] += 1
    raise RuntimeError(f"yuebao serve ended with {serving.returncode}; see {log}")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main() -> None:
    """Run it, and tell the counts."""
    parser = argparse.ArgumentParser(description="A year of luan-jinan under a moved clock.")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--into", type=Path, help="an empty folder to work in; kept")
    given = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    into = given.into or Path(tempfile.mkdtemp(prefix="year"))
    into.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with set_up(into) as year:
        try:
            course(year, given.months)
            wrong = verdict(year)
        finally:
            for what, count in sorted(year.counts.items()):
                print(f"{count:6} {what}")
            for to, subject, names in year.post.mails:
                print(f"       mail to {to}: {subject} {'、'.join(names)}")
    print(f"{len(wrong)} wrong", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
