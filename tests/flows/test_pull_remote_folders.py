"""Folders on other machines, on a real SFTP server and a real S3 store."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from flows.clock import BEIJING, now
from tests.flows.pulling import Puller, every_text, statistics, told
from tests.flows.servers import PASSWORD, Answer, SftpServed, sftp_server, web_server

MARCH = statistics(42.5)


# --- SFTP ---------------------------------------------------------------------------------------


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServed]:
    root = tmp_path / "served"
    (root / "报送" / "2024-04-17").mkdir(parents=True)
    (root / "报送" / "2024-04-17" / "主要经济指标_2024年3月.xlsx").write_bytes(MARCH)
    (root / "报送" / "二月.xlsx").write_bytes(statistics(26.0, 2))
    monkeypatch.setenv("YUEBAO_SFTP", PASSWORD)
    monkeypatch.setenv("YUEBAO_KNOWN_HOSTS", str(tmp_path / "known_hosts"))
    with sftp_server(root) as served:
        yield served


def declare_sftp(puller: Puller, served: SftpServed, more: str | None = None, folder: str = "报送") -> None:
    keys = f", host_keys: ['{served.fingerprint}']" if more is None else more
    puller.declare(
        f"  - {{kind: sftp, url: 'sftp://127.0.0.1:{served.port}/{folder}', user: stat, "
        f"password_env: YUEBAO_SFTP{keys}}}\n"
    )


def test_sftp_a_folder_is_pulled_like_one_of_ones_own(puller: Puller, sftp: SftpServed) -> None:
    declare_sftp(puller, sftp)
    first = puller.one()
    assert told(first) == (2, 0, 0, 0, 0)
    by_name = {vintage.workbook: vintage for vintage in first.new}
    march = by_name["主要经济指标_2024年3月.xlsx"]
    assert march.received == dt.datetime(2024, 4, 17, tzinfo=BEIJING)
    assert march.origin == f"sftp://127.0.0.1:{sftp.port}/报送/2024-04-17/主要经济指标_2024年3月.xlsx"
    assert puller.bytes_of(march) == MARCH
    assert abs(by_name["二月.xlsx"].received - now()) < dt.timedelta(minutes=5)
    assert told(puller.one()) == (0, 0, 2, 0, 0)

    (sftp.root / "报送" / "二月.xlsx").write_bytes(statistics(26.1, 2))
    (sftp.root / "报送" / "2024-04-17" / "主要经济指标_2024年3月.xlsx").unlink()
    assert told(puller.one()) == (0, 1, 0, 1, 0)


def test_sftp_what_programs_leave_is_no_delivery(puller: Puller, sftp: SftpServed) -> None:
    for name in ("~$二月.xlsx", ".cache", "三月.xlsx.filepart", "Thumbs.db"):
        (sftp.root / "报送" / name).write_bytes(b"x")
    (sftp.root / "报送" / ".snapshot").mkdir()
    (sftp.root / "报送" / ".snapshot" / "old.xlsx").write_bytes(MARCH)
    (sftp.root / "报送" / "again").symlink_to(sftp.root / "报送")
    declare_sftp(puller, sftp)
    assert told(puller.one()) == (2, 0, 0, 0, 0)


def test_sftp_names_in_another_encoding_or_with_marks_are_told_readably_and_read_by_what_they_are(
    puller: Puller, sftp: SftpServed
) -> None:
    folder = os.fsdecode("补报".encode("gbk"))
    names = (f"{folder}/{os.fsdecode('三月.xlsx'.encode('gbk'))}", "三月\u202e.xlsx", "三月.xlsx")
    (sftp.root / "报送" / folder).mkdir()
    for number, name in enumerate(names):
        (sftp.root / "报送" / name).write_bytes(statistics(42.5 + number))
    declare_sftp(puller, sftp)
    pulled = puller.one()
    assert told(pulled) == (5, 0, 0, 0, 0)
    march = {
        re.sub("〔[0-9a-f]{8}〕", "〔#〕", one.origin.partition("/报送/")[2]): puller.bytes_of(one)
        for one in pulled.new
        if one.workbook == "三月.xlsx"
    }
    assert march == {
        "补报〔#〕/三月〔#〕.xlsx": statistics(42.5),
        "三月〔#〕.xlsx": statistics(43.5),
        "三月.xlsx": statistics(44.5),
    }
    assert told(puller.one()) == (0, 0, 5, 0, 0)
    sftp.lose += [names[0].rpartition("/")[2]] * 4
    (fault,) = puller.one().faults
    assert re.match(r"sftp://127\.0\.0\.1:\d+/报送/补报〔\w{8}〕/三月〔\w{8}〕\.xlsx: ", str(fault))


def test_sftp_a_pipe_is_not_read(puller: Puller, sftp: SftpServed) -> None:
    os.mkfifo(sftp.root / "报送" / "三月.csv")
    declare_sftp(puller, sftp)
    assert told(puller.one()) == (2, 0, 0, 0, 0)


def test_sftp_a_lost_connection_is_made_anew(puller: Puller, sftp: SftpServed) -> None:
    sftp.lose.append("二月.xlsx")
    declare_sftp(puller, sftp)
    assert told(puller.one()) == (2, 0, 0, 0, 0)
    assert puller.waited == [1.0]
    assert sftp.logins == 2


@pytest.mark.parametrize(("readings", "expected", "waits"), [(1, (2, 0, 0, 0, 0), 1), (9, (1, 0, 0, 0, 1), 3)])
def test_sftp_an_upload_that_is_under_way_is_taken_when_it_is_whole(
    puller: Puller, sftp: SftpServed, readings: int, expected: tuple[int, ...], waits: int
) -> None:
    sftp.growing["主要经济指标_2024年3月.xlsx"] = readings
    declare_sftp(puller, sftp)
    pulled = puller.one()
    assert told(pulled) == expected
    assert puller.waited == [1.0, 2.0, 4.0][:waits]
    if pulled.faults:
        assert "still being written, or cut off; pull again when it's there whole" in str(pulled.faults[0])
        sftp.growing.clear()
        assert told(puller.one()) == (1, 0, 1, 0, 0)
    whole = (sftp.root / "报送" / "2024-04-17" / "主要经济指标_2024年3月.xlsx").read_bytes()
    assert whole in [puller.bytes_of(vintage) for vintage in puller.standing()]


def test_sftp_one_file_that_cannot_be_had_leaves_the_others(puller: Puller, sftp: SftpServed) -> None:
    sftp.lose += ["主要经济指标_2024年3月.xlsx"] * 4
    declare_sftp(puller, sftp)
    assert told(puller.one()) == (1, 0, 0, 0, 1)
    assert told(puller.one()) == (1, 0, 1, 0, 0)


def test_sftp_an_unknown_server_is_refused_until_its_key_is_declared(
    puller: Puller, sftp: SftpServed, tmp_path: Path
) -> None:
    declare_sftp(puller, sftp, more="")
    fault = str(puller.one().faults[0])
    assert "an unknown key" in fault
    assert sftp.fingerprint in fault
    assert sftp.logins == 0
    assert not (tmp_path / "known_hosts").exists()

    (tmp_path / "known_hosts").write_text(sftp.known_hosts, encoding="ascii")
    assert told(puller.one()) == (2, 0, 0, 0, 0)


def test_sftp_another_key_than_the_known_one_is_refused(puller: Puller, sftp: SftpServed, tmp_path: Path) -> None:
    with sftp_server(sftp.root) as other:
        words = other.known_hosts.replace(str(other.port), str(sftp.port))
    (tmp_path / "known_hosts").write_text(words, encoding="ascii")
    declare_sftp(puller, sftp, more="")
    assert "another key" in str(puller.one().faults[0])
    declare_sftp(puller, sftp, more=f", host_keys: ['{other.fingerprint}']")
    assert "another key" in str(puller.one().faults[0])
    assert sftp.logins == 0


def test_sftp_a_wrong_password_is_told_once_and_without_it(
    puller: Puller, sftp: SftpServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare_sftp(puller, sftp)
    monkeypatch.setenv("YUEBAO_SFTP", "guessed-wrong")
    assert "refuses user stat" in str(puller.one().faults[0])
    assert sftp.logins == 1
    assert puller.waited == []
    assert "guessed-wrong" not in every_text(puller.workspace.root)
    monkeypatch.delenv("YUEBAO_SFTP")
    assert "YUEBAO_SFTP isn't set" in str(puller.one().faults[0])


@pytest.mark.parametrize("lost", ["the folder", "a part of it", "what was in it"])
def test_sftp_what_cannot_be_seen_whole_withdraws_nothing(puller: Puller, sftp: SftpServed, lost: str) -> None:
    declare_sftp(puller, sftp)
    puller.one()
    folder = sftp.root / "报送"
    if lost == "the folder":
        folder.rename(sftp.root / "moved")
        words = "/报送 isn't there"
    elif lost == "a part of it":
        (folder / "2024-04-17").rename(folder / "保密")
        words = "/报送/保密 may not be read"
    else:
        shutil.rmtree(folder)
        folder.mkdir()
        words = "is empty, though 2 file(s) came from there"
    pulled = puller.one()
    assert told(pulled)[3:] == (0, 1)
    assert words in str(pulled.faults[0])
    assert len(puller.standing()) == 2


def test_sftp_a_server_that_is_not_there_withdraws_nothing(
    puller: Puller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "served"
    root.mkdir()
    (root / "三月.xlsx").write_bytes(MARCH)
    monkeypatch.setenv("YUEBAO_SFTP", PASSWORD)
    with sftp_server(root) as served:
        declare_sftp(puller, served, folder="")
        assert told(puller.one()) == (1, 0, 0, 0, 0)
    pulled = puller.one()
    assert told(pulled) == (0, 0, 0, 0, 1)
    assert "the connection failed" in str(pulled.faults[0])
    assert puller.waited == [1.0, 2.0, 4.0]
    assert len(puller.standing()) == 1


def test_sftp_a_key_file_lets_in_or_is_named(
    puller: Puller, sftp: SftpServed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare_sftp(puller, sftp)
    file = puller.workspace.folder("small") / "district.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("password_env", "key_file_env"), encoding="utf-8")
    monkeypatch.setenv("YUEBAO_SFTP", str(tmp_path / "none"))
    assert "YUEBAO_SFTP names no file" in str(puller.one().faults[0])
    monkeypatch.setenv("YUEBAO_SFTP", str(tmp_path / "key"))
    (tmp_path / "key").write_text("no key at all", encoding="ascii")
    assert "private key" in str(puller.one().faults[0])


# --- S3 -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Bucket:
    """A bucket that a test fills, by plain requests as any S3 client sends them."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._ask("POST", "/moto-api/reset")
        self._ask("PUT", "/returns")

    def put(self, key: str, data: bytes) -> None:
        self._ask("PUT", f"/returns/{key}", data)

    def delete(self, key: str) -> None:
        self._ask("DELETE", f"/returns/{key}")

    def _ask(self, method: str, path: str, data: bytes = b"") -> None:
        scope = "Credential=test/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=unchecked"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}"}
        httpx.request(method, self.endpoint + path, content=data, headers=headers).raise_for_status()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    monkeypatch.setenv("YUEBAO_S3_ID", "id-of-the-key")
    monkeypatch.setenv("YUEBAO_S3_SECRET", PASSWORD)
    return Bucket(store)


def declare_s3(puller: Puller, endpoint: str, url: str = "s3://returns/2024", more: str = "") -> None:
    puller.declare(
        f"  - {{kind: s3, url: '{url}', endpoint: '{endpoint}', region: us-east-1, key_id_env: YUEBAO_S3_ID, "
        f"secret_env: YUEBAO_S3_SECRET{more}}}\n"
    )


def test_s3_a_bucket_is_pulled_and_unchanged_objects_are_not_fetched_again(puller: Puller, bucket: Bucket) -> None:
    bucket.put("2024/三月/主要经济指标_2024年3月.xlsx", MARCH)
    bucket.put("2024/2024-03-17/二月.xlsx", statistics(26.0, 2))
    bucket.put("2024/空/", b"")
    bucket.put("2023/other.xlsx", b"not ours")
    declare_s3(puller, bucket.endpoint)
    first = puller.one()
    assert told(first) == (2, 0, 0, 0, 0)
    by_name = {vintage.workbook: vintage for vintage in first.new}
    assert puller.bytes_of(by_name["主要经济指标_2024年3月.xlsx"]) == MARCH
    assert by_name["二月.xlsx"].received == dt.datetime(2024, 3, 17, tzinfo=BEIJING)
    # The store's own time, in whole seconds, of when the bytes came.
    assert by_name["主要经济指标_2024年3月.xlsx"].received.microsecond == 0

    for vintage in first.new:
        puller.workspace.vintage_file("small", vintage.sha256).unlink()
    assert told(puller.one()) == (0, 0, 2, 0, 0)
    assert not puller.workspace.vintage_file("small", first.new[0].sha256).exists()


def test_s3_a_name_with_marks_is_told_without_them_and_read_by_what_it_is(puller: Puller, bucket: Bucket) -> None:
    bucket.put("2024/三月\u202e.xlsx", MARCH)
    bucket.put("2024/三月.xlsx", statistics(43.5))
    declare_s3(puller, bucket.endpoint)
    found = {re.sub("〔[0-9a-f]{8}〕", "〔#〕", one.origin): puller.bytes_of(one) for one in puller.one().new}
    assert found == {"s3://returns/2024/三月〔#〕.xlsx": MARCH, "s3://returns/2024/三月.xlsx": statistics(43.5)}
    assert {one.workbook for one in puller.standing()} == {"三月.xlsx"}
    for vintage in puller.standing():
        puller.workspace.vintage_file("small", vintage.sha256).unlink()
    assert told(puller.one()) == (0, 0, 2, 0, 0)
    assert not any(puller.workspace.vintage_file("small", one.sha256).exists() for one in puller.standing())


def test_s3_changed_there_and_back_again_are_three_vintages(puller: Puller, bucket: Bucket) -> None:
    declare_s3(puller, bucket.endpoint)
    there, back = MARCH, statistics(43.1)
    for data in (there, back, there):
        bucket.put("2024/a.xlsx", data)
        puller.one()
    assert {puller.bytes_of(vintage) for vintage in puller.standing()} == {there, back}
    assert len(puller.standing()) == 3
    bucket.put("2024/b.xlsx", MARCH)
    bucket.delete("2024/a.xlsx")
    assert told(puller.one()) == (1, 0, 0, 3, 0)


def test_s3_what_was_withdrawn_comes_back_when_it_is_there_again(puller: Puller, bucket: Bucket) -> None:
    declare_s3(puller, bucket.endpoint)
    bucket.put("2024/a.xlsx", MARCH)
    bucket.put("2024/b.xlsx", statistics(1.0))
    puller.one()
    bucket.delete("2024/a.xlsx")
    assert told(puller.one()) == (0, 0, 1, 1, 0)
    bucket.put("2024/a.xlsx", MARCH)
    assert told(puller.one()) == (1, 0, 1, 0, 0)


def test_s3_a_folder_that_was_emptied_or_a_bucket_that_is_gone_withdraws_nothing(
    puller: Puller, bucket: Bucket
) -> None:
    declare_s3(puller, bucket.endpoint)
    bucket.put("2024/a.xlsx", MARCH)
    puller.one()
    bucket.delete("2024/a.xlsx")
    assert "is empty, though 1 file(s)" in str(puller.one().faults[0])
    Bucket(bucket.endpoint)._ask("DELETE", "/returns")
    assert "compare bucket and folder" in str(puller.one().faults[0])
    assert len(puller.standing()) == 1


@pytest.mark.parametrize(
    ("status", "code", "tries", "words"),
    [
        (503, "SlowDown", 4, "(4 tries)"),
        (500, "InternalError", 4, "(4 tries)"),
        (403, "AccessDenied", 1, "may not be read"),
        (403, "SignatureDoesNotMatch", 1, "may not be read"),
        (400, "InvalidRequest", 1, "refuses"),
    ],
)
def test_s3_failures_are_told_as_what_they_are(
    puller: Puller, bucket: Bucket, status: int, code: str, tries: int, words: str
) -> None:
    with web_server() as web:
        body = f"<Error><Code>{code}</Code><Message>{PASSWORD}</Message></Error>".encode()
        declare_s3(puller, web.address)
        web.answer = lambda path: Answer(status, body, (("Content-Type", "application/xml"),))  # type: ignore[method-assign]
        pulled = puller.one()
        assert words in str(pulled.faults[0])
        assert len(web.asked) == tries
    assert PASSWORD not in every_text(puller.workspace.root)


def test_s3_a_store_that_is_not_there_is_told(puller: Puller, bucket: Bucket) -> None:
    declare_s3(puller, "http://127.0.0.1:1")
    assert "the connection failed" in str(puller.one().faults[0])
    assert puller.waited == [1.0, 2.0, 4.0]


# --- A shared folder ----------------------------------------------------------------------------


def test_a_shared_folder_that_is_not_mounted_withdraws_nothing(puller: Puller, tmp_path: Path) -> None:
    share = tmp_path / "share" / "月报"
    share.mkdir(parents=True)
    (share / "三月.xlsx").write_bytes(MARCH)
    puller.declare(f"  - {{kind: shared-folder, path: '{share}/'}}\n")
    (vintage,) = puller.one().new
    assert vintage.origin == f"{share}/三月.xlsx"
    (share / "三月.xlsx").rename(tmp_path / "三月.xlsx")
    assert "is empty" in str(puller.one().faults[0])
    share.rmdir()
    assert "the share is mounted" in str(puller.one().faults[0])
    assert puller.standing() == [vintage]


def test_what_is_declared_as_refused_counts_no_more(puller: Puller, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "三月.xlsx").write_bytes(MARCH)
    puller.declare(f"  - {{kind: shared-folder, path: {tmp_path}/share}}\n")
    (vintage,) = puller.one().new
    puller.declare(f"  - {{kind: shared-folder, path: {tmp_path}/share, refused: ['{vintage.sha256[:12]}']}}\n")
    pulled = puller.one()
    assert told(pulled) == (0, 0, 0, 1, 0)
    assert [one.why for one in pulled.passed_over] == ["its bytes are declared under refused"]
    assert puller.standing() == []
    assert told(puller.one()) == (0, 0, 0, 0, 0)
