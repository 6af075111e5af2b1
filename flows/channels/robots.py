"""Posts a message to a chat's robot; its address holds a key, which nothing that is told may show. A door to httpx."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import httpx

from flows.channels.parcels import ToHandOver
from flows.clock import now
from flows.sources.secrets import secret
from transforms.declared.deliveries import DingTalkChannel, FeishuChannel, RobotChannel
from transforms.declared.sources import is_loopback
from transforms.delivering.outcomes import Later, Outcome, Refused, Uncertain
from transforms.delivering.robots import judged, request

_ANSWER = 30.0
_MOST = 65_536
"""Bytes of an answer that are looked at."""


def hand_to_robot(channel: RobotChannel, given: ToHandOver) -> Outcome:
    """Post it; raises EnvironmentFault where a secret isn't set, Lost where it's no longer to be sent."""
    address = secret(channel.url_env, f"deliver {channel.name}")
    signing = channel.secret_env if isinstance(channel, DingTalkChannel | FeishuChannel) else None
    key = secret(signing, f"deliver {channel.name}") if signing else None
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        return Later(f"the variable {channel.url_env} holds no https address; copy the robot's own address into it")
    told = request(channel, given.letter, key, now())
    if told.query:
        address += ("&" if parts.query else "?") + told.query
    given.hand_over()
    return _without(_posted(channel, address, told.body), channel)


def _posted(channel: RobotChannel, address: str, body: bytes) -> Outcome:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "yuebao"}
    try:
        with (
            httpx.Client(timeout=_ANSWER, follow_redirects=False) as client,
            client.stream("POST", address, content=body, headers=headers) as response,
        ):
            answer = b""
            for part in response.iter_bytes():
                answer += part
                if len(answer) > _MOST:
                    break
            return judged(channel, response.status_code, answer)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        return Later(f"no connection ({type(error).__name__}); see that the network reaches the platform")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
        return Refused(f"the variable {channel.url_env} holds no address; copy the robot's own address into it")
    except httpx.HTTPError as error:
        return Uncertain(f"no whole answer ({type(error).__name__}): the message may have been taken")


def _without(outcome: Outcome, channel: RobotChannel) -> Outcome:
    """The outcome without the address, its key and the secret, whatever a platform may have quoted."""
    told = outcome.told
    for name, variable in channel.model_dump().items():
        value = os.environ.get(variable, "") if name.endswith("_env") and variable else ""
        parts = urlsplit(value) if value.startswith("http") else None
        keys = [value]
        if parts is not None:
            keys += [one.partition("=")[2] for one in parts.query.split("&")] + [parts.path.rpartition("/")[2]]
        for one in keys:
            if len(one) > 7:
                told = told.replace(one, "***")
    return type(outcome)(told) if not isinstance(outcome, Later) else Later(told, outcome.after)
