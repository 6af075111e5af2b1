"""Two months of the small district by themselves, under a moved clock: due, waited for, issued, delivered once."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from benchmarks.year import SCHEDULE, Clock, Post, Year, end, free_port, served, wait
from flows.clock import BEIJING
from flows.store import Store
from tests.flows.small import small_workspace
from transforms.periods import Period
from transforms.scheduling.owed import Outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler, which the moved clock needs"),
]


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    """The small district on 2024-03-18, its files of February there; March's statistics come late."""
    workspace, _ = small_workspace(tmp_path / "workspace")
    folder = workspace.folder("small")
    files: dict[dt.date, list[Path]] = {}
    for day in [one for one in (folder / "inbox").iterdir() if one.name > "2024-03-18"]:
        aside = tmp_path / "coming" / day.name
        aside.parent.mkdir(exist_ok=True)
        day.rename(aside)
        # The statistics of March come on the day after the due day.
        came = dt.date(2024, 4, 20) if day.name == "2024-04-17" else dt.date.fromisoformat(day.name)
        files[came] = list(aside.iterdir())
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), data_size_limit=64 * 1024 * 1024)
    controller.start()
    text = SCHEDULE.replace("PORT", str(controller.port)).replace("end: approval", "end: issue\n  by: 王明")
    with (folder / "district.yaml").open("a", encoding="utf-8") as declared:
        declared.write(text)
    clock = Clock(tmp_path)
    clock.set(dt.datetime(2024, 3, 18, 20, 0, tzinfo=BEIJING))
    told = Year(workspace.root, files, clock, post, free_port(), "small")
    told.yuebao(
        "run", "small", "2024-01"
    )  # was due before it ran by itself; without its draft the upkeep would make it
    serving = served(told, tmp_path / "serve.log")
    yield told
    end(serving)
    controller.stop()


def test_two_months_run_by_themselves(year: Year) -> None:
    february, march = Period(2024, 2), Period(2024, 3)
    year.move(dt.datetime(2024, 3, 19, 8, 59, 50, tzinfo=BEIJING))
    wait("February's issue", lambda: year.outcome(february) is Outcome.ISSUED)
    # The second working day after 17 April is Friday the 19th; the statistics aren't there.
    year.move(dt.datetime(2024, 4, 19, 8, 59, 50, tzinfo=BEIJING))
    wait("March to wait", lambda: year.outcome(march) is Outcome.WAITING)
    year.move(dt.datetime(2024, 4, 20, 8, 59, 50, tzinfo=BEIJING))
    wait("March's issue", lambda: year.outcome(march) is Outcome.ISSUED)
    year.settle()
    store = Store(year.workspace.store_address)
    try:
        assert [(one.period, one.number, one.by) for one in store.issues("small")] == [
            (february, 1, "王明"),
            (march, 2, "王明"),
        ]
    finally:
        store.close()
    mails = sorted((to, subject) for to, subject, _ in year.post.mails if not to.startswith("ops@"))
    assert len(mails) == len(set(mails)) == 4
    late = [subject for to, subject, _ in year.post.mails if to.startswith("ops@")]
    assert any("逾期未到" in subject for subject in late)
