"""Opens encrypted workbooks with passwords that are given as data; the only door to msoffcrypto, keeps none of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import msoffcrypto
from msoffcrypto.exceptions import InvalidKeyError

from transforms.spreadsheets.unreadable import UnreadableFile, damaged, encrypted

MOST_PASSWORDS = 20
MOST_ROUNDS = 1_000_000
"""Rounds of hashing that a file may ask for with each password. Excel asks for 100,000, a hostile file for ever."""
_NO_PASSWORD = "VelvetSweatshop"
"""What Excel encrypts with where a workbook is protected but opens without a password ([MS-OFFCRYPTO] 2.1)."""


def decrypted(data: bytes, name: str, passwords: Sequence[str]) -> bytes:
    """The bytes of the workbook inside; whoever calls checks them as if they had come bare.

    Raises EncryptedFile where no password fits, UnreadableFile where the file is damaged or asks for senseless work.
    """
    # Only so many are tried, and the error tells how many, never which.
    tried = tuple(dict.fromkeys(passwords))[:MOST_PASSWORDS]
    for password in (_NO_PASSWORD, *tried):
        try:
            return _opened(data, password, name)
        except InvalidKeyError:
            continue
        except UnreadableFile:
            raise
        # It reads hostile bytes with struct, XML and ASN.1, and lets each raise its own.
        except Exception:
            if not tried:
                break
            raise damaged(name, "加密结构读不出来") from None
    raise encrypted(name, tried=len(tried)) from None


def _opened(data: bytes, password: str, name: str) -> bytes:
    office: Any = msoffcrypto.OfficeFile(io.BytesIO(data))
    if getattr(office, "info", None) and int(office.info.get("spinValue", 0)) > MOST_ROUNDS:
        raise UnreadableFile(name, "加密参数异常，可能是恶意文件", "核实来源后由原单位取消密码，重新另存")
    if getattr(office, "format", "") == "ooxml":
        office.load_key(password=password, verify_password=True)
    else:
        office.load_key(password=password)
    made = io.BytesIO()
    office.decrypt(made)
    return made.getvalue()
