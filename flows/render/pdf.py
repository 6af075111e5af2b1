"""Turns a bulletin into a PDF/A-3a and PDF/UA-1 file, the same inputs into the same bytes; knows no figure."""

from __future__ import annotations

import atexit
import datetime as dt
import gc
import hashlib
import io
import logging
import os
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.render.glyphs import font_files, require_glyphs
from flows.render.imprint import moved_to_page_of_its_own
from flows.render.justification import install_justification
from flows.render.page_tree import parsed
from flows.render.pdf_standards import VARIANT, meet_both_standards
from flows.render.templates import TEMPLATES, fill, fill_page, template_folder
from transforms.errors import EnvironmentFault
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import DRAFT, Edition

_RENDERING = threading.Lock()
"""One render at a time in a process: the log that is its gate and the font map are the process's own."""


def render_pdf(bulletin: Bulletin, template: str, fonts: Path, attached: Mapping[str, bytes]) -> bytes:
    """The bulletin on paper after GB/T 9704, with the fonts of that folder and nothing from elsewhere.

    ``attached`` are files by their names, kept inside the PDF as what it was made from (PDF/A-3, Source).
    Raises EnvironmentFault where the folder has no fonts, where no font has a character, and on anything
    that WeasyPrint only warns of.
    """
    document = lay_out(bulletin, template_folder(template), fonts)
    return _written(document, [_attachment(name, data, bulletin) for name, data in attached.items()])


def prepare_pdf(template: str, fonts: Path) -> None:
    """Load what all drafts of a template share: WeasyPrint, the fonts, the style; the first document needn't then."""
    _setting(fonts.resolve(), _style_sheets(DRAFT, template_folder(template)))


def render_page(html: str, folder: Path, edition: Edition, fonts: Path) -> bytes:
    """Any page on paper with its folder's style.css, by the same standards and under the same gates."""
    return _written(lay_out_page(html, folder, edition, fonts), ())


def _written(document: LaidOut, attachments: Sequence[Any]) -> bytes:
    with _RENDERING, _log_as_gate(), _no_garbage_collection():
        pdf: bytes = document.rendered.write_pdf(
            finisher=meet_both_standards,
            pdf_variant=VARIANT,
            pdf_identifier=document.identifier,
            attachments=attachments,
        )
    return pdf


def _attachment(name: str, data: bytes, bulletin: Bulletin) -> Any:
    """The file as it goes into one PDF; WeasyPrint reads it once."""
    from weasyprint import Attachment

    moment = dt.datetime.combine(dt.date.fromisoformat(bulletin.dated_iso), dt.time())
    return Attachment(
        file_obj=io.BytesIO(data),
        name=name,
        description=f"{bulletin.title}的数据",
        created=moment,
        modified=moment,
        relationship="Source",
    )


class LaidOut:
    """A document's boxes, before they're written, and the identifier that its file gets."""

    def __init__(self, rendered: Any, identifier: bytes) -> None:
        self.rendered = rendered
        self.identifier = identifier


def lay_out(bulletin: Bulletin, folder: Path, fonts: Path) -> LaidOut:
    """Lay the bulletin out as pages; what :func:`render_pdf` writes and what tests measure."""
    document = lay_out_page(fill(bulletin, folder, style="", script=""), folder, bulletin.edition, fonts)
    pages, imprint = len(document.rendered.pages), folder / "imprint.html.j2"
    if pages % 2 and imprint.is_file():
        page = fill_page(imprint, "", b=bulletin, script="", pages_before=pages)
        last = lay_out_page(page, folder, bulletin.edition, fonts).rendered
        return LaidOut(moved_to_page_of_its_own(document.rendered, last), document.identifier)
    return document


def lay_out_page(html: str, folder: Path, edition: Edition, fonts: Path) -> LaidOut:
    """Lay any page out with its folder's style.css and these fonts, a draft marked as one."""
    fonts = fonts.resolve()
    if not (fonts / "fonts.conf").is_file() or not font_files(fonts):
        raise EnvironmentFault(f"没有字体：{fonts}；请先执行 make setup")
    require_glyphs(html, fonts)
    sheets = _style_sheets(edition, folder)
    with _RENDERING, _log_as_gate(), _no_garbage_collection():
        setting = _setting(fonts, sheets)
        rendered = setting.lay_out(html)
    digest = hashlib.sha256(html.encode())
    for sheet in sheets:
        digest.update(sheet.read_bytes())
    return LaidOut(rendered, digest.hexdigest()[:32].encode())


def _style_sheets(edition: Edition, folder: Path) -> tuple[Path, ...]:
    """The template's own, and on a draft what says so across every page."""
    return (folder / "style.css", *((TEMPLATES / "draft" / "paper.css",) if edition.draft else ()))


class _Setting:
    """What documents of one folder of fonts and the same style share; making it costs as much as a short page."""

    def __init__(self, fonts: Path, style_sheets: tuple[Path, ...]) -> None:
        # Fontconfig reads this when it is first asked for a font, so before WeasyPrint is imported.
        os.environ["FONTCONFIG_FILE"] = str(fonts / "fonts.conf")
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        install_justification()
        self._base = f"{style_sheets[0].parent.as_uri()}/"
        self._fetcher = _fetcher(fonts, *(sheet.parent for sheet in style_sheets))
        self._fonts = FontConfiguration()
        self._stylesheets = [
            weasyprint.CSS(filename=sheet, font_config=self._fonts, url_fetcher=self._fetcher) for sheet in style_sheets
        ]

    def lay_out(self, html: str) -> Any:
        """The page's boxes, as WeasyPrint's document."""
        page = parsed(html, self._base, self._fetcher)
        try:
            return page.render(stylesheets=self._stylesheets, font_config=self._fonts)
        except AssertionError as error:
            # What can't be broken and is taller than any page ends WeasyPrint so.
            where = traceback.extract_tb(error.__traceback__)[-1]
            raise EnvironmentFault(
                f"排版程序 WeasyPrint 排不下这一文件（{where.name}：{where.line}），PDF 未生成："
                "多半是一张图、一行表或一段文字高过一页；请缩短原表或声明中过长的文字，或修改模板"
            ) from None


@lru_cache(maxsize=4)
def _setting(fonts: Path, style_sheets: tuple[Path, ...]) -> _Setting:
    return _Setting(fonts, style_sheets)


# What WeasyPrint still holds of fonts when the interpreter ends can't be given back any more, and it says so.
atexit.register(_setting.cache_clear)


def _fetcher(*allowed: Path) -> Any:
    """A fetcher that reads files below these folders and refuses everything else, the network above all."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or not any(path.is_relative_to(one) for one in allowed):
                raise ValueError(f"模板只能使用自己文件夹和字体文件夹中的文件，拒绝读取 {url}")
            return URLFetcherResponse(url, path.read_bytes())

    return OwnFilesOnly()


@contextmanager
def _log_as_gate() -> Iterator[None]:
    """Raise EnvironmentFault with all that WeasyPrint warned of meanwhile: it draws on over a missing glyph."""
    logger = logging.getLogger("weasyprint")
    heard = _Heard(logging.WARNING)
    handlers, propagate = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [heard], False
    try:
        yield
    finally:
        logger.handlers, logger.propagate = handlers, propagate
    if heard.messages:
        told = "\n".join(dict.fromkeys(heard.messages))
        raise EnvironmentFault(f"排版程序 WeasyPrint 报告了问题，PDF 未生成，请修改模板或字体：\n{told}")


class _Heard(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A render makes many small objects that all live to its end; looking for garbage costs 8 %."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
