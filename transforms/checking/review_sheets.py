"""Knows the sheet of remarks that a marked copy carries, so that a copy that comes back is read as a unit's file."""

from __future__ import annotations

from transforms.spreadsheets.sheets import Sheet

REVIEW_TITLE = "核对意见"
"""What the sheet is called."""
REVIEW_HEADING = "报表核对意见（由 yuebao 附加，读取报表时略过本表）"
"""What stands in its first cell; the name alone could be a unit's own."""


def is_review(sheet: Sheet) -> bool:
    """Whether the sheet is one that a check added."""
    return sheet.words(0, 0) == REVIEW_HEADING
