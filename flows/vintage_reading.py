"""What the reader makes of each vintage, into the store; what can't be read is kept as a doubt that says so."""

from __future__ import annotations

from pathlib import Path

from flows.clock import BEIJING
from flows.contained import read
from flows.fingerprint import reader_fingerprint
from flows.kept_vintages import holding_vintages, kept_bytes
from flows.passwords import given_passwords
from flows.store import Store, Vintage
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.doubts import Doubt, Severity
from transforms.period_words import periods_in
from transforms.periods import Period
from transforms.readings import Contents
from transforms.spreadsheets.unreadable import EncryptedFile, UnreadableFile

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv"})
"""Suffixes that promise a spreadsheet: such a file that can't be read stops its period, another is only told of."""

LOCKED = "file-opens"
"""The expectation that a file breaks which needs a password."""


def read_new(workspace: Workspace, district: District, store: Store) -> int:
    """Read every vintage that this version of the reader hasn't read; how many those were.

    A file that can't be read at all is kept with the doubt that says so, so that the others are read all the same. One
    that lacked a password is tried again whenever passwords are given; which they were isn't kept.
    """
    with holding_vintages(workspace, district):
        return _read_new(workspace, district, store)


def _read_new(workspace: Workspace, district: District, store: Store) -> int:
    reader = reader_fingerprint()
    unread = store.unread(district.id, reader)
    if given_passwords():
        unread += store.told_of(district.id, reader, LOCKED)
    for vintage in unread:
        data = kept_bytes(workspace, district.id, vintage.sha256)
        store.keep_contents(vintage, reader, read_vintage(data, vintage))
    return len(unread)


def read_vintage(data: bytes, vintage: Vintage) -> Contents:
    """What the reader makes of a vintage; what can't be read is a doubt about its period."""
    try:
        return read(data, vintage.workbook, vintage.sha256, given_passwords())
    except UnreadableFile as error:
        suffix = Path(vintage.workbook).suffix.lower()
        doubt = Doubt(
            expectation=LOCKED if isinstance(error, EncryptedFile) else "file-readable",
            severity=Severity.CRITICAL if suffix in SPREADSHEETS else Severity.WARNING,
            subject=vintage.workbook,
            found=error.found,
            expected="能够打开的电子表格",
            cure=f"{error.cure}；不应报送的，移出收件目录",
            places=(vintage.workbook,),
            period=_period_of(vintage),
        )
        return Contents(vintage.sha256, vintage.workbook, (), (doubt,))


def _period_of(vintage: Vintage) -> Period:
    """The period that the name tells of, else the month before the file came."""
    named = periods_in(vintage.workbook)
    if named:
        return named[-1].period
    came = vintage.received.astimezone(BEIJING)
    return Period(came.year, came.month).previous
