"""What is kept of the name and the words of somebody who signs, decides or settles; knows not where they were typed."""

from __future__ import annotations

import unicodedata

LONGEST = 60
"""Characters."""


class NoName(ValueError):
    """What was typed is no name; ``chinese`` says so to whoever typed it on a page."""

    def __init__(self, found: str, chinese: str) -> None:
        self.chinese = chinese
        super().__init__(found)


def signer(told: str) -> str:
    """The name as it's kept, with plain spaces: 王　明 is usually written with a full-width one. Raises NoName."""
    plain = "".join(" " if unicodedata.category(one) == "Zs" else one for one in told.strip())
    name = " ".join(filter(None, plain.split(" ")))
    if not any(one.isalnum() for one in name):
        raise NoName("is empty; name who signs", "姓名为空，请填写本人姓名")
    if len(name) > LONGEST or not name.isprintable():
        raise NoName(
            f"must be a name of one line, without marks that can't be seen, of at most {LONGEST} characters",
            f"姓名须为一行，不含看不见的字符，不超过{LONGEST}个字",
        )
    return name


def one_line(told: str) -> str:
    """A remark on one line, without marks that can't be seen: where it's shown, it mustn't look like anything else."""
    return " ".join("".join(one if one.isprintable() else " " for one in told).split())
