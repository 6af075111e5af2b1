"""Makes a Word document of a bulletin's page on paper, the same bulletin into the same bytes; computes no figure."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flows.render.templates import fill, template_folder
from flows.render.word.body import Body
from flows.render.word.cascade import Cascade
from flows.render.word.styles import NAMESPACE, install_styles
from flows.render.wording import harmless
from transforms.writing.bulletin import Bulletin

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry of the archive: the first that it can hold."""


def word_sheet(template: str) -> Path | None:
    """The file that says which Word style each part of the template takes; None for one that isn't made for Word."""
    sheet = template_folder(template) / "word.css"
    return sheet if sheet.is_file() else None


def render_docx(bulletin: Bulletin, template: str, sheet: Path) -> bytes:
    """The bulletin for Word and WPS: the same text as on paper, since it's made from the same page.

    What can't be had without laying pages out is left to whoever edits it: an even number of pages before the 版记,
    and （续表） over a table that goes on. Charts are left out.
    """
    import docx
    import lxml.html

    folder = template_folder(template)
    root = lxml.html.document_fromstring(fill(bulletin, folder, style="", script=""))
    document = docx.Document()
    install_styles(document)
    _set_properties(document, bulletin)
    page = root.find("body")
    references = _heads_and_feet(document, page.get("data-banner", ""), bulletin)
    body = document.element.body
    body.clear_content()
    body.remove(body.sectPr)
    sections = (_section(references, "11906", "16838", ""), _section("", "16838", "11906", ' w:orient="landscape"'))
    written = Body(Cascade([folder / "style.css", sheet], root)).xml(page, sections)
    for block in docx.oxml.parse_xml(f"<w:body {NAMESPACE} {_RELATIONS}>{written}</w:body>"):
        body.append(block)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


_RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


# --- Pages ----------------------------------------------------------------------------------------


def _section(references: str, width: str, height: str, turned: str) -> str:
    """A section of A4 with the margins of GB/T 9704 and its grid of 22 lines of 28 characters."""
    # Millimetres in twips: 37, 26, 35, 28 upright; the same text block of 156 × 225 mm turned.
    margins = (
        'w:top="1588" w:right="2041" w:bottom="1474" w:left="2041"'
        if turned
        else 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"'
    )
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar {margins} w:header="907" w:footer="{907 if turned else 1304}" w:gutter="0"/>'
        '<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"/></w:sectPr>'
    )


def _heads_and_feet(document: Any, banner: str, bulletin: Bulletin) -> str:
    """Write what stands over and under the text, odd and even pages; gives the references of the first section."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    over = "　".join(part for part in (bulletin.edition.words if bulletin.edition.draft else "", banner) if part)
    for number, header in enumerate((section.header, section.even_page_header), 1):
        header.is_linked_to_previous = False
        _fill(header, "Header", "", f"{_watermark(bulletin, number)}{_text(over)}")
    for footer, align, indent in (
        (section.footer, "right", 'w:rightChars="100" w:right="280"'),
        (section.even_page_footer, "left", 'w:leftChars="100" w:left="280"'),
    ):
        footer.is_linked_to_previous = False
        number_field = f'{_text("— ")}<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>{_text(" —")}'
        _fill(footer, "Footer", f'<w:ind {indent}/><w:jc w:val="{align}"/>', number_field)
    references = [deepcopy(one) for one in section._sectPr if one.tag.endswith("Reference")]
    from lxml import etree

    return "".join(etree.tostring(one, encoding="unicode") for one in references)


def _fill(part: Any, style: str, properties: str, content: str) -> None:
    from docx.oxml import parse_xml

    element = part._element
    for old in list(element):
        element.remove(old)
    element.append(
        parse_xml(
            f'<w:p {NAMESPACE} {_RELATIONS} {_DRAWING}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>'
            f"{content}</w:p>"
        )
    )


def _text(text: str) -> str:
    if not text:
        return ""
    properties = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(harmless(text))}</w:t></w:r>'


_DRAWING = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'


def _watermark(bulletin: Bulletin, number: int) -> str:
    """A draft's word across the page, as Word itself writes a watermark; nothing for an issue."""
    if not bulletin.edition.draft:
        return ""
    words = quoteattr(bulletin.edition.words)
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" '
        'xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" '
        f"alt={words} "
        'style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:84pt;rotation:315;z-index:-251658752;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="silver" stroked="f">'
        f'<v:fill opacity=".5"/><v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string={words}/>'
        "</v:shape></w:pict></w:r>"
    )


# --- The file -------------------------------------------------------------------------------------


def _set_properties(document: Any, bulletin: Bulletin) -> None:
    mark = "【演示数据】" if bulletin.demonstration else ""
    moment = dt.datetime.combine(dt.date.fromisoformat(bulletin.dated_iso), dt.time(), dt.UTC)
    properties = document.core_properties
    properties.title = f"{mark}{harmless(bulletin.title)}"[:255]
    properties.subject = f"{mark}{harmless(bulletin.document)}"[:255]
    properties.author = properties.last_modified_by = harmless(bulletin.organ)[:255]
    properties.keywords = "，".join(word for word in (mark.strip("【】"), bulletin.edition.words) if word)
    properties.comments = "演示数据，不是真实统计数据" if bulletin.demonstration else ""
    properties.category = "通报"
    properties.language = "zh-CN"
    properties.created = properties.modified = moment
    properties.revision = 1


def _settled(data: bytes) -> bytes:
    """The archive with one time for all of its entries, and without the picture that python-docx's own sample has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            after.writestr(entry, before.read(name))
    return out.getvalue()
