"""Says where the pages around a bulletin's pages are found, relative to its folder; opens none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transforms.archive.arranging import DOCUMENTS, INDICATORS
from transforms.archive.page_names import address
from transforms.archive.pages import Link
from transforms.writing.editions import Edition


@dataclass(frozen=True, slots=True)
class Around:
    """What a page on the screen links to: the archive's index, and the bulletin's other pages."""

    archive: str
    """The district's folder, ending in /."""
    pages: tuple[Link, ...]

    @property
    def index(self) -> str:
        """The archive's list of all bulletins."""
        return f"{self.archive}index.html"

    def indicator(self, code: str) -> str:
        """The page with the indicator's history."""
        return f"{self.archive}{address(INDICATORS, f'{code}.html')}"


def around(edition: Edition, own: str, names: Iterable[str]) -> Around:
    """What stands around the page called ``own`` among a bulletin's pages of these names.

    A draft's folder stands in the district's; an issue's one deeper, on the shelf of issues.
    """
    pages = (Link(f"本期{DOCUMENTS.get(name, name)}", address(f"{name}.html")) for name in names if name != own)
    return Around("../" if edition.draft else "../../", tuple(pages))
