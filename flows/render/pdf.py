"""Turns a bulletin into a tagged PDF with the fonts of one folder, the same inputs into the same bytes, or fails."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.render.glyphs import font_files, require_glyphs
from flows.render.justification import install_justification
from flows.render.templates import fill, template_folder
from transforms.errors import EnvironmentFault
from transforms.writing.bulletin import Bulletin

_RENDERING = threading.Lock()
"""One render at a time in a process: the log that is its gate and the font map are the process's own."""


def render_pdf(bulletin: Bulletin, template: str, fonts: Path) -> bytes:
    """The bulletin on paper after GB/T 9704, with the fonts of that folder and nothing from elsewhere.

    Raises EnvironmentFault where the folder has no fonts, where no font has a character, and on anything
    that WeasyPrint only warns of.
    """
    return _written(lay_out(bulletin, template_folder(template), fonts))


def write_page(html: str, folder: Path, fonts: Path) -> bytes:
    """Any page with its folder's style.css as PDF, under the same gates."""
    return _written(lay_out_page(html, folder, fonts))


def _written(document: LaidOut) -> bytes:
    with _RENDERING, _log_as_gate(), _no_garbage_collection():
        pdf: bytes = document.rendered.write_pdf(pdf_identifier=document.identifier, pdf_tags=True)
    return pdf


class LaidOut:
    """A document's boxes, before they're written, and the identifier that its file gets."""

    def __init__(self, rendered: Any, identifier: bytes) -> None:
        self.rendered = rendered
        self.identifier = identifier


def lay_out(bulletin: Bulletin, folder: Path, fonts: Path) -> LaidOut:
    """Lay the bulletin out as pages; what :func:`render_pdf` writes and what tests measure."""
    return lay_out_page(fill(bulletin, folder, style="", script=""), folder, fonts)


def lay_out_page(html: str, folder: Path, fonts: Path) -> LaidOut:
    """Lay any page out with its folder's style.css and these fonts."""
    fonts = fonts.resolve()
    if not (fonts / "fonts.conf").is_file() or not font_files(fonts):
        raise EnvironmentFault(f"没有字体：{fonts}；请先执行 make setup")
    require_glyphs(html, fonts)
    with _RENDERING, _log_as_gate(), _no_garbage_collection():
        setting = _setting(folder, fonts)
        page = setting.weasyprint.HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=setting.fetcher)
        rendered = page.render(stylesheets=setting.stylesheets, font_config=setting.fonts)
    digest = hashlib.sha256(html.encode())
    digest.update((folder / "style.css").read_bytes())
    return LaidOut(rendered, digest.hexdigest()[:32].encode())


class _Setting:
    """What documents of one template and one folder of fonts share; making it costs as much as a short page."""

    def __init__(self, folder: Path, fonts: Path) -> None:
        # Fontconfig reads this when it is first asked for a font, so before WeasyPrint is imported.
        os.environ["FONTCONFIG_FILE"] = str(fonts / "fonts.conf")
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        install_justification()
        self.weasyprint = weasyprint
        self.fetcher = _fetcher(folder, fonts)
        self.fonts = FontConfiguration()
        self.stylesheets = [
            weasyprint.CSS(filename=folder / "style.css", font_config=self.fonts, url_fetcher=self.fetcher)
        ]


@lru_cache(maxsize=4)
def _setting(folder: Path, fonts: Path) -> _Setting:
    return _Setting(folder, fonts)


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
