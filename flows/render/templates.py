"""Fills a bulletin template's HTML with a bulletin; knows neither paper nor screen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flows.render.around import Around
from flows.render.drawings import require_drawings
from flows.render.wording import (
    harmless,
    place,
    places_by_sheet,
    places_in_short,
    received_places,
    title_lines,
    unbroken,
)
from flows.workspace import TEMPLATES as TEMPLATES
from flows.workspace import bulletin_templates
from transforms import charts
from transforms.charts.drawing import number
from transforms.errors import UsageError
from transforms.writing.bulletin import Bulletin

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SHARED = TEMPLATES / "shared"
"""What several templates include: a name that a template's own folder hasn't is looked for here."""
_NUMERALS = "〇一二三四五六七八九"


def template_folder(template: str) -> Path:
    """The folder of a template; raises UsageError where there is none, naming those there are."""
    folder = TEMPLATES / template
    if not (folder / "bulletin.html.j2").is_file():
        known = bulletin_templates(TEMPLATES)
        raise UsageError(f"report_templates/ 中没有通报模板 {template!r}；现有：{'、'.join(known) or '无'}")
    return folder


def fill(bulletin: Bulletin, folder: Path, style: str, script: str, around: Around | None = None) -> str:
    """The HTML of a bulletin with this CSS and JavaScript written into it, and links to what stands around it.

    Everything in the bulletin is escaped; a name that the template doesn't know raises.
    """
    from markupsafe import Markup

    return fill_page(folder / "bulletin.html.j2", style, b=bulletin, script=Markup(script), around=around)


def fill_page(page: Path, style: str, **told: object) -> str:
    """The HTML of any template with this CSS written into it; everything that is told is escaped.

    Raises EnvironmentFault where a drawing in it is broken.
    """
    from markupsafe import Markup

    html = _environment(page.parent).get_template(page.name).render(style=Markup(style), **told)
    require_drawings(html)
    return html


@lru_cache(maxsize=8)
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        # What several templates share is found in shared/, and under its folder's name beside them, such as charts/.
        loader=FileSystemLoader([folder, SHARED, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        kept=_kept,
        numeral=_numeral,
        title_lines=title_lines,
        place=place,
        places_by_sheet=places_by_sheet,
        places_in_short=places_in_short,
        received_places=received_places,
        coordinate=number,
    )
    environment.globals["charts"] = charts
    # Paper, and what is sent out alone, leads nowhere.
    environment.globals["around"] = None
    return environment


def _finalize(value: object) -> object:
    # The type is exactly str: Markup has been through here already.
    return harmless(value) if type(value) is str else value


def _kept(text: str) -> Markup:
    """The text escaped, with ranges and gaps held together at line ends."""
    from markupsafe import Markup, escape

    return Markup("").join(
        Markup('<span class="kept">{}</span>').format(piece) if whole else escape(piece)
        for piece, whole in unbroken(harmless(text))
    )


def _numeral(number: int) -> str:
    """1 to 99 in Chinese, for headings: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")
