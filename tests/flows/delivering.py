"""A district that has published, without the minute that drawing up a bulletin takes; and its deliverers."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

import flows.channels.folders
import flows.channels.mail
import flows.channels.robots
import flows.publication
from flows.clock import BEIJING
from flows.delivering import deliver_due
from flows.outlook import Delivered
from flows.sources.s3 import S3Door
from flows.store import Issue, Store
from flows.store.outbox import Parcel
from flows.workspace import Workspace
from tests.flows.small import DISTRICT
from transforms.delivering.letters import Letter, Part
from transforms.delivering.outbox import Delivery, Message, MessageKind, owed
from transforms.periods import Period

MARCH = Period(2024, 3)
PUBLISHED = dt.datetime(2024, 4, 18, 10, 0, tzinfo=BEIJING)
"""A Thursday."""
PDF = b"%PDF-1.7 the whole bulletin"
FILES = {
    "bulletin.pdf": PDF,
    "bulletin.html": "<p>通报</p>".encode(),
    "manifest.json": b'{"outputs": []}',
    "notices/区人社局.pdf": b"%PDF-1.7 a notice",
}
LETTER = Letter(
    "关于2024年1—3月全区工业目标任务完成情况的通报",
    "小经信通报〔2024〕1号",
    "小河区经济和信息化局2024年4月18日印发。",
    (
        Part("要点", ("滞后：招聘会 & <script>alert(1)</script>",)),
        Part("主要指标", (), ("指标", "累计", "状态"), (("规模以上工业总产值", "42.5亿元", "正常"),)),
    ),
    True,
    notices=(("区人社局", ("notices/区人社局.pdf",)),),
)


@dataclass
class Office:
    """The district's workspace and outbox, with a clock that stands where the test puts it."""

    workspace: Workspace
    store: Store
    at: dt.datetime = PUBLISHED
    found: list[Delivered] = field(default_factory=list)

    def declare(self, more: str) -> None:
        (self.workspace.folder("small") / "district.yaml").write_text(DISTRICT + more, encoding="utf-8")

    def publish(self, correction: int = 0, letter: Letter = LETTER, files: dict[str, bytes] | None = None) -> Issue:
        """Keep an issue as publishing does, with what is owed of it."""
        designation = letter.number + ("（更正）" if correction else "")
        issue = Issue(
            "small", MARCH, "小经信通报〔{year}〕{issue}号", 2024, 1, correction, designation, letter.title,
            self.at.date(), "王明", self.at, "0" * 64, f"{correction}" * 64, "0" * 64,
        )  # fmt: skip
        noticed = frozenset(unit for unit, _ in letter.notices)
        key = f"issue/{MARCH}/{correction}"
        message = Message("small", MARCH, key, MessageKind.ISSUE, letter.told(), self.at)
        parcel = Parcel(message, owed(self.workspace.district("small").deliver, noticed))
        self.store.keep_issue(issue, files or FILES, [], [], parcel)
        return issue

    def deliver(self) -> Delivered:
        return deliver_due(self.workspace, "small", self.store)

    def deliveries(self, kind: MessageKind = MessageKind.ISSUE) -> tuple[Delivery, ...]:
        return tuple(one for one in self.store.deliveries("small") if one.message.kind is kind)

    def states(self) -> list[str]:
        return [one.state.value for one in self.deliveries()]

    def later(self, **time: float) -> None:
        self.at += dt.timedelta(**time)

    def in_another_process(self, prepare: Callable[[], None]) -> int | None:
        """Deliver in a process of its own; gives how it ended."""
        process = multiprocessing.get_context("fork").Process(target=_deliver, args=(self.workspace, prepare))
        process.start()
        process.join(240)
        return process.exitcode


def deliver_at_once(office: Office, deliverers: int) -> list[int | None]:
    """Let several processes deliver at the same moment."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(deliverers)
    processes = [
        context.Process(target=_deliver, args=(office.workspace, lambda: barrier.wait(120) and None))
        for _ in range(deliverers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    return [process.exitcode for process in processes]


def _deliver(workspace: Workspace, prepare: Callable[[], object]) -> None:
    store = Store(workspace.store_address)
    prepare()
    deliver_due(workspace, "small", store)
    store.close()
    os._exit(0)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_after_claim() -> None:
    """The delivery is claimed; nothing was connected."""
    _after(Store, "claim")


def kill_before_the_end() -> None:
    """The whole mail was sent but for the line that ends it."""
    setattr(Store, "hand_over", lambda *_: _die())  # noqa: B010 - the process is the deliverer's own


def kill_when_marked() -> None:
    """The store knows that it's being handed over; the line wasn't sent."""
    _after(Store, "hand_over")


def kill_when_answered() -> None:
    """The server took it; the store doesn't know."""
    _after(flows.channels.mail, "_ended")


def kill_when_posted() -> None:
    """The robot took it; the store doesn't know."""
    _after(flows.channels.robots, "_posted")


def kill_amid_a_copy() -> None:
    """One file of the issue is written; the others aren't."""
    _after(flows.publication, "write_synced")


def kill_when_copied() -> None:
    """The issue is in its folder; the store doesn't know."""
    _after(flows.channels.folders, "put_for_good")


def kill_amid_an_upload() -> None:
    """One object is in the bucket; the others aren't."""
    _after(S3Door, "keep")


def kill_when_uploaded() -> None:
    """All are in the bucket; the store doesn't know."""
    _after(flows.channels.folders, "_to_bucket")


def kill_when_kept() -> None:
    """The store knows that the first is sent; the others wait."""
    _after(Store, "conclude")


def _after(holder: object, name: str) -> None:
    work = getattr(holder, name)

    def then_die(*given: object) -> None:
        work(*given)
        _die()

    setattr(holder, name, then_die)


@contextmanager
def standing_office(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office whose clock is that of all that delivers and alerts."""
    store = Store(workspace.store_address)
    office = Office(workspace, store)
    for module in ("flows.delivering", "flows.settling", "flows.alerting"):
        monkeypatch.setattr(f"{module}.now", lambda: office.at)
    try:
        yield office
    finally:
        store.close()
