"""What is owed reaches each recipient once: by mail, whatever the server or the deliverer's own process does."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.alerting import clear_alerts, raise_alert
from flows.channels.parcels import ToHandOver
from flows.outlook import outlook
from flows.settling import owe_anew, settle_delivery
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.delivering import (
    FILES,
    LETTER,
    MARCH,
    PDF,
    PUBLISHED,
    Office,
    deliver_at_once,
    kill_after_claim,
    kill_before_the_end,
    kill_when_answered,
    kill_when_kept,
    kill_when_marked,
    standing_office,
)
from tests.flows.mail_hosts import MailHost, dying_in_the_middle, mail_host, trickling
from tests.flows.servers import PASSWORD, USER, certificate_in
from tests.flows.small import Sent
from transforms.alerts import OF_RUNS, Alert, AlertKind
from transforms.delivering.outbox import MessageKind, State
from transforms.errors import DeclarationError, UsageError

WANG, LI = "wang@bureau.example", "li@bureau.example"


def mail_channel(port: int, tls: str = "none", more: str = "", recipients: tuple[str, ...] = (WANG, LI)) -> str:
    login = "" if tls == "none" else f"\n    user: {USER}\n    password_env: YUEBAO_MAIL"
    listed = "".join(f"\n      - {{name: 收件人{at}, address: {one}}}" for at, one in enumerate(recipients))
    return (
        f"deliver:\n  - kind: mail\n    name: leaders\n    host: 127.0.0.1\n    port: {port}\n    tls: {tls}{login}\n"
        f"    sender: {{name: 区经信局, address: stat@bureau.example}}\n    recipients:{listed}\n{more}"
    )


@pytest.fixture
def office(
    workspace_and_sent: tuple[Workspace, Sent], address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """On each database."""
    monkeypatch.setenv("DATABASE_URL", address)
    with standing_office(workspace_and_sent[0], monkeypatch) as made:
        yield made


@pytest.fixture
def here(workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """On SQLite only: what doesn't hang on the database."""
    with standing_office(workspace_and_sent[0], monkeypatch) as made:
        yield made


@pytest.fixture
def host(tmp_path: Path) -> Iterator[MailHost]:
    """A server on this machine, without TLS."""
    with mail_host("none", certificate_in(tmp_path)) as made:
        yield made


def read(data: bytes) -> EmailMessage:
    made = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


# --- A mail -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_mail_goes_over_tls_and_says_what_the_bulletin_says(
    here: Office, tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("YUEBAO_MAIL", PASSWORD)
    with mail_host(tls, certificate) as host:
        here.declare(mail_channel(host.port, tls))
        here.publish()
        failed = here.deliver().failed  # nobody trusts the certificate yet
        assert len(failed) == 2
        assert "certificate isn't trusted" in failed[0].why
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        here.later(minutes=2)
        assert len(here.deliver().sent) == 2
    mail = read(host.mails(WANG)[0])
    assert mail["Subject"] == f"【演示数据】{LETTER.title}（{LETTER.number}）"
    assert (mail["To"], mail["From"]) == (f"收件人0 <{WANG}>", "区经信局 <stat@bureau.example>")
    assert LI.encode() not in host.mails(WANG)[0]
    assert mail["Date"].datetime == PUBLISHED
    assert mail["Message-ID"] != read(host.mails(LI)[0])["Message-ID"]
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "规模以上工业总产值：累计42.5亿元，状态正常" in plain.get_content()
    assert "<td" in page.get_content()
    assert "<script>" not in page.get_content()
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("小经信通报〔2024〕1号（演示数据）.pdf", PDF)
    assert b"filename*" in host.mails(WANG)[0]


def test_a_wrong_password_and_a_missing_variable_wait_with_their_cure(
    here: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with mail_host("implicit", certificate) as host:
        here.declare(mail_channel(host.port, "implicit", recipients=(WANG,)))
        here.publish()
        assert "YUEBAO_MAIL isn't set; set it to the secret that is needed there" in here.deliver().failed[0].why
        monkeypatch.setenv("YUEBAO_MAIL", "a wrong one")
        here.later(minutes=2)
        why = here.deliver().failed[0].why
        assert "login refused" in why
        assert "a wrong one" not in why
        assert host.taken == []


def test_a_password_that_no_login_can_send_waits_with_its_cure(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUEBAO_MAIL", "密码hunter2")
    here.declare(mail_channel(25, "implicit", recipients=(WANG,)))
    here.publish()
    why = here.deliver().failed[0].why
    assert "YUEBAO_MAIL holds a character that isn't ASCII" in why
    assert "hunter2" not in why


def test_a_server_that_knows_no_login_is_told_as_such(
    here: Office, host: MailHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUEBAO_MAIL", PASSWORD)
    login = f"    user: {USER}\n    password_env: YUEBAO_MAIL\n"
    here.declare(mail_channel(host.port, more=login, recipients=(WANG,)))
    here.publish()
    why = here.deliver().failed[0].why
    assert f"127.0.0.1:{host.port}: offers no way to log in" in why
    assert "leave user and password_env out" in why
    assert host.taken == []


def test_a_line_break_in_a_name_is_a_fault_of_the_declaration(here: Office) -> None:
    here.declare(mail_channel(25).replace("收件人0", '"x\\r\\nBcc: y@z.example"'))
    with pytest.raises(DeclarationError, match="a line break"):
        here.workspace.district("small")


def test_a_title_of_many_lines_makes_one_subject(here: Office, host: MailHost) -> None:
    from dataclasses import replace

    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.publish(letter=replace(LETTER, title="通报\r\nBcc: spy@z.example\r\n\r\n正文"))
    here.deliver()
    mail = read(host.mails(WANG)[0])
    assert mail["Bcc"] is None
    assert "通报 Bcc: spy@z.example 正文" in mail["Subject"]


def test_a_unit_gets_its_own_notice_and_no_other(here: Office, host: MailHost) -> None:
    channel = mail_channel(host.port, recipients=(WANG, LI)).replace(
        f"address: {WANG}", f"address: {WANG}, unit: 区人社局"
    )
    here.declare(channel.replace(f"address: {LI}", f"address: {LI}, unit: 区统计局") + "    what: notices\n")
    here.publish()
    here.deliver()
    assert [to for to, _ in host.taken] == [WANG]  # the other unit has no notice
    mail = read(host.mails(WANG)[0])
    assert mail["Subject"] == "【演示数据】督办单（区人社局）"
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == FILES["notices/区人社局.pdf"]


def test_a_correction_is_a_delivery_of_its_own_and_says_so(here: Office, host: MailHost) -> None:
    from dataclasses import replace

    here.declare(mail_channel(host.port, more='    subject: "{title}"\n', recipients=(WANG,)))
    here.publish()
    here.deliver()
    here.publish(1, replace(LETTER, number="小经信通报〔2024〕1号（更正）"))
    here.deliver()
    first, second = (str(read(data)["Subject"]) for data in host.mails(WANG))
    assert "更正" not in first
    assert second.endswith("（更正）")


def test_a_correction_never_overtakes_what_it_corrects(office: Office, host: MailHost) -> None:
    from dataclasses import replace

    office.declare(mail_channel(host.port, more='    subject: "{title}"\n'))
    office.publish()
    host.refuses[WANG] = "451 greylisted"
    for minutes in (0, 1, 5, 15, 60):
        office.later(minutes=minutes)
        office.deliver()
    assert office.states() == ["waiting", "sent"]  # the next try is three hours away
    office.later(minutes=10)
    office.publish(1, replace(LETTER, number="小经信通报〔2024〕1号（更正）"))
    assert len(office.deliver().sent) == 1
    (told,) = (one for one in outlook(office.workspace, "small", office.store).waiting if not one.due)
    assert told.why == f"goes after {office.deliveries()[0].code}, which is owed to the same recipient since before"
    host.refuses.clear()
    assert office.deliver().sent == ()
    office.later(minutes=1)
    assert len(office.deliver().sent) == 2
    for one in (WANG, LI):
        assert ["更正" in str(read(data)["Subject"]) for data in host.mails(one)] == [False, True]


def test_what_was_corrected_is_not_sent_after_its_correction_though_somebody_asks(here: Office, host: MailHost) -> None:
    from dataclasses import replace

    here.declare(mail_channel(host.port, recipients=(WANG,)))
    issue = here.publish()
    host.refuses[WANG] = "550 no such mailbox"
    here.deliver()
    host.refuses.clear()
    here.later(minutes=1)
    here.publish(1, replace(LETTER, number="小经信通报〔2024〕1号（更正）"))
    assert len(here.deliver().sent) == 1
    first, second = (one.code for one in here.deliveries())
    with pytest.raises(UsageError, match=f"{WANG} has issue/2024-03/1 already .{second}., which came after it"):
        settle_delivery(here.workspace, "small", first, "again", "李华", here.store)
    settle_delivery(here.workspace, "small", first, "sent", "李华", here.store)

    # Who was named since and has the correction is owed the first issue no more; who has neither is owed both.
    here.declare(mail_channel(host.port, recipients=(WANG, LI)))
    owe_anew(here.workspace, issue, here.store)
    assert [str(read(data)["Subject"]) for data in host.mails(LI)] == []
    here.deliver()
    assert len(host.mails(LI)) == 1


def test_an_all_clear_never_overtakes_its_alert(office: Office, host: MailHost) -> None:
    office.declare(mail_channel(host.port, recipients=(WANG,)).replace("deliver:", "alerts:"))
    raise_alert(office.workspace, BLOCKED, office.store)
    host.refuses[WANG] = "451 greylisted"
    office.deliver()
    host.refuses.clear()
    clear_alerts(office.workspace, "small", MARCH, OF_RUNS, office.store)
    office.deliver()
    office.later(minutes=1)
    office.deliver()
    assert [str(read(data)["Subject"])[:4] for data in host.mails(WANG)] == ["月报告警", "月报恢复"]


# --- Refused, later, uncertain ------------------------------------------------------------------


def test_a_refusal_for_good_is_told_and_not_tried_again_and_the_others_get_theirs(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port))
    here.publish()
    host.refuses[WANG] = "550 no such mailbox"
    found = here.deliver()
    assert (len(found.sent), len(found.refused)) == (1, 1)
    assert found.refused[0].why == "550 no such mailbox"
    host.refuses.clear()
    here.later(days=2)
    assert here.deliver().sent == ()
    assert [to for to, _ in host.taken] == [LI]


def test_what_may_pass_is_tried_again_with_growing_waits(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.publish()
    host.refuses[WANG] = "450 greylisted"
    waits = []
    for _ in range(3):
        here.deliver()
        not_before = here.deliveries()[0].not_before
        assert not_before is not None
        waits.append((not_before - here.at).total_seconds())
        assert here.deliver().failed == ()  # not due yet
        here.at = not_before
    assert waits == [60, 300, 900]
    host.refuses.clear()
    assert len(here.deliver().sent) == 1


def test_a_server_that_refuses_at_the_end_took_nothing(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port))
    here.publish()
    host.ends_with[:] = ["451 disk full", "554 spam"]
    here.deliver()
    assert here.states() == ["waiting", "refused"]
    assert host.taken == []


def test_a_line_that_is_too_long_is_no_refusal(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.publish()
    host.refuses[WANG] = f"250 {'x' * 10_000}"
    assert "answers as no mail server does" in here.deliver().failed[0].why
    assert here.states() == ["waiting"]
    host.refuses.clear()
    here.later(minutes=2)
    assert len(here.deliver().sent) == 1


def test_a_server_that_dies_in_the_middle_of_a_mail_is_tried_again(here: Office, host: MailHost) -> None:
    large = {**FILES, "bulletin.pdf": PDF * 200_000}
    with dying_in_the_middle() as port:
        here.declare(mail_channel(port, recipients=(WANG,)))
        here.publish(files=large)
        assert "lost before the end" in here.deliver().failed[0].why
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.later(minutes=2)
    assert len(here.deliver().sent) == 1


def test_a_server_that_hangs_up_after_the_end_leaves_a_doubt_that_a_person_settles(
    here: Office, host: MailHost, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.publish()
    host.ends_with[:] = ["hang up"]
    (uncertain,) = here.deliver().uncertain
    assert len(host.mails(WANG)) == 1
    here.later(days=9)
    here.deliver()
    assert len(host.mails(WANG)) == 1  # never again by itself
    code = uncertain.delivery.code
    root = str(here.workspace.root)
    assert yuebao(monkeypatch, "deliver", "small", "--workspace", root) == 6
    assert f"uncertain: [{code}]" in capsys.readouterr().out
    assert yuebao(monkeypatch, "status", "small", "--workspace", root) == 0
    assert f"undelivered, uncertain: [{code}]" in capsys.readouterr().out
    settling = ("deliver", "small", "--settle", code, "sent", "--workspace", root, "--by")
    assert yuebao(monkeypatch, *settling, "李华", "--dry-run") == 2
    assert here.states() == ["uncertain"]
    assert yuebao(monkeypatch, *settling, "李\n华") == 2
    assert here.states() == ["uncertain"]
    assert yuebao(monkeypatch, *settling, "李\u3000华") == 0
    assert here.states() == ["sent"]
    assert here.deliveries()[0].told == "said to have arrived, by 李 华"
    assert yuebao(monkeypatch, *settling, "李华") == 2
    assert len(host.mails(WANG)) == 1


@pytest.mark.parametrize(
    ("at", "stands"), [(b"", "waiting"), (b"EHLO", "waiting"), (b"RCPT", "waiting"), (b".\r\n", "uncertain")]
)
def test_a_server_that_trickles_its_answers_is_given_up(
    here: Office, monkeypatch: pytest.MonkeyPatch, at: bytes, stands: str
) -> None:
    monkeypatch.setattr("flows.handing_over.longest", lambda _: dt.timedelta(seconds=3))
    with trickling(at) as server:
        here.declare(mail_channel(server.port, recipients=(WANG,)))
        here.publish()
        (failed,) = here.deliver().failed
        assert "no end within 3 seconds" in failed.why
        assert here.states() == [stands]
        # What was given up goes on alone, and hands nothing over.
        server.go_on()
        assert server.ended.wait(240)
        assert server.mails == (1 if stands == "uncertain" else 0)
        here.later(minutes=2)
        here.deliver()
        assert here.states() == ["uncertain" if stands == "uncertain" else "sent"]


def test_a_channel_on_which_time_was_lost_rests_until_the_next_round(
    here: Office, host: MailHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.delivering._IN_VAIN", 0.0)
    (tmp_path / "share").mkdir()
    share = f"  - {{kind: folder, name: share, path: '{tmp_path}/share'}}\n"
    here.declare(mail_channel(host.port, recipients=(WANG, LI, "three@bureau.example"), more=share))
    here.publish()
    host.refuses[LI] = "451 not now"
    assert len(here.deliver().sent) == 2
    assert here.states() == ["sent", "waiting", "waiting", "sent"]
    assert len(here.deliver().sent) == 1
    assert here.states() == ["sent", "waiting", "sent", "sent"]


# --- Crashes and several deliverers -------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "mails", "state"),
    [
        (kill_after_claim, 1, "sent"),
        (kill_before_the_end, 1, "sent"),
        (kill_when_marked, 0, "uncertain"),
        (kill_when_answered, 1, "uncertain"),
        (kill_when_kept, 1, "sent"),
    ],
)
def test_a_deliverer_killed_at_any_step_doubles_none_and_loses_none(
    office: Office, host: MailHost, step: Callable[[], None], mails: int, state: str
) -> None:
    office.declare(mail_channel(host.port))
    office.publish()
    assert office.in_another_process(step) == -9
    office.deliver()
    office.later(days=1)
    office.deliver()
    assert office.states() == [state, "sent"]
    assert (len(host.mails(WANG)), len(host.mails(LI))) == (mails, 1)
    if state == "uncertain":
        assert "died while handing it over" in outlook(office.workspace, "small", office.store).uncertain[0].why


def test_what_a_deliverer_found_refused_is_told_though_it_was_killed_then(office: Office, host: MailHost) -> None:
    alerts = mail_channel(host.port, recipients=("ops@bureau.example",)).replace("deliver:", "alerts:")
    office.declare(mail_channel(host.port, recipients=(WANG,)) + alerts)
    office.publish()
    host.refuses[WANG] = "550 no such mailbox"
    assert office.in_another_process(kill_when_kept) == -9
    assert office.states() == ["refused"]
    office.deliver()
    assert [str(read(data)["Subject"]) for data in host.mails("ops@bureau.example")] == [
        "月报告警：小河区2024年3月投递被拒"
    ]


def test_of_several_deliverers_each_recipient_gets_one_mail(office: Office, host: MailHost) -> None:
    everybody = tuple(f"one{number}@bureau.example" for number in range(12))
    office.declare(mail_channel(host.port, recipients=everybody))
    office.publish()
    assert deliver_at_once(office, 4) == [0, 0, 0, 0]
    assert sorted(to for to, _ in host.taken) == sorted(everybody)
    assert set(office.states()) == {"sent"}


# --- When, and to whom --------------------------------------------------------------------------


def test_a_delivery_waits_for_its_hour_on_a_working_day(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port, more='    at: "09:00"\n    working_days: true\n', recipients=(WANG,)))
    here.at = PUBLISHED.replace(month=4, day=30, hour=18)  # before the May holidays of 2024: 1st to 5th
    here.publish()
    (waiting,) = here.deliver().waiting
    assert waiting.due == "2024-05-06T09:00:00+08:00"
    here.at = PUBLISHED.replace(month=5, day=6, hour=8, minute=59)
    assert here.deliver().sent == ()
    here.later(minutes=1)
    assert len(here.deliver().sent) == 1


def test_who_is_no_longer_declared_gets_nothing_and_who_was_added_may_be_owed_it(
    here: Office, host: MailHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.publish()
    here.declare(mail_channel(host.port, recipients=(LI,)))
    assert "no longer in district.yaml" in here.deliver().waiting[0].why
    assert host.taken == []
    at = ("--workspace", here.workspace.root)
    assert yuebao(monkeypatch, "deliver", "small", "--issue", "2024-009", *at) == 2
    assert yuebao(monkeypatch, "deliver", "small", "--issue", "2024-001", "--dry-run", "--json", *at) == 0
    told = json.loads(capsys.readouterr().out)["small"]
    assert [one["recipient"] for one in told["waiting"]] == [WANG, LI]
    assert len(here.deliveries()) == 1
    for _ in range(2):
        assert yuebao(monkeypatch, "deliver", "small", "--issue", "2024-001", *at) == 0
    assert [to for to, _ in host.taken] == [LI]


def test_an_address_is_the_same_in_capitals(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    issue = here.publish()
    here.declare(mail_channel(host.port, recipients=(WANG.replace("bureau", "Bureau"),)))
    assert len(here.deliver().sent) == 1
    owe_anew(here.workspace, issue, here.store)
    assert here.deliver().sent == ()
    assert len(host.taken) == 1


def test_an_issue_without_a_file_that_was_to_go_along_is_sent_and_that_is_said(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,), more="    attach: [bulletin.pdf, bulletin.docx]\n"))
    here.publish()
    (sent,) = here.deliver().sent
    assert sent.why.endswith("; without bulletin.docx, which the issue hasn't")
    here.declare(mail_channel(host.port, recipients=(WANG,), more="    attach: [bulletin.pdf, bulletin.xslx]\n"))
    with pytest.raises(
        DeclarationError, match=r"yaml:\d+: an issue has no file 'bulletin.xslx'; attach bulletin.pdf、"
    ):
        here.workspace.district("small")


# --- Alerts -------------------------------------------------------------------------------------

BLOCKED = Alert(
    AlertKind.BLOCKED,
    "small",
    MARCH,
    "通报未能生成",
    "主要经济指标.xlsx《主要经济指标》D4：累计小于上期",
    ("主要经济指标.xlsx",),
)


def test_an_alert_is_told_once_for_each_cause_and_so_is_its_end(office: Office, host: MailHost) -> None:
    office.declare(mail_channel(host.port, recipients=(WANG,)).replace("deliver:", "alerts:"))
    for _ in range(3):
        raise_alert(office.workspace, BLOCKED, office.store)
        office.deliver()
    (mail,) = (read(data) for data in host.mails(WANG))
    assert mail["Subject"] == "月报告警：小河区2024年3月数据存疑，通报未能生成"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "主要经济指标.xlsx《主要经济指标》D4：累计小于上期" in body.get_content()
    clear_alerts(office.workspace, "small", MARCH, OF_RUNS, office.store)
    clear_alerts(office.workspace, "small", MARCH, OF_RUNS, office.store)
    office.deliver()
    assert [read(data)["Subject"] for data in host.mails(WANG)[1:]] == ["月报恢复：小河区2024年3月"]
    raise_alert(office.workspace, BLOCKED, office.store)
    office.deliver()
    assert len(host.mails(WANG)) == 3  # it befell anew


def test_that_it_is_over_is_told_though_the_declaration_was_at_fault_then(here: Office, host: MailHost) -> None:
    alerts = mail_channel(host.port, recipients=(WANG,)).replace("deliver:", "alerts:")
    here.declare(alerts)
    raise_alert(here.workspace, BLOCKED, here.store)
    here.declare("nonsense: true\n")
    clear_alerts(here.workspace, "small", MARCH, OF_RUNS, here.store)
    here.declare(alerts)
    here.deliver()
    assert [str(read(data)["Subject"])[:4] for data in host.mails(WANG)] == ["月报告警", "月报恢复"]


def test_whoever_is_named_later_is_told_of_what_stands(here: Office, host: MailHost) -> None:
    raise_alert(here.workspace, BLOCKED, here.store)
    here.deliver()
    assert host.taken == []
    here.declare(mail_channel(host.port, recipients=(WANG,)).replace("deliver:", "alerts:"))
    (foreseen,) = outlook(here.workspace, "small", here.store).waiting
    assert foreseen.delivery.owed.recipient == WANG
    for _ in range(2):
        here.deliver()
    assert [str(read(data)["Subject"])[:4] for data in host.mails(WANG)] == ["月报告警"]
    clear_alerts(here.workspace, "small", MARCH, OF_RUNS, here.store)
    here.declare(mail_channel(host.port, recipients=(WANG, LI)).replace("deliver:", "alerts:"))
    here.deliver()
    assert [str(read(data)["Subject"])[:4] for data in host.mails(WANG)] == ["月报告警", "月报恢复"]
    assert host.mails(LI) == []  # it was over before


def test_an_alert_about_a_faulty_declaration_waits_until_it_is_mended(here: Office, host: MailHost) -> None:
    here.declare("nonsense: true\n")
    raise_alert(here.workspace, BLOCKED, here.store)
    here.declare(mail_channel(host.port, recipients=(WANG,)).replace("deliver:", "alerts:"))
    here.deliver()
    assert len(host.mails(WANG)) == 1


@pytest.mark.parametrize(("handed_over", "stands"), [(False, State.WAITING), (True, State.UNCERTAIN)])
def test_a_message_that_breaks_its_channel_keeps_no_other_from_leaving(
    here: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handed_over: bool, stands: State
) -> None:
    def breaks(_channel: object, _to: object, given: ToHandOver) -> None:
        if handed_over:
            given.hand_over()
        raise ValueError("a secret")

    monkeypatch.setattr("flows.channels.mail.hand_mail", breaks)
    folder = f"  - {{kind: folder, name: share, path: '{tmp_path}/share'}}\n"
    (tmp_path / "share").mkdir()
    here.declare(mail_channel(25, recipients=(WANG,), more=folder))
    here.publish()
    found = here.deliver()
    assert [one.delivery.owed.channel for one in found.sent] == ["share"]
    (broken,) = found.failed
    assert broken.delivery.state is stands
    assert "a fault of the program: ValueError at test_deliver.py" in broken.why
    assert "secret" not in broken.why


def test_a_delivery_that_doesnt_go_for_an_hour_is_told_and_when_it_goes_again(here: Office, host: MailHost) -> None:
    here.declare(f"{mail_channel(9, recipients=(WANG,))}alerts{mail_channel(host.port, recipients=(LI,))[7:]}")
    here.publish()
    begun = here.at
    while not here.deliveries(MessageKind.ALERT):
        here.later(minutes=1)
        here.deliver()
    assert dt.timedelta(hours=1) < here.at - begun < dt.timedelta(hours=2)
    assert here.states() == ["waiting"]
    assert "投递多次未成功" in str(read(host.mails(LI)[0])["Subject"])
    here.declare(f"{mail_channel(10, recipients=(WANG,))}alerts{mail_channel(host.port, recipients=(LI,))[7:]}")
    for _ in range(3):
        here.later(hours=7)
        here.deliver()
    assert len(host.mails(LI)) == 1  # what stands is told once, whatever the answers say

    here.declare(f"{mail_channel(host.port, recipients=(WANG,))}alerts{mail_channel(host.port, recipients=(LI,))[7:]}")
    here.later(hours=6)
    here.deliver()
    assert here.states() == ["sent"]
    here.deliver()
    assert "月报恢复" in str(read(host.mails(LI)[1])["Subject"])


def test_a_refused_and_an_uncertain_delivery_are_told_to_ops_and_an_alert_never_by_an_alert(
    here: Office, host: MailHost
) -> None:
    alerts = mail_channel(host.port, recipients=("ops@bureau.example",)).replace("deliver:", "alerts:")
    here.declare(mail_channel(host.port) + alerts)
    here.publish()
    host.refuses[LI] = "550 no such mailbox"
    host.ends_with[:] = ["hang up"]
    here.deliver()
    told = [str(read(data)["Subject"]) for data in host.mails("ops@bureau.example")]
    assert told == ["月报告警：小河区2024年3月投递结果不明", "月报告警：小河区2024年3月投递被拒"]
    host.refuses["ops@bureau.example"] = "550 gone"
    raise_alert(here.workspace, BLOCKED, here.store)
    here.deliver()
    assert len(here.deliveries(MessageKind.ALERT)) == 3


def test_what_was_told_of_a_delivery_is_over_when_a_person_says_that_it_came_or_it_comes(
    here: Office, host: MailHost
) -> None:
    alerts = mail_channel(host.port, recipients=("ops@bureau.example",)).replace("deliver:", "alerts:")
    here.declare(mail_channel(host.port) + alerts)
    here.publish()
    host.refuses.update({WANG: "550 no such mailbox", LI: "550 no such mailbox"})
    here.deliver()
    host.refuses.clear()
    first, second = (one.code for one in here.deliveries())

    def told() -> list[str]:
        here.deliver()
        return [str(read(data)["Subject"])[:4] for data in host.mails("ops@bureau.example")]

    settle_delivery(here.workspace, "small", first, "sent", "李华", here.store)
    assert told() == ["月报告警", "月报告警", "月报恢复"]
    settle_delivery(here.workspace, "small", second, "again", "李华", here.store)
    here.later(minutes=1)
    assert told() == ["月报告警", "月报告警", "月报恢复", "月报恢复"]
    assert here.states() == ["sent", "sent"]
    assert [to for to, _ in host.taken if to == WANG] == []


def test_a_waiting_one_that_is_known_to_have_come_is_settled(here: Office, host: MailHost) -> None:
    here.declare(mail_channel(host.port, recipients=(WANG,)))
    here.publish()
    (one,) = here.deliveries()
    settle_delivery(here.workspace, "small", one.code, "sent", "李华", here.store)
    here.deliver()
    assert (here.states(), host.taken) == (["sent"], [])
