"""Makes WeasyPrint's PDF/A-3a file a PDF/UA-1 file too: says so in it, gives heads a scope, marks page furniture."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

VARIANT = "pdf/a-3a"


def meet_both_standards(document: Any, pdf: Any) -> None:
    """A finisher for ``write_pdf``: what PDF/UA-1 (ISO 14289-1) asks for beyond what PDF/A-3a has brought already."""
    _declare(pdf)
    _give_scopes(document)
    _make_artifacts(pdf)
    if files := pdf.catalog.get("AF"):
        files[:] = dict.fromkeys(files)  # WeasyPrint names each file twice.
    _compress(pdf)


# --- The declaration, in the metadata -----------------------------------------------------------

_DECLARATION = b"""
<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""PDF/A takes a property of another standard only with a description of its schema beside it."""


def _declare(pdf: Any) -> None:
    metadata = pdf.objects[_number(pdf.catalog["Metadata"])]
    [xmp] = metadata.stream
    metadata.stream = [xmp.replace(b"</rdf:RDF>", _DECLARATION + b"</rdf:RDF>", 1)]
    metadata.compress = False


# --- Tags ---------------------------------------------------------------------------------------

_SCOPES = {"row": "/Row", "col": "/Column", "rowgroup": "/Row"}


def _give_scopes(document: Any) -> None:
    """Say of each table head whether it heads a row or a column; WeasyPrint links cells with heads but doesn't say."""
    for page in document.pages:
        for box in _descendants(page._page_box):
            scope = box.element.get("scope") if box.element is not None else None
            if scope and (mark := getattr(box, "mark", None)):
                mark["A"]["Scope"] = _SCOPES[scope]


def _descendants(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        yield child
        yield from _descendants(child)


def _make_artifacts(pdf: Any) -> None:
    """Turn the running heads and page numbers, which WeasyPrint tags but leaves out of the tree, into artifacts."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    outside = _outside(pdf, root)
    for reference in pdf.page_references:
        page = pdf.objects[_number(reference)]
        elements = parents[2 * page["StructParents"] + 1]
        lost = {at for at, element in enumerate(elements) if _number(element) in outside}
        for at in lost:
            elements[at] = b"null"
        operands = pdf.objects[_number(page["Contents"])].stream
        for at, operand in enumerate(operands):
            if isinstance(operand, dict) and operand.get("MCID") in lost:
                operands[at - 1] = "/Artifact"
                operand.clear()
                operand["Type"] = "/Pagination"
    for number in outside:
        pdf.objects[number].clear()


def _outside(pdf: Any, root: Any) -> set[int]:
    """Numbers of the structure elements that can't be reached from the root."""
    elements = {
        number for number, one in enumerate(pdf.objects) if isinstance(one, dict) and one.get("Type") == "/StructElem"
    }
    waiting = [root]
    while waiting:
        for kid in waiting.pop()["K"]:
            if isinstance(kid, bytes) and (number := _number(kid)) in elements:
                elements.remove(number)
                waiting.append(pdf.objects[number])
    return elements


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


# --- Streams ------------------------------------------------------------------------------------

_LEVEL = 6
"""pydyf's 9 takes three times as long for one part in a hundred."""


def _compress(pdf: Any) -> None:
    """Compress each stream, unless that would end it with a carriage return.

    Before the line feed that precedes endstream it reads as part of the line's end, one byte less than the length
    tells; PDF/A (ISO 19005-3, 6.1.7.1) forbids what looks like that. It's the checksum's last byte, so one in 256.
    """
    for one in pdf.objects:
        if getattr(one, "compress", False):
            one.compress = False
            content = one.data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
            # A drawing may end with one line feed more; a font's or a workbook's bytes are their own.
            for told in (content,) if one.extra else (content, content + b"\n"):
                packed = zlib.compress(told, _LEVEL)
                if not packed.endswith(b"\r"):
                    one.stream = [packed]
                    one.extra["Filter"] = "/FlateDecode"
                    break
