"""Reads the passwords of encrypted workbooks from the environment; stores and prints none of them."""

from __future__ import annotations

import os


def given_passwords() -> tuple[str, ...]:
    """What YUEBAO_PASSWORDS holds: passwords separated by white space; all of it as one, too, for one with a space."""
    stated = os.environ.get("YUEBAO_PASSWORDS", "")
    return tuple(dict.fromkeys([*stated.split(), *([stated] if stated.strip() else [])]))
