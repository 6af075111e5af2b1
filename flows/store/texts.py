"""Moments and lists as the texts that the store keeps them as, and its address as the text that may be told."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy.engine import URL

from flows.clock import BEIJING


def as_text(value: Any) -> str:
    """What JSON can tell, as short as it goes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_utc(moment: dt.datetime) -> str:
    """A moment as a text that sorts."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def as_time(text: str) -> dt.datetime:
    """The moment that ``as_utc`` kept, in the districts' time."""
    return dt.datetime.fromisoformat(text).astimezone(BEIJING)


def address_shown(url: URL) -> str:
    """The store's address without a password, which may stand among its options, too."""
    return repr(url.set(query={}))
