"""When a delivery is due and tried again, what an answer means, and how a letter reads in a chat."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from transforms.alerts import Alert, AlertKind
from transforms.declared.deliveries import DingTalkChannel, FeishuChannel, FolderChannel, MailChannel, WeComChannel
from transforms.delivering.letters import Letter, Part, letter_of_alert
from transforms.delivering.outbox import (
    BEIJING,
    LEASE,
    LONGEST_TRIED,
    MOST_ATTEMPTS,
    Delivery,
    Message,
    MessageKind,
    Owed,
    State,
    due,
    in_vain,
    left_behind,
    longest,
    next_try,
)
from transforms.delivering.outcomes import Later, Refused, Sent, Uncertain
from transforms.delivering.rendering import html, markdown
from transforms.delivering.robots import WECOM_MOST, dingtalk_query, feishu_sign, judged
from transforms.delivering.turns import first_before, in_turn
from transforms.periods import Period

NOON = dt.datetime(2024, 4, 18, 12, 0, tzinfo=BEIJING)
WECOM = WeComChannel(kind="wecom", name="chat", url_env="URL")


def delivery(state: State = State.WAITING, claim: str | None = None) -> Delivery:
    message = Message("small", None, "issue/2024-03/0", MessageKind.ISSUE, "{}", NOON)
    return Delivery(1, message, Owed("chat", "wecom"), state, 0, None, claim, NOON, "")


def test_the_hour_after_which_it_was_published_is_the_next_day_s() -> None:
    nine = WeComChannel.model_validate({"kind": "wecom", "name": "chat", "url_env": "URL", "at": "09:00"})
    assert due(delivery(), WECOM, lambda _: True) == NOON
    assert due(delivery(), nine, lambda _: True) == dt.datetime(2024, 4, 19, 9, 0, tzinfo=BEIJING)
    worked = nine.model_copy(update={"working_days": True})
    assert due(delivery(), worked, lambda day: day.day > 21) == dt.datetime(2024, 4, 22, 9, 0, tzinfo=BEIJING)


def test_waits_grow_and_end() -> None:
    waits = [next_try(attempts, NOON, NOON, None) for attempts in range(1, MOST_ATTEMPTS)]
    assert [one for one in waits if one] == sorted(one for one in waits if one)
    later = NOON + LONGEST_TRIED
    assert next_try(MOST_ATTEMPTS - 1, NOON, later, None) == later + dt.timedelta(hours=6)
    assert next_try(MOST_ATTEMPTS, NOON, later, None) is None
    # One that others waited for has had its attempts sooner.
    early = later - dt.timedelta(minutes=1)
    assert next_try(MOST_ATTEMPTS, NOON, early, None) == early + dt.timedelta(hours=6)
    assert next_try(1, NOON, NOON, 600.0) == NOON + dt.timedelta(minutes=10)


def aged(minutes: int, state: State = State.WAITING, attempts: int = 0, tried: int = 0, **told: object) -> Delivery:
    """Of an issue's message made so many minutes after noon, and tried last so many minutes after noon."""
    message = replace(delivery().message, key=f"issue/2024-03/{minutes}", made=NOON + dt.timedelta(minutes=minutes))
    changed = NOON + dt.timedelta(minutes=tried or minutes)
    made = replace(delivery(state), id=minutes, message=message, attempts=attempts, changed=changed)
    return replace(made, **told)  # type: ignore[arg-type]


def test_a_message_waits_for_one_before_it_to_the_same_recipient_of_the_same_period() -> None:
    first, second = aged(1), aged(2)
    assert first_before(second, [second, first]) is first
    assert first_before(first, [first, second]) is None
    assert first_before(aged(3), [second, first]) is first
    for over in (State.SENT, State.REFUSED, State.UNCERTAIN):
        assert first_before(second, [aged(1, over), second]) is None
    for underway in (State.CLAIMED, State.HANDING_OVER):
        assert first_before(second, [aged(1, underway), second]) is not None
    elsewhere = aged(1, owed=Owed("chat", "feishu"))
    alert = replace(first, message=replace(first.message, kind=MessageKind.ALERT))
    other_month = replace(first, message=replace(first.message, period=Period(2024, 2)))
    assert first_before(second, [elsewhere, alert, other_month, second]) is None


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        (0, 200),  # never tried, and the channel's hour is far: nothing makes it sooner but the later one's own hour
        (90, 100),  # tried before there was a later one: as soon as that is due
        (100, 101),
        (104, 108),
        (132, 164),
        (180, 200),  # it's due by itself before it has waited as long again
    ],
)
def test_one_that_a_later_one_waits_for_is_tried_sooner(tried: int, expected: int) -> None:
    own = NOON + dt.timedelta(minutes=200)
    first, later = aged(1, attempts=6 * bool(tried), tried=tried, not_before=own), aged(100)
    hour = own if not tried else later.message.made
    found = in_turn(first, [first, later], lambda one: (one.not_before or hour) if one.id == 1 else hour)
    assert (found - NOON).total_seconds() / 60 == expected


def test_but_not_before_the_moment_that_the_other_side_asked_for() -> None:
    asked = aged(1, attempts=1, tried=100, not_before=NOON + dt.timedelta(minutes=110))
    assert in_turn(asked, [asked, aged(101)], lambda one: one.not_before or one.message.made) == asked.not_before


def test_ops_are_told_of_one_that_was_tried_in_vain_often_and_for_an_hour() -> None:
    tried = replace(delivery(), attempts=4)
    assert not in_vain(tried, NOON + dt.timedelta(minutes=59))
    assert in_vain(tried, NOON + dt.timedelta(hours=1))
    assert not in_vain(replace(tried, attempts=3), NOON + dt.timedelta(hours=2))


def test_only_what_was_being_handed_over_is_uncertain_after_a_death() -> None:
    held = delivery(State.HANDING_OVER, "a 1 x")
    assert left_behind(held, NOON, lambda _: False) is None
    assert left_behind(held, NOON, lambda _: True) is State.UNCERTAIN
    assert left_behind(held, NOON + LEASE, lambda _: False) is State.UNCERTAIN
    assert left_behind(delivery(State.CLAIMED, "a 1 x"), NOON, lambda _: True) is State.WAITING


def test_no_hand_over_lasts_as_long_as_its_claim() -> None:
    folder = FolderChannel(kind="folder", name="share", path="/mnt/share")
    robots = WECOM, FeishuChannel(kind="feishu", name="f", url_env="U")
    assert all(2 * longest(one) < LEASE for one in (folder, *robots))


@pytest.mark.parametrize(
    ("channel", "status", "body", "expected"),
    [
        (WECOM, 200, b'{"errcode": 0, "errmsg": "ok"}', Sent),
        (WECOM, 200, b'{"errcode": 93000, "errmsg": "no"}', Refused),
        (WECOM, 200, b"<html>login</html>", Uncertain),
        (WECOM, 200, b'{"errcode": false}', Uncertain),
        (WECOM, 200, b'{"errcode": "0"}', Uncertain),
        (WECOM, 200, b"[" * 60_000, Uncertain),
        (WECOM, 502, b"", Uncertain),
        (WECOM, 503, b"", Later),
        (WECOM, 404, b"", Refused),
        (FeishuChannel(kind="feishu", name="f", url_env="U"), 200, b'{"code": 0, "StatusCode": 19001}', Refused),
        (FeishuChannel(kind="feishu", name="f", url_env="U"), 200, b'{"code": false}', Uncertain),
        (FeishuChannel(kind="feishu", name="f", url_env="U"), 200, b'{"code": 9499, "msg": "slow"}', Later),
        (DingTalkChannel(kind="dingtalk", name="d", url_env="U"), 200, b'{"errcode": 660026}', Later),
    ],
)
def test_an_answer_is_judged_by_the_platform_s_code(
    channel: WeComChannel, status: int, body: bytes, expected: type
) -> None:
    assert isinstance(judged(channel, status, body), expected)


def test_signatures_are_those_that_openssl_makes() -> None:
    # printf '1713412800000\nSEC1' | openssl dgst -sha256 -hmac SEC1 -binary | base64
    assert dingtalk_query("SEC1", 1713412800000).endswith("sign=IlU9tmhS6keNFVvBPC%2Fu1NDpa984fe41np3IQ7XcmNY%3D")
    # printf '' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '1713412800\nSEC1' | xxd -p) -binary | base64
    assert feishu_sign("SEC1", 1713412800) == "RZUUbtZ7JMIk4ULK1QWcZdBf/J++zEyLCQhvMBDjVr8="


def test_a_long_letter_keeps_whole_lines_within_the_bytes_and_says_so() -> None:
    lines = tuple(f"指标{number}：慢于序时进度8.0个百分点" for number in range(300))
    told = markdown(Letter("通报", "1号", "印发。", (Part("滞后指标", lines),), True), WECOM_MOST)
    assert len(told.encode()) <= WECOM_MOST
    assert "余下内容见通报全文" in told
    assert "【演示数据】" in told
    assert all(line.endswith("个百分点") for line in told.splitlines() if line.startswith("- "))


def test_a_long_alert_keeps_its_files_and_names_the_command_that_tells_the_rest() -> None:
    details = "\n".join(f"《三月》B{number}：本月止累计小于上月" for number in range(300))
    files = ("inbox/2024-04-17/主要经济指标_2024年3月.xlsx", "区统计局")
    alert = Alert(AlertKind.BLOCKED, "small", Period(2024, 3), "存在严重疑点，通报未生成", details, files)
    told = markdown(Letter.read(letter_of_alert(alert, "小区").told()), WECOM_MOST)
    assert len(told.encode()) <= WECOM_MOST
    assert all(f"- {one.replace('_', '＿')}" in told.splitlines() for one in files)
    assert "余下内容请在服务器上执行 yuebao log small 2024-03 查看" in told
    assert "通报全文" not in told
    no_run = letter_of_alert(Alert(AlertKind.FAILED, "small", None, "定时运行无法开始", details), "小区")
    assert "yuebao doctor small" in markdown(no_run, WECOM_MOST)


def test_what_a_workbook_brought_is_no_markup() -> None:
    letter = Letter("通报", "1号", "印发。", (Part("要点", ("[点此](http://x.example) <img src=x>",)),), False)
    assert "](" not in markdown(letter, WECOM_MOST)
    assert "<img" not in html(letter)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tls": "none", "host": "smtp.example"},
        {"user": "a"},
        {"user": "统计局", "password_env": "A"},
        {"port": 0},
        {"host": "smtp..example"},
        {"host": f"{'s' * 64}.example"},
        {"host": "smtp.example:465"},
        {"sender": {"name": "s", "address": "s@y..example"}},
        {"recipients": [{"name": "x", "address": "wang..x@y.example"}]},
        {"recipients": [{"name": "x", "address": ".a@y.example"}]},
        {"recipients": [{"name": "x", "address": f"a@{'y' * 64}.example"}]},
        {"recipients": []},
        {"recipients": [{"name": "x", "address": "x@y.example\r\nBcc: z"}]},
        {"recipients": [{"name": "x", "address": "x@y.example"}] * 2},
        {"what": "notices"},
        {"password": "secret"},
        {"at": "9:00"},
        {"subject": "{secret}"},
        {"attach": ["../store.sqlite3"]},
    ],
)
def test_what_can_t_be_meant_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "kind": "mail", "name": "m", "host": "h.example", "sender": {"name": "s", "address": "s@y.example"},
        "recipients": [{"name": "x", "address": "x@y.example"}],
    }  # fmt: skip
    MailChannel.model_validate(right)
    with pytest.raises(ValueError, match="validation error"):
        MailChannel.model_validate(right | wrong)


def test_a_folder_is_one_place() -> None:
    for wrong in ({}, {"path": "/a", "url": "s3://b/c"}, {"path": "/a/../b"}, {"url": "s3://k:p@b/c"}):
        with pytest.raises(ValueError, match="validation error"):
            FolderChannel.model_validate({"kind": "folder", "name": "f", **wrong})


def test_a_draft_that_awaits_approval_is_no_alarm() -> None:
    awaits = Alert(AlertKind.APPROVAL, "small", Period(2024, 3), "通报草稿待审批", "请核对")
    assert letter_of_alert(awaits, "小河区").title == "月报提醒：小河区2024年3月通报草稿审批"
