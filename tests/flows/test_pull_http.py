"""Files from addresses, on a real web server that answers in every wrong way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.clock import BEIJING
from tests.flows.pulling import Puller, every_text, statistics, told
from tests.flows.servers import Answer, Web, certificate_in, web_server

MARCH = statistics(42.5)


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as served:
        yield served


def declare(puller: Puller, *addresses: str, more: str = "") -> None:
    puller.declare(f"  - {{kind: http, addresses: {list(addresses)}{more}}}\n")


def test_a_file_is_kept_once_and_a_changed_one_is_a_new_vintage(puller: Puller, web: Web) -> None:
    address = web.says("/pub/%E4%B8%BB%E8%A6%81%E6%8C%87%E6%A0%872024%E5%B9%B43%E6%9C%88.xlsx", Answer(body=MARCH))
    declare(puller, address)
    first = puller.one()
    assert told(first) == (1, 0, 0, 0, 0)
    (vintage,) = first.new
    assert (vintage.workbook, vintage.origin) == ("主要指标2024年3月.xlsx", address)
    assert puller.bytes_of(vintage) == MARCH
    assert told(puller.one()) == (0, 0, 1, 0, 0)

    web.says(address.removeprefix(web.address), Answer(body=statistics(43.1)))
    assert told(puller.one()) == (0, 1, 0, 0, 0)
    assert len(puller.standing()) == 2


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=UTF-8''3%E6%9C%88.xlsx", "3月.xlsx"),
        ('attachment; filename="3%E6%9C%88.xlsx"', "3月.xlsx"),
        ("attachment; filename=3月.xlsx".encode("gbk").decode("latin-1"), "3月.xlsx"),
        ('attachment; filename="../../etc/3.xlsx"', "3.xlsx"),
    ],
)
def test_the_server_may_name_the_file(puller: Puller, web: Web, disposition: str, name: str) -> None:
    declare(puller, web.says("/get", Answer(body=MARCH, headers=(("Content-Disposition", disposition),))))
    assert [vintage.workbook for vintage in puller.one().new] == [name]


def test_what_may_pass_is_tried_again(puller: Puller, web: Web) -> None:
    failing = (Answer(500), Answer(429, headers=(("Retry-After", "7"),)), Answer(body=MARCH[:100], cut=9))
    declare(puller, web.says("/3.xlsx", *failing, Answer(body=MARCH)))
    pulled = puller.one()
    assert puller.bytes_of(pulled.new[0]) == MARCH
    assert puller.waited == [1.0, 7.0, 4.0]


@pytest.mark.parametrize(
    ("answer", "tries", "words"),
    [
        (Answer(404), 1, "nothing is there (404)"),
        (Answer(410), 1, "nothing is there (410)"),
        (Answer(401), 1, "password_env"),
        (Answer(403), 1, "password_env"),
        (Answer(418), 1, "answers 418"),
        (Answer(503), 4, "answers 503 (4 tries)"),
        (Answer(429, headers=(("Retry-After", "86400"),)), 1, "answers 429 (1 try)"),
        (Answer(body=MARCH[:50], cut=5), 4, "cut off"),
        (Answer(body=b"<html>", headers=(("Content-Type", "text/html; charset=gbk"),)), 1, "a web page"),
        (Answer(headers=(("Content-Length", "999999999"),)), 1, "953 MB"),
        (Answer(302, headers=(("Location", "/3.xlsx"),)), 6, "more than 5 times"),
        (Answer(302, headers=(("Location", "file:///etc/passwd"),)), 1, "isn't followed"),
        (Answer(302, headers=(("Location", "ftp://127.0.0.1/3.xlsx"),)), 1, "isn't followed"),
    ],
)
def test_a_failure_is_told_and_what_was_pulled_stays(
    puller: Puller, web: Web, answer: Answer, tries: int, words: str
) -> None:
    declare(puller, web.says("/3.xlsx", Answer(body=MARCH)))
    puller.one()
    web.asked.clear()
    web.says("/3.xlsx", answer)
    pulled = puller.one()
    assert told(pulled) == (0, 0, 0, 0, 1)
    assert words in str(pulled.faults[0])
    assert "/3.xlsx" in str(pulled.faults[0])
    assert len(web.asked) == tries
    assert len(puller.standing()) == 1


def test_a_server_that_says_nothing_is_left(puller: Puller, web: Web) -> None:
    declare(puller, web.says("/3.xlsx", Answer(hang=True)))
    assert "no answer in time (4 tries)" in str(puller.one(answer=0.1).faults[0])


def test_a_server_that_is_not_there_is_told(puller: Puller) -> None:
    with web_server() as gone:
        pass
    declare(puller, f"{gone.address}/3.xlsx")
    assert "the connection failed (ConnectError) (4 tries)" in str(puller.one().faults[0])


def test_one_address_that_fails_leaves_the_others(puller: Puller, web: Web) -> None:
    declare(puller, f"{web.address}/none.xlsx", web.says("/3.xlsx", Answer(body=MARCH)))
    assert told(puller.one()) == (1, 0, 0, 0, 1)


def test_a_redirect_is_followed(puller: Puller, web: Web) -> None:
    web.says("/files/三月.xlsx", Answer(body=MARCH))
    web.says("/files/%E4%B8%89%E6%9C%88.xlsx", Answer(body=MARCH))
    declare(puller, web.says("/latest", Answer(302, headers=(("Location", "/files/%E4%B8%89%E6%9C%88.xlsx"),))))
    (vintage,) = puller.one().new
    assert (vintage.workbook, vintage.origin) == ("三月.xlsx", f"{web.address}/latest")


def test_monthly_addresses_are_asked_for_and_never_withdrawn(
    puller: Puller, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(puller, f"{web.address}/{{year}}/{{month:02}}.xlsx", more=", months_back: 2")
    monkeypatch.setattr("flows.pull.now", lambda: dt.datetime(2024, 1, 9, tzinfo=BEIJING))
    assert "nothing is there for this month" in str(puller.one().faults[0])
    assert [path for path, _ in web.asked] == ["/2023/11.xlsx", "/2023/12.xlsx", "/2024/01.xlsx"]

    web.says("/2023/12.xlsx", Answer(body=MARCH))
    assert told(puller.one()) == (1, 0, 0, 0, 0)
    monkeypatch.setattr("flows.pull.now", lambda: dt.datetime(2024, 4, 9, tzinfo=BEIJING))
    web.says("/2024/03.xlsx", Answer(body=MARCH))
    assert told(puller.one()) == (1, 0, 0, 0, 0)
    assert [vintage.origin[-13:] for vintage in puller.standing()] == ["/2023/12.xlsx", "/2024/03.xlsx"]


def test_an_address_that_is_declared_no_more_counts_no_more(puller: Puller, web: Web) -> None:
    other = web.says("/2.xlsx", Answer(body=statistics(26.0, 2)))
    declare(puller, web.says("/3.xlsx", Answer(body=MARCH)), other)
    puller.one()
    declare(puller, other)
    assert [vintage.origin for vintage in puller.pull().undeclared] == [f"{web.address}/3.xlsx"]
    assert [vintage.origin for vintage in puller.standing()] == [other]


def test_secrets_are_sent_to_the_declared_server_and_told_to_nobody(
    puller: Puller, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(puller, web.says("/3.xlsx", Answer(body=MARCH)), more=", token_env: YUEBAO_TOKEN")
    assert "YUEBAO_TOKEN isn't set" in str(puller.one().faults[0])
    monkeypatch.setenv("YUEBAO_TOKEN", "s3cr3t-t0ken")
    with web_server() as elsewhere:
        there = elsewhere.says("/3.xlsx", Answer(body=MARCH))
        web.says("/3.xlsx", Answer(302, headers=(("Location", there),)))
        assert told(puller.one()) == (1, 0, 0, 0, 0)
        assert web.asked[-1][1]["Authorization"] == "Bearer s3cr3t-t0ken"
        assert "Authorization" not in elsewhere.asked[-1][1]
    web.says("/3.xlsx", Answer(302, headers=(("Location", "ftp://s3cr3t-t0ken/"),)))
    assert "ftp://***" in str(puller.one().faults[0])
    assert "s3cr3t" not in every_text(puller.workspace.root)


def test_a_certificate_is_verified(puller: Puller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certificate_in(tmp_path)
    with web_server(certificate) as web, web_server() as plain:
        declare(puller, web.says("/3.xlsx", Answer(body=MARCH)))
        assert "isn't trusted" in str(puller.one().faults[0])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert told(puller.one()) == (1, 0, 0, 0, 0)
        web.says("/3.xlsx", Answer(302, headers=(("Location", plain.says("/3.xlsx", Answer(body=MARCH))),)))
        assert "isn't followed" in str(puller.one().faults[0])
        assert plain.asked == []
