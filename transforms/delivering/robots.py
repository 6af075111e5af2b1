"""The messages that the robots of 企业微信, 钉钉 and 飞书 take, their signatures, and what their answers mean.

Sources: 企业微信 developer.work.weixin.qq.com/document/path/91770 (群机器人), 钉钉 open.dingtalk.com/document/robots/
custom-robot-access, 飞书 open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never
from urllib.parse import quote_plus

from transforms.declared.deliveries import DingTalkChannel, FeishuChannel, RobotChannel, WeComChannel
from transforms.delivering.letters import Letter
from transforms.delivering.outcomes import Later, Outcome, Refused, Sent, Uncertain
from transforms.delivering.rendering import markdown

WECOM_MOST = 4096
"""Bytes of a Markdown message; more is refused."""
DINGTALK_MOST = 18_000
"""钉钉 refuses a message of more than 20,000 bytes, the JSON around it counted."""
FEISHU_MOST = 18_000
"""飞书 advises at most 20 KB for a whole request."""

_PASSES = {
    # 接口调用超过限制; -1 系统繁忙.
    "wecom": frozenset({-1, 45009, 45033}),
    # send too fast; 410100 and 660026 are met where a robot is held back for ten minutes.
    "dingtalk": frozenset({-1, 130101, 130102, 410100, 660026}),
    # too many request; 2200 internal error; frequency limited.
    "feishu": frozenset({9499, 2200, 11232, 11233}),
}
_HELD_BACK = 600.0
"""Seconds: a robot that sends more than 20 messages in a minute is held back for ten."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted: the body, and what is added to the address's query."""

    body: bytes
    query: str = ""


def request(channel: RobotChannel, letter: Letter, secret: str | None, now: dt.datetime) -> Request:
    """The platform's own message; signed where the robot has a secret."""
    match channel:
        case WeComChannel():
            return Request(_json({"msgtype": "markdown", "markdown": {"content": markdown(letter, WECOM_MOST)}}))
        case DingTalkChannel():
            told = {"title": letter.heading, "text": markdown(letter, DINGTALK_MOST)}
            query = dingtalk_query(secret, int(now.timestamp() * 1000)) if secret else ""
            return Request(_json({"msgtype": "markdown", "markdown": told}), query)
        case FeishuChannel():
            return Request(_json(_signed(_card(letter), secret, int(now.timestamp()))))
        case _:
            assert_never(channel)


def dingtalk_query(secret: str, milliseconds: int) -> str:
    """加签: HMAC-SHA256 of timestamp and secret, with the secret as its key; in Base64, quoted."""
    digest = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return f"timestamp={milliseconds}&sign={quote_plus(base64.b64encode(digest))}"


def feishu_sign(secret: str, seconds: int) -> str:
    """签名校验: HMAC-SHA256 of nothing, with timestamp and secret as its key; in Base64."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def judged(channel: RobotChannel, status: int, body: bytes) -> Outcome:
    """What an answer means; HTTP 200 alone means nothing."""
    if status in {408, 425, 429, 503}:
        return Later(f"HTTP {status}", _HELD_BACK if status == 429 else None)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    code = _code(channel, answer) if isinstance(answer, dict) else None
    if code is None:
        return _without_code(status)
    message = str(answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or "")[:200]
    told = f"{code} {message}".strip()
    if code == 0:
        return Sent(told)
    if code in _PASSES[channel.kind]:
        return Later(told, _HELD_BACK)
    return Refused(told)


def _code(channel: RobotChannel, answer: Mapping[str, Any]) -> int | None:
    names = ("code", "StatusCode") if isinstance(channel, FeishuChannel) else ("errcode",)
    codes = [answer[name] for name in names if type(answer.get(name)) is int]  # false is an int, too
    return next((code for code in codes if code != 0), codes[0] if codes else None)


def _without_code(status: int) -> Outcome:
    """An answer that isn't the platform's own: a gateway's, a login page's, or no robot's address at all."""
    if status in {500, 502, 504}:
        return Uncertain(f"HTTP {status} without the platform's own code: it may have been taken")
    if status >= 300:
        return Refused(f"HTTP {status}")
    return Uncertain(
        f"HTTP {status}, yet no answer of the platform's own: see whether it arrived, and mend the address"
    )


def _card(letter: Letter) -> dict[str, Any]:
    return {
        "msg_type": "interactive",
        "card": {
            "header": {"title": {"tag": "plain_text", "content": letter.heading}},
            "elements": [{"tag": "markdown", "content": markdown(letter, FEISHU_MOST)}],
        },
    }


def _signed(told: dict[str, Any], secret: str | None, seconds: int) -> dict[str, Any]:
    return {"timestamp": str(seconds), "sign": feishu_sign(secret, seconds), **told} if secret else told


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
