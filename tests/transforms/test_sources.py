"""Sources as declared: what is refused, with its line and never with a secret, and which files a source claims."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.flows.small import DISTRICT
from transforms.declared.declarations import load
from transforms.declared.district import District
from transforms.declared.sources import AnySource, HttpSource
from transforms.errors import DeclarationError

FOLDER = "  - {kind: folder, path: inbox}\n"
SFTP = "kind: sftp, url: 'sftp://h/in', user: u, password_env: A"
IMAP = "kind: imap, host: mail.example, user: u@h, password_env: A, senders: ['@h.example']"


def sources(*declared: str) -> tuple[AnySource, ...]:
    text = DISTRICT.replace(FOLDER, "".join(f"  - {{{one}}}\n" for one in declared))
    return load(text, "district.yaml", District)[0].sources


def fault(*declared: str) -> str:
    with pytest.raises(DeclarationError) as told:
        sources(*declared)
    return str(told.value)


@pytest.mark.parametrize(
    "declared",
    [
        "kind: http, addresses: ['https://clerk:hunter2@stats.example/3.xlsx']",
        "kind: http, addresses: ['clerk:hunter2@stats.example/3.xlsx']",
        "kind: http, addresses: ['https://stats.example/3.xlsx?access_token=hunter2']",
        "kind: http, addresses: ['https://stats.example/3.xlsx?id=1&X-Amz-Signature=hunter2']",
        "kind: http, addresses: ['https://stats.example/3.xlsx'], token: hunter2",
        "kind: http, addresses: ['https://stats.example/3.xlsx'], token_env: hunter2",
        "kind: sftp, url: 'sftp://clerk:hunter2@stats.example/in', user: clerk, password_env: A",
        "kind: sftp, url: 'sftp://stats.example/in', user: clerk, password: hunter2",
        "kind: sftp, url: 'sftp://stats.example/in', user: clerk, password_env: hunter2",
        "kind: s3, url: 's3://bucket/in', key_id_env: A, secret_env: 'hunter2+/'",
        "kind: s3, url: 's3://bucket/in', secret_key: hunter2",
        "kind: s3, url: 's3://bucket/in', endpoint: 'https://a:hunter2@s3.example'",
        "kind: imap, host: mail.example, user: u@h, password_env: hunter2, senders: ['@h.example']",
        "kind: imap, host: mail.example, user: u@h, password_env: A, passwort: hunter2, senders: ['@h.example']",
    ],
)
def test_a_secret_in_a_declaration_is_a_fault_that_does_not_tell_it(declared: str) -> None:
    told = fault(declared)
    assert "district.yaml:11: sources.0" in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (("kind: ftp, url: 'ftp://h/'",), "'folder', 'shared-folder', 'http', 'sftp', 's3', 'imap'"),
        (("kind: folder, path: /mnt/share",), "should match pattern"),
        (("kind: folder, path: a/../../b",), "lies below the district's own"),
        (("kind: shared-folder, path: mnt/share",), "should match pattern"),
        (("kind: shared-folder, path: /",), "should match pattern"),
        (("kind: shared-folder, path: /mnt/../etc",), "no .. in it"),
        (("kind: http, addresses: []",), "at least 1 item"),
        (("kind: http, addresses: ['file:///etc/passwd']",), "names no host"),
        (("kind: http, addresses: ['ftp://h/3.xlsx']",), "begins with http://"),
        (("kind: http, addresses: ['https://u@h/3.xlsx']",), "named under user"),
        (("kind: http, addresses: ['https://h/{day}.xlsx']",), "only {year}, {month} and {month:02}"),
        (("kind: http, addresses: ['https://h/{month}.xlsx']",), "filled in together"),
        (("kind: http, addresses: ['https://h/3', 'https://h/3']",), "given twice"),
        (("kind: http, addresses: ['http://h/3'], token_env: A",), "over https only"),
        (("kind: http, addresses: ['https://h/3'], user: u",), "given together"),
        (("kind: sftp, url: 'https://h/in', user: u, password_env: A",), "sftp://host/folder"),
        (("kind: sftp, url: 'sftp://h/in', user: u",), "one of them"),
        ((f"{SFTP}, key_file_env: B",), "one of them"),
        ((f"{SFTP}, host_keys: ['MD5:aa']",), "should match pattern"),
        (("kind: s3, url: 's3://bucket', key_id_env: A",), "given together"),
        ((f"{IMAP}, tls: false",), "to this machine itself only"),
        (("kind: imap, host: h, user: u, password_env: A, senders: []",), "at least 1 item"),
        ((IMAP.replace("mail.example", "mail..example"),), "'mail..example' is no host"),
        ((SFTP.replace("//h/", "//stats..example/"),), "'stats..example' is no host"),
        (("kind: http, addresses: ['https://stats..example/3']",), "'stats..example' is no host"),
        (("kind: s3, url: 's3://bucket/in', endpoint: 'https://s3..example'",), "'s3..example' is no host"),
        ((f"{SFTP}, refused: [abc]",), "should match pattern"),
        (("kind: folder, path: inbox", "kind: folder, path: inbox/"), "two sources"),
        (("kind: folder, path: inbox", "kind: folder, path: inbox//2024"), "two sources"),
        ((SFTP, SFTP), "two sources"),
        (('kind: folder, path: "in\\u200bbox"',), "a mark that can't be seen"),
        (('kind: http, addresses: ["https://h/\\u202e3"]',), "a mark that can't be seen"),
        ((IMAP.replace("user: ", 'folder: "IN\\nBOX", user: '),), "a mark that can't be seen"),
        (("kind: http, addresses: ['https://h/3']", "kind: http, addresses: ['https://h/4', 'https://h/3']"), "two"),
    ],
)
def test_a_source_that_cannot_be_meant_is_a_fault(declared: tuple[str, ...], words: str) -> None:
    assert words in fault(*declared)


def test_folders_beside_each_other_are_two_sources() -> None:
    first, second = sources("kind: folder, path: inbox/", "kind: folder, path: inbox2")
    assert first.claims("inbox/三月.xlsx")
    assert not first.claims("inbox2/三月.xlsx")
    assert second.claims("inbox2/三月.xlsx")


@pytest.mark.parametrize(
    ("declared", "origin"),
    [
        ("kind: folder, path: inbox//2024/", "inbox/2024/三月.xlsx"),
        ("kind: shared-folder, path: /mnt/share/", "/mnt/share/三月.xlsx"),
        (SFTP, "sftp://h/in/三月.xlsx"),
        ("kind: s3, url: 's3://bucket/in/'", "s3://bucket/in/三月.xlsx"),
        (IMAP, "imap://mail.example/u@h/INBOX/2024-04-17T093105/a@h.example/报送/三月.xlsx"),
        ("kind: http, addresses: ['https://h/{year}/{month}.xlsx']", "https://h/2023/11.xlsx"),
    ],
)
def test_a_source_claims_its_own_files_and_no_others(declared: str, origin: str) -> None:
    (source,) = sources(declared)
    assert source.claims(origin)
    assert not source.claims(f"x{origin}")
    assert not source.claims(f"{source.place}x/三月.xlsx")


def test_months_are_filled_in_over_the_turn_of_the_year() -> None:
    (source,) = sources(
        "kind: http, months_back: 1, "
        "addresses: ['https://h/{year}-{month:02}.xlsx', 'https://h/{year}/{month}', 'https://h/plan.xlsx']"
    )
    assert isinstance(source, HttpSource)
    assert source.asked(dt.date(2024, 1, 5)) == (
        ("https://h/2023-12.xlsx", False),
        ("https://h/2024-01.xlsx", False),
        ("https://h/2023/12", False),
        ("https://h/2024/1", False),
        ("https://h/plan.xlsx", True),
    )
