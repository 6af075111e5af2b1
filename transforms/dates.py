"""Turns the ways people write a day into ISO text; knows no clock."""

from __future__ import annotations

import datetime as dt
import re

from transforms.spreadsheets.sheets import EPOCH

BEIJING = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""The districts' time; China has kept UTC+8 without summer time since 1991."""

_HALF = str.maketrans("０１２３４５６７８９．／－—–", "0123456789./---")
_DAY = re.compile(r"((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?")
_EIGHT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_MONTH = re.compile(r"((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*月?(?:份)?")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Days since the workbook's epoch, from 1954 to 2119: what a date looks like whose cell isn't formatted as one."""
_FIRST_YEAR = 1954


def iso_day(raw: object, epoch: dt.date = EPOCH) -> str | None:
    """``2024-03-15`` for 2024.3.15, 2024年3月15日, 2024/3/15, 20240315 or a serial number; ``2024-03`` for 2024年3月.

    None for anything else, and for a day that doesn't exist. The number 2024.1 is
    no month: it may have been 2024.10.
    """
    if isinstance(raw, dt.datetime):
        raw = raw.date()
    if isinstance(raw, dt.date):
        # 2024.6 typed into a cell that is formatted as a date becomes a day of 1905.
        return raw.isoformat() if raw.year >= _FIRST_YEAR else None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    if not isinstance(raw, str):
        if _FIRST_SERIAL <= raw <= _LAST_SERIAL:
            return (epoch + dt.timedelta(days=int(raw))).isoformat()
        raw = str(int(raw)) if float(raw).is_integer() else ""
    text = raw.strip().translate(_HALF)
    if found := _DAY.fullmatch(text) or _EIGHT.fullmatch(text):
        try:
            return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            return None
    if (found := _MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return f"{found[1]}-{int(found[2]):02d}"
    return None


def iso_date(text: str) -> dt.date | None:
    """The day that an ISO text names, a time after it or not; None where it names none."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
