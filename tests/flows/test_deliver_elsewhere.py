"""What is owed reaches chats, folders and buckets once; and publishing owes it in its own transaction."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from moto.server import ThreadedMotoServer

import flows.channels.robots
from flows.clock import now
from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.settling import settle_delivery
from flows.sources.s3 import S3Door
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.delivering import (
    FILES,
    MARCH,
    PUBLISHED,
    Office,
    kill_after_claim,
    kill_amid_a_copy,
    kill_amid_an_upload,
    kill_before_the_end,
    kill_when_copied,
    kill_when_kept,
    kill_when_marked,
    kill_when_posted,
    kill_when_uploaded,
    standing_office,
)
from tests.flows.servers import Answer, Web, web_server
from tests.flows.small import Sent
from transforms.delivering.letters import Letter
from transforms.delivering.outbox import MessageKind

KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"
_LONG = 400
"""Bytes that trickle for longer than they're waited for."""
SECRET = "SEC-a-secret-of-the-robot"


@pytest.fixture
def office(workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with standing_office(workspace_and_sent[0], monkeypatch) as made:
        monkeypatch.setattr("flows.channels.robots.now", lambda: made.at)
        yield made


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as made:
        yield made


def answers(*told: object) -> tuple[Answer, ...]:
    return tuple(Answer(200, json.dumps(one, ensure_ascii=False).encode()) for one in told)


def robot(office: Office, web: Web, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "" if kind == "wecom" else ", secret_env: YUEBAO_ROBOT_SECRET"
    monkeypatch.setenv("YUEBAO_ROBOT", f"{web.address}/send?key={KEY}")
    monkeypatch.setenv("YUEBAO_ROBOT_SECRET", SECRET)
    office.declare(f"deliver:\n  - {{kind: {kind}, name: chat, url_env: YUEBAO_ROBOT{secret}}}\n")
    office.publish()


# --- Chats --------------------------------------------------------------------------------------


def test_each_platform_gets_its_own_message_signed_its_own_way(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.says("/send", *answers({"errcode": 0, "errmsg": "ok"}))
    robot(office, web, "dingtalk", monkeypatch)
    assert len(office.deliver().sent) == 1
    path, body = web.posted[0]
    asked = parse_qs(urlsplit(path).query)
    at = str(int(PUBLISHED.timestamp()) * 1000)
    expected = base64.b64encode(hmac.new(SECRET.encode(), f"{at}\n{SECRET}".encode(), hashlib.sha256).digest())
    assert (asked["key"], asked["timestamp"], asked["sign"]) == ([KEY], [at], [expected.decode()])
    told = json.loads(body)
    assert told["msgtype"] == "markdown"
    assert "演示数据" in told["markdown"]["title"]
    assert "规模以上工业总产值：累计42.5亿元" in told["markdown"]["text"]


def test_feishu_signs_nothing_with_timestamp_and_secret_as_the_key(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.says("/send", *answers({"StatusCode": 0, "StatusMessage": "success", "code": 0, "msg": "success"}))
    robot(office, web, "feishu", monkeypatch)
    assert len(office.deliver().sent) == 1
    told = json.loads(web.posted[0][1])
    at = str(int(PUBLISHED.timestamp()))
    expected = base64.b64encode(hmac.new(f"{at}\n{SECRET}".encode(), b"", hashlib.sha256).digest()).decode()
    assert (told["timestamp"], told["sign"], told["msg_type"]) == (at, expected, "interactive")


@pytest.mark.parametrize(
    ("kind", "passes", "final"),
    [
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, {"errcode": 93000, "errmsg": "invalid"}),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, {"errcode": 310000, "errmsg": "sign not match"}),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, {"code": 19021, "msg": "sign match fail"}),
    ],
)
def test_http_200_with_an_error_code_is_judged_by_the_code(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch, kind: str, passes: object, final: object
) -> None:
    web.says("/send", *answers(passes, final))
    robot(office, web, kind, monkeypatch)
    assert office.deliver().refused == ()
    assert office.states() == ["waiting"]
    office.later(minutes=9)
    assert office.deliver().failed == ()  # held back for ten minutes
    office.later(minutes=2)
    (refused,) = office.deliver().refused
    assert str(final).split(": ")[1].split(",")[0] in refused.why
    office.later(days=9)
    office.deliver()
    assert len(web.posted) == 2


def test_a_robot_that_hangs_leaves_a_doubt_and_one_that_isn_t_there_is_tried_again(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.channels.robots, "_ANSWER", 0.3)
    web.says("/send", Answer(hang=True))
    robot(office, web, "wecom", monkeypatch)
    monkeypatch.setenv("YUEBAO_ROBOT", f"http://127.0.0.1:9/send?key={KEY}")
    assert "no connection" in office.deliver().failed[0].why
    office.later(minutes=2)
    monkeypatch.setenv("YUEBAO_ROBOT", f"{web.address}/send?key={KEY}")
    assert len(office.deliver().uncertain) == 1
    office.later(days=1)
    office.deliver()
    assert len(web.posted) == 1


def test_a_robot_that_trickles_its_answer_is_given_up(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.handing_over.longest", lambda _: dt.timedelta(seconds=3))
    web.says("/send", Answer(200, b'{"errcode": 0}', trickles=_LONG))
    robot(office, web, "wecom", monkeypatch)
    (uncertain,) = office.deliver().uncertain
    assert "no end within 3 seconds" in uncertain.why
    office.later(days=1)
    office.deliver()
    assert len(web.posted) == 1


def test_a_robot_s_host_that_no_network_knows_waits_with_its_cure(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot(office, web, "wecom", monkeypatch)
    for host in ("qyapi..weixin.qq.com", f"{'q' * 64}.qq.com"):
        monkeypatch.setenv("YUEBAO_ROBOT", f"https://{host}/send?key={KEY}")
        why = office.deliver().failed[0].why
        assert "YUEBAO_ROBOT holds no https address" in why
        assert KEY not in why
        office.later(days=1)


def test_no_key_and_no_secret_is_told_whatever_the_platform_quotes(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.says("/send", *answers({"errcode": 93000, "errmsg": f"invalid webhook url {KEY} {SECRET}"}))
    robot(office, web, "dingtalk", monkeypatch)
    told = repr(office.deliver()) + repr(office.store.deliveries("small"))
    assert "93000" in told
    assert KEY not in told
    assert SECRET not in told


def test_a_share_that_hangs_keeps_no_other_from_leaving(
    office: Office, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = threading.Event()
    monkeypatch.setattr("flows.handing_over.longest", lambda _: dt.timedelta(seconds=3))
    monkeypatch.setattr("flows.channels.folders.put_for_good", lambda *_: hangs.wait(60))
    web.says("/send", *answers({"errcode": 0, "errmsg": "ok"}))
    monkeypatch.setenv("YUEBAO_ROBOT", f"{web.address}/send?key={KEY}")
    chat = "  - {kind: wecom, name: chat, url_env: YUEBAO_ROBOT}\n"
    office.declare(f"deliver:\n  - {{kind: folder, name: share, path: '{tmp_path}'}}\n{chat}")
    office.publish()
    office.deliver()
    hangs.set()
    assert office.states() == ["waiting", "sent"]
    assert "no end within 3 seconds" in office.deliveries()[0].told


# --- Folders and buckets ------------------------------------------------------------------------


def copies_in(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_an_issue_is_copied_whole_and_a_second_time_nothing_is_done(office: Office, tmp_path: Path) -> None:
    share = tmp_path / "share"
    office.declare(f"deliver:\n  - {{kind: folder, name: share, path: '{share}'}}\n")
    office.publish()
    assert "see that the share is mounted" in office.deliver().failed[0].why
    assert not share.exists()
    share.mkdir()
    office.later(minutes=2)
    assert len(office.deliver().sent) == 1
    copied = share / "small" / "2024-001"
    assert copies_in(copied) == FILES
    office.publish(1)
    other = share / "small" / "2024-001-correction-1"
    other.mkdir()
    (other / "bulletin.pdf").write_bytes(b"somebody's")
    (refused,) = office.deliver().refused
    assert "something else is there" in refused.why
    assert (other / "bulletin.pdf").read_bytes() == b"somebody's"


def test_a_share_keeps_the_modes_that_it_has_and_what_is_made_there_can_be_read(office: Office, tmp_path: Path) -> None:
    share, own = tmp_path / "share", tmp_path / "own"
    (share / "small").mkdir(parents=True)
    (share / "small").chmod(0o2775)
    own.mkdir()
    places = {"share": share, "own": own, "again": share}
    channels = (f"  - {{kind: folder, name: {name}, path: '{place}'}}\n" for name, place in places.items())
    office.declare("deliver:\n" + "".join(channels))
    office.publish()
    assert len(office.deliver().sent) == 3
    assert [stat.S_IMODE((one / "small").stat().st_mode) for one in (share, own)] == [0o2775, 0o755]
    assert stat.S_IMODE((own / "small" / "2024-001").stat().st_mode) == 0o755


@pytest.mark.parametrize("name", [".2024-001.new", ".2024-001.old"])
def test_a_link_in_the_place_of_a_half_made_copy_is_taken_away(office: Office, tmp_path: Path, name: str) -> None:
    share, victim = tmp_path / "share", tmp_path / "victim"
    (share / "small").mkdir(parents=True)
    victim.mkdir(0o700)
    (victim / "bulletin.pdf").write_bytes(b"a draft")
    (share / "small" / name).symlink_to(victim)
    office.declare(f"deliver:\n  - {{kind: folder, name: share, path: '{share}'}}\n")
    office.publish()
    assert len(office.deliver().sent) == 1
    assert copies_in(share / "small" / "2024-001") == FILES
    assert not (share / "small" / "2024-001").is_symlink()
    assert [one.read_bytes() for one in victim.iterdir()] == [b"a draft"]
    assert stat.S_IMODE(victim.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["small/.2024-001.lock", "small"])
def test_a_link_in_a_share_leads_to_nothing_of_ours(office: Office, tmp_path: Path, name: str) -> None:
    share, victim = tmp_path / "share", tmp_path / "victim"
    (share / name).parent.mkdir(parents=True)
    if name == "small":
        victim.mkdir()
    else:
        victim.write_bytes(b"the store")
    (share / name).symlink_to(victim)
    office.declare(f"deliver:\n  - {{kind: folder, name: share, path: '{share}'}}\n")
    office.publish()
    (failed,) = office.deliver().failed
    assert "can't be written" in failed.why
    assert list(victim.iterdir()) == [] if victim.is_dir() else victim.read_bytes() == b"the store"


@dataclass(frozen=True)
class Bucket:
    """A bucket of a real S3 store on this machine."""

    endpoint: str

    @property
    def declared(self) -> str:
        return (
            "deliver:\n  - {kind: folder, name: bucket, url: 's3://issues/yuebao', region: us-east-1, "
            f"endpoint: '{self.endpoint}', key_id_env: YUEBAO_S3_ID, secret_env: YUEBAO_S3_SECRET}}\n"
        )

    def make(self) -> None:
        httpx.post(f"{self.endpoint}/moto-api/reset", timeout=60).raise_for_status()  # what other tests have left
        self._asked("PUT", "").raise_for_status()

    def bytes_of(self, name: str) -> bytes | None:
        answer = self._asked("GET", f"/yuebao/small/2024-001/{name}")
        return answer.content if answer.status_code == 200 else None

    def everything(self) -> dict[str, bytes | None]:
        return {name: self.bytes_of(name) for name in FILES}

    def _asked(self, method: str, path: str) -> httpx.Response:
        scope = "Credential=test/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=unchecked"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}"}
        return httpx.request(method, f"{self.endpoint}/issues{path}", headers=headers, timeout=60)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.setenv("YUEBAO_S3_ID", "id-of-the-key")
    monkeypatch.setenv("YUEBAO_S3_SECRET", "the key itself")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = Bucket(f"http://{host}:{port}")
        made.make()
        yield made
    finally:
        server.stop()


def test_an_issue_is_copied_to_a_bucket_its_manifest_last(
    office: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    keep = S3Door.keep

    def noting(door: S3Door, name: str, data: bytes) -> None:
        kept.append(name)
        keep(door, name, data)

    monkeypatch.setattr(S3Door, "keep", noting)
    office.declare(bucket.declared)
    office.publish()
    assert len(office.deliver().sent) == 1
    assert bucket.everything() == FILES
    assert kept[-1] == "small/2024-001/manifest.json"
    assert len(kept) == len(FILES)


# --- Crashes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize(
    ("step", "posts", "state"),
    [
        (kill_after_claim, 1, "sent"),
        (kill_before_the_end, 1, "sent"),
        (kill_when_marked, 0, "uncertain"),
        (kill_when_posted, 1, "uncertain"),
        (kill_when_kept, 1, "sent"),
    ],
)
def test_a_deliverer_killed_at_any_step_posts_never_twice_and_says_where_it_does_not_know(
    office: Office,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    step: Callable[[], None],
    posts: int,
    state: str,
) -> None:
    web.says("/send", *answers({"errcode": 0, "code": 0}))
    robot(office, web, kind, monkeypatch)
    assert office.in_another_process(step) == -9
    for _ in range(2):
        office.deliver()
        office.later(days=1)
    assert office.states() == [state]
    assert len(web.posted) == posts
    if state == "uncertain":  # Robots know no message by an identity: only a person can have it sent again.
        settle_delivery(office.workspace, "small", office.deliveries()[0].code, "again", "李华", office.store)
        assert len(office.deliver().sent) == 1
        assert len(web.posted) == posts + 1


@pytest.mark.parametrize("step", [kill_after_claim, kill_amid_a_copy, kill_when_copied, kill_when_kept])
def test_a_copy_that_was_killed_at_any_step_is_done_once_and_never_seen_half_made(
    office: Office, tmp_path: Path, step: Callable[[], None]
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    office.declare(f"deliver:\n  - {{kind: folder, name: share, path: '{share}'}}\n")
    office.publish()
    assert office.in_another_process(step) == -9
    copied = share / "small" / "2024-001"
    assert not copied.exists() or copies_in(copied) == FILES
    office.deliver()
    assert office.states() == ["sent"]
    assert copies_in(copied) == FILES
    assert {one.name for one in (share / "small").iterdir()} == {"2024-001", ".2024-001.lock"}


@pytest.mark.parametrize("step", [kill_after_claim, kill_amid_an_upload, kill_when_uploaded, kill_when_kept])
def test_an_upload_that_was_killed_at_any_step_is_gone_on_with(
    office: Office, bucket: Bucket, step: Callable[[], None]
) -> None:
    office.declare(bucket.declared)
    office.publish()
    assert office.in_another_process(step) == -9
    assert bucket.bytes_of("manifest.json") is None or bucket.everything() == FILES
    office.deliver()
    assert office.states() == ["sent"]
    assert bucket.everything() == FILES


# --- Publishing ---------------------------------------------------------------------------------


def test_an_issue_is_owed_in_its_own_transaction_with_the_bulletin_s_words(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.declare(f"deliver:\n  - {{kind: folder, name: share, path: '{tmp_path / 'not-there'}'}}\n")
    job = Job(office.workspace, "small", MARCH)
    make_bulletin(job)
    office.at = now() + dt.timedelta(minutes=5)
    # A channel that fails doesn't fail the publication.
    publish = ("publish", "small", "2024-03", "--by", "王明", "--workspace", office.workspace.root)
    assert yuebao(monkeypatch, *publish) == 0
    assert "see that the share is mounted" in capsys.readouterr().out
    (delivery,) = office.deliveries(MessageKind.ISSUE)
    letter = Letter.read(delivery.message.body)
    assert letter.number == "小经信通报〔2024〕1号"
    assert letter.heading.startswith("【演示数据】")
    headline = next(part for part in letter.parts if part.heading == "主要指标")
    assert headline.rows[0][:2] == ("规模以上工业总产值", "42.5亿元")
    page = office.store.issue_files(office.store.issues("small")[0])["bulletin.html"].decode()
    assert all(one in page for one in ("42.5", headline.rows[0][3].rstrip("%")))
    assert publish_draft(Order(job, "王明")).bulletin is None
    assert len(office.deliveries()) == 1
