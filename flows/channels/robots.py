"""Posts a message to a chat's robot; its address holds a key, which nothing that is told may show. A door to httpx."""

from __future__ import annotations

import logging
from urllib.parse import SplitResult, parse_qsl, urlsplit

import httpx

from flows.channels.parcels import ToHandOver
from flows.clock import now
from flows.logs import blotted, hide
from flows.sources.secrets import secret
from transforms.declared.addresses import is_loopback
from transforms.declared.deliveries import DingTalkChannel, FeishuChannel, RobotChannel
from transforms.declared.hosts import host_that_can_be
from transforms.delivering.outcomes import Later, Outcome, Refused, Uncertain
from transforms.delivering.robots import judged, request

_ANSWER = 30.0
_SHORTEST_KEY = 7
"""A shorter part of an address is a word such as send, not a key."""
_MOST = 65_536
"""Bytes of an answer that are looked at."""


def hand_to_robot(channel: RobotChannel, given: ToHandOver) -> Outcome:
    """Post it; raises EnvironmentFault where a secret isn't set, Lost where it's no longer to be sent."""
    address = secret(channel.url_env, f"deliver {channel.name}")
    signing = channel.secret_env if isinstance(channel, DingTalkChannel | FeishuChannel) else None
    key = secret(signing, f"deliver {channel.name}") if signing else None
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    _hide_keys(parts)
    if not _can_be_reached(parts):
        return Later(f"the variable {channel.url_env} holds no https address; copy the robot's own address into it")
    told = request(channel, given.letter, key, now())
    if told.query:
        address += ("&" if parts.query else "?") + told.query
    given.hand_over()
    return _posted(channel, address, told.body)


def _can_be_reached(parts: SplitResult) -> bool:
    """Whether it's an address with a host, and what is sent there is seen by nobody on the way."""
    try:
        host_that_can_be(parts.hostname or "")
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def _hide_keys(parts: SplitResult) -> None:
    """What of an address is secret, so that no answer that quotes it is told, nor a line of httpx, which tells it."""
    for one in (*(value for _, value in parse_qsl(parts.query)), parts.path.rpartition("/")[2]):
        if len(one) > _SHORTEST_KEY:
            hide(one)
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)


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
            # Before anything of it is cut short: half a key is told as easily as a whole one.
            without_keys = blotted(answer.decode("utf-8", "replace")).encode()
            return judged(channel, response.status_code, without_keys)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        return Later(f"no connection ({type(error).__name__}); see that the network reaches the platform")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
        return Refused(f"the variable {channel.url_env} holds no address; copy the robot's own address into it")
    except httpx.HTTPError as error:
        return Uncertain(f"no whole answer ({type(error).__name__}): the message may have been taken")
