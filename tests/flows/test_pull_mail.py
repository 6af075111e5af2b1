"""The attachments of a mailbox, on a real IMAP server: who may send, what its files are called, what is a revision."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from urllib.parse import quote

import pytest

from flows.clock import BEIJING
from flows.sources.attachments import Attachment, Unwanted, attachments, taken_apart
from flows.sources.file_names import of_header, own_name
from tests.flows.pulling import Puller, every_text, statistics, told
from tests.flows.servers import PASSWORD, USER, MailServed, certificate_in, mail_server
from transforms.errors import InputError

MARCH = statistics(42.5)
CAME = dt.datetime(2024, 4, 17, 9, 31, 5, tzinfo=BEIJING)


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServed]:
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    monkeypatch.setenv("YUEBAO_MAIL", PASSWORD)
    with mail_server(certificate) as served:
        yield served


def declare(puller: Puller, served: MailServed, more: str = "") -> None:
    puller.declare(
        f"  - {{kind: imap, host: 127.0.0.1, port: {served.port}, user: {USER}, password_env: YUEBAO_MAIL, "
        f"senders: [tongji@bureau.example, '@people.example']{more}}}\n"
    )


def attached(name: str, data: bytes, style: str = "rfc2231") -> Message:
    """A part that holds a file, its name written as mail programs do."""
    part = MIMEApplication(data, "vnd.ms-excel")
    if style == "rfc2231":
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    elif style == "rfc2231 gbk":
        part["Content-Disposition"] = f"attachment; filename*=gb2312''{quote(name.encode('gbk'))}"
    elif style == "bare gbk":
        part["Content-Disposition"] = 'attachment; filename="@@@"'
    elif style == "name only":
        part.replace_header("Content-Type", f'application/octet-stream; name="{Header(name, "utf-8").encode()}"')
    else:
        part.add_header("Content-Disposition", "attachment", filename=Header(name, style).encode())
    return part


def mail(*parts: Message, subject: str = "3月报送", sender: str = "区统计局 <tongji@bureau.example>") -> Message:
    made = MIMEMultipart()
    made["From"], made["To"], made["Subject"] = sender, USER, Header(subject, "gb18030").encode()
    made.attach(MIMEText("请查收", "plain", "utf-8"))
    for part in parts:
        made.attach(part)
    return made


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_attachments_are_pulled_once_each_from_its_mail(puller: Puller, mailbox: MailServed) -> None:
    mailbox.bring(mail(attached("三月.xlsx", MARCH), attached("二月.xlsx", statistics(26.0, 2))), CAME)
    declare(puller, mailbox)
    first = puller.one()
    assert told(first) == (2, 0, 0, 0, 0)
    march = next(vintage for vintage in first.new if vintage.workbook == "三月.xlsx")
    assert march.origin == (f"imap://127.0.0.1/{USER}/INBOX/2024-04-17T093105/tongji@bureau.example/3月报送/三月.xlsx")
    assert march.received == CAME
    assert puller.bytes_of(march) == MARCH
    assert "Seen" not in mailbox.flags()
    for vintage in first.new:
        puller.workspace.vintage_file("small", vintage.sha256).unlink()
    assert told(puller.one()) == (0, 0, 1, 0, 0)
    assert not puller.workspace.vintage_file("small", march.sha256).exists()

    mailbox.empty()
    assert told(puller.one()) == (0, 0, 0, 0, 0)
    assert len(puller.standing()) == 2


def test_a_correction_mail_is_a_revision_and_another_month_is_none(puller: Puller, mailbox: MailServed) -> None:
    mailbox.bring(mail(attached("报送表.xlsx", statistics(26.0, 2)), subject="报送"), CAME - dt.timedelta(days=31))
    mailbox.bring(mail(attached("报送表.xlsx", MARCH), subject="报送"), CAME)
    declare(puller, mailbox)
    puller.bulletin()
    mailbox.bring(mail(attached("报送表.xlsx", statistics(43.1)), subject="报送"), CAME + dt.timedelta(days=20))
    made = puller.bulletin()
    output = next(one for one in made.assessments if one.indicator.code == "gross-output")
    assert str(output.value) == "43.1"
    text = (made.folder / "bulletin.html").read_text(encoding="utf-8")
    assert "42.5" in text
    assert "修订" in text
    assert puller.bulletin("2024-02").folder.is_dir()


@pytest.mark.parametrize(
    ("sender", "subject", "taken"),
    [
        ("tongji@bureau.example", "3月报送", True),
        ("TongJi@Bureau.Example", "3月报送", True),
        ("anybody@people.example", "3月报送", True),
        ("tongji@bureau.example", "会议通知", False),
        ("tongji@bureau.example.evil.example", "3月报送", False),
        ("anybody@morepeople.example", "3月报送", False),
        ('"tongji@bureau.example" <evil@evil.example>', "3月报送", False),
        ("tongji@bureau.example, evil@evil.example", "3月报送", False),
    ],
)
def test_only_named_senders_and_subjects_are_let_in(
    puller: Puller, mailbox: MailServed, sender: str, subject: str, taken: bool
) -> None:
    mailbox.bring(mail(attached("三月.xlsx", MARCH), sender=sender, subject=subject), CAME)
    declare(puller, mailbox, ", subject: [报送, 月报]")
    pulled = puller.one()
    assert told(pulled) == (int(taken), 0, 0, 0, 0)
    assert [one.why for one in pulled.passed_over] == (
        ["its sender isn't among senders"] if "evil" in sender or "more" in sender else []
    )


def test_mails_before_a_day_are_passed_over(puller: Puller, mailbox: MailServed) -> None:
    mailbox.bring(mail(attached("二月.xlsx", statistics(26.0, 2))), CAME.replace(day=1))
    mailbox.bring(mail(attached("三月.xlsx", MARCH)), CAME)
    declare(puller, mailbox, ", since: 2024-04-17")
    assert [vintage.workbook for vintage in puller.one().new] == ["三月.xlsx"]


def test_a_wrong_attachment_is_taken_out_by_its_hash(puller: Puller, mailbox: MailServed) -> None:
    mailbox.bring(mail(attached("三月.xlsx", MARCH)), CAME)
    declare(puller, mailbox)
    (vintage,) = puller.one().new
    declare(puller, mailbox, f", refused: ['{vintage.sha256}']")
    assert told(puller.one()) == (0, 0, 1, 1, 0)
    assert puller.standing() == []
    assert told(puller.one()) == (0, 0, 0, 0, 0)


def test_a_wrong_password_a_wrong_folder_and_an_unknown_certificate_are_told(
    puller: Puller, mailbox: MailServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(puller, mailbox, ", folder: 没有")
    assert "there's no folder 没有" in str(puller.one().faults[0])
    declare(puller, mailbox)
    monkeypatch.setenv("YUEBAO_MAIL", "guessed-wrong")
    assert "授权码" in str(puller.one().faults[0])
    monkeypatch.delenv("YUEBAO_MAIL")
    assert "YUEBAO_MAIL isn't set" in str(puller.one().faults[0])
    monkeypatch.setenv("YUEBAO_MAIL", PASSWORD)
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate isn't trusted" in str(puller.one().faults[0])
    assert puller.waited == []
    assert not {"guessed-wrong", PASSWORD} & set(every_text(puller.workspace.root).split())


def test_a_server_that_is_not_there_is_tried_again(puller: Puller, tmp_path: Path, mailbox: MailServed) -> None:
    declare(puller, MailServed(1, None))
    assert "the connection failed" in str(puller.one().faults[0])
    assert puller.waited == [1.0, 2.0, 4.0]


def test_without_tls_on_this_machine(puller: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUEBAO_MAIL", PASSWORD)
    with mail_server(None) as served:
        served.bring(mail(attached("三月.xlsx", MARCH)), CAME)
        declare(puller, served, ", tls: false")
        assert told(puller.one()) == (1, 0, 0, 0, 0)


def test_a_mail_without_a_spreadsheet_is_looked_at_once(puller: Puller, mailbox: MailServed) -> None:
    mailbox.bring(mail(attached("盖章扫描件.pdf", b"%PDF")), CAME)
    mailbox.bring(mail(), CAME)
    declare(puller, mailbox)
    assert [one.why for one in puller.one().passed_over] == ["no spreadsheet by its name"]
    again = puller.one()
    assert (told(again), again.passed_over, again.files) == ((0, 0, 0, 0, 0), [], 0)


def test_a_mail_that_is_nested_beyond_measure_is_told() -> None:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth) for depth in range(1200)
    )
    with pytest.raises(InputError, match=r"^imap://a/b: its parts are nested too deeply"):
        taken_apart(parts + b"Content-Type: text/plain\r\n\r\nx\r\n", "imap://a/b")


def test_an_attachment_below_many_forwarded_mails_is_found() -> None:
    deep = mail(attached("三月.xlsx", MARCH))
    for _ in range(1200):
        outer = MIMEMultipart()
        outer.attach(deep)
        deep = outer
    assert [one.name for one in attachments(deep)] == ["三月.xlsx"]


def test_a_sender_within_comments_beyond_measure_is_nobody(puller: Puller, mailbox: MailServed) -> None:
    mailbox.bring_bytes(b"From: " + b"(" * 1200 + b"\r\nSubject: x\r\n\r\nx\r\n", CAME)
    declare(puller, mailbox)
    assert [one.why for one in puller.one().passed_over] == ["its sender isn't among senders"]


def test_one_attachment_name_of_two_senders_and_two_mails_of_one_moment_are_apart(
    puller: Puller, mailbox: MailServed
) -> None:
    for sender, total in (("a@people.example", 42.5), ("b@people.example", 43.5)):
        mailbox.bring(mail(attached("报送表.xlsx", statistics(total)), sender=sender), CAME)
    declare(puller, mailbox)
    assert told(puller.one()) == (2, 0, 0, 0, 0)
    assert len({vintage.origin for vintage in puller.standing()}) == 2
    assert told(puller.one()) == (0, 0, 2, 0, 0)


# --- What a mail holds --------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["rfc2231", "rfc2231 gbk", "utf-8", "gb2312", "gb18030", "name only", "bare gbk"])
def test_chinese_names_are_read_however_they_are_written(style: str) -> None:
    raw = mail(attached("规上工业三月.xls", MARCH, style)).as_bytes().replace(b"@@@", "规上工业三月.xls".encode("gbk"))
    assert [one.name for one in attachments(message_from_bytes(raw))] == ["规上工业三月.xls"]


def test_pictures_and_letters_are_no_spreadsheets() -> None:
    logo = MIMEImage(b"\x89PNG", "png")
    logo.add_header("Content-Disposition", "inline", filename="logo.png")
    found = list(attachments(mail(logo, attached("盖章扫描件.pdf", b"%PDF"), attached("../../三月", MARCH))))
    assert found == [Unwanted("盖章扫描件.pdf", "no spreadsheet by its name"), Attachment("三月", MARCH)]


def test_an_archive_gives_its_files_and_a_forwarded_mail_its_own() -> None:
    data = packed(**{"报送/三月.xlsx": MARCH, "报送/说明.docx": b"x", "__MACOSX/._三月.xlsx": b"x", "空/": b""})
    inner = mail(attached("三月.zip", data))
    assert [one.name for one in attachments(mail(MIMEMessage(inner)))] == ["三月.zip/三月.xlsx"]


def test_an_archive_packed_in_china_names_its_files_in_gbk() -> None:
    data = packed(**{"AAAA.xlsx": MARCH}).replace(b"AAAA", "三月".encode("gbk"))
    assert [one.name for one in attachments(mail(attached("a.zip", data)))] == ["a.zip/三月.xlsx"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 cut off", "a damaged archive"),
        (packed(**{f"{number}.xlsx": b"x" for number in range(201)}), "more than 200 files"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_told(data: bytes, words: str) -> None:
    (found,) = attachments(mail(attached("三月.zip", data)))
    assert isinstance(found, Unwanted)
    assert words in str(found.error)


def test_an_encrypted_archive_is_told(puller: Puller, mailbox: MailServed) -> None:
    data = bytearray(packed(**{"三月.xlsx": MARCH}))
    data[6] |= 1  # the flag before the file, and the one in the list at the end
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    mailbox.bring(mail(attached("a.zip", bytes(data)), attached("二月.xlsx", statistics(26.0, 2))), CAME)
    declare(puller, mailbox)
    pulled = puller.one()
    assert told(pulled) == (1, 0, 0, 0, 1)
    assert "encrypted" in str(pulled.faults[0])
    assert told(puller.one())[4] == 1, "an attachment that couldn't be had is told at every pull"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("=?GB2312?B?sajLzQ==?= 3", "报送 3"),
        ("=?no-such-charset?B?sajLzQ==?=", "报送"),
        ("=?utf-8?B?sajLzQ==?=", "报送"),
        ("=?\0?B?sajLzQ==?=", "报送"),
        ("=?utf-8?B?sajLz?=", "=?utf-8?B?sajLz?="),
        (None, ""),
    ],
)
def test_headers_that_lie_about_themselves_are_read_or_left(told: str | None, words: str) -> None:
    assert of_header(told) == words


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("C:\\报送\\三月.xlsx", "三月.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("三月\u202exslx.exe", "三月xslx.exe"),
        ("三\r\n月.xlsx", "三 月.xlsx"),
        ("..", "附件"),
        ("字" * 500 + ".xlsx", "字" * 120 + ".xlsx"),
    ],
)
def test_a_told_name_is_never_a_path(told: str, name: str) -> None:
    assert own_name(told, "附件") == name
