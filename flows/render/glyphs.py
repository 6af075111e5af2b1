"""Compares a page's text with the characters that a folder of fonts can draw, before anything is drawn."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from transforms.errors import EnvironmentFault

_AROUND = 8
"""Characters shown either side of a missing one."""


def require_glyphs(html: str, fonts: Path) -> None:
    """Raise EnvironmentFault naming every character that no font of the folder has, with the text around it."""
    text = _text_of(html)
    missing = {character for character in text if not _is_invisible(character)}
    for font in font_files(fonts):
        if not missing:
            return
        missing -= _characters_of(font)
    if missing:
        found = "\n".join(
            f"缺字 U+{ord(character):04X} “{character}”，见“{_around(text, character)}”"
            for character in sorted(missing)
        )
        raise EnvironmentFault(
            f"{found}\n字体文件夹 {fonts} 中没有一种字体收有以上字符，PDF 未生成；"
            "请核对原表用字，或把收有该字的字体放入该文件夹"
        )


def font_files(fonts: Path) -> list[Path]:
    """The font files of the folder, in an order that doesn't depend on the disk."""
    return sorted(path for path in fonts.glob("*") if path.suffix.lower() in {".ttf", ".otf"})


@lru_cache(maxsize=64)
def _characters_of(font: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(chr(code) for code in opened.getBestCmap())


def _is_invisible(character: str) -> bool:
    """White space, and format characters such as the word joiner, are never drawn."""
    return character.isspace() or unicodedata.category(character) == "Cf"


def _around(text: str, character: str) -> str:
    at = text.index(character)
    return " ".join(text[max(0, at - _AROUND) : at + _AROUND + 1].split())


def _text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


class _Text(HTMLParser):
    """Gathers what is drawn of a page: all of its text but style and script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unseen += tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)
