"""Says what the Word styles of an official document look like, after GB/T 9704-2012; knows nothing of any text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

TWIPS_PER_MM = 1440 / 25.4
LINE = 579
"""Twips from line to line: 22 of them fill 225 mm."""
TEXT_WIDTH, TURNED_WIDTH = 156.0, 225.0
"""Millimetres of the text block, upright and turned."""
_EM = 315
"""Twips from character to character: 28 of them fit into 156 mm."""
_TIGHTER = _EM - 320
"""What is taken from each character of 16 pt. The grid is declared too, for Word's page set-up; yet LibreOffice gives
a character that is wider than its cell two cells, so that no text is snapped to it."""

LARGEST = 35
"""The size in points of the organ's name."""

FANG, BIAO, HEI, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style: lengths in twips, sizes in points, indents of the first line and the left in characters."""

    name: str
    face: str = FANG
    size: float = 16
    base: str = "Normal"
    align: str = "both"
    first: int = 0
    left: int = 0
    right: int = 0
    hanging: int = 0
    before: int = 0
    after: int = 0
    line: int | None = None
    """An exact line height; None for the grid's."""
    colour: str = ""
    outline: int | None = None
    keep_next: bool = False
    grid: bool = True
    """Whether its lines are those of the page's 22."""
    border: str = ""
    tab: float | None = None
    """A tab stop at the right, in mm."""


STYLES = (
    Style("Normal", base="", first=2),
    Style("Title", BIAO, 22, align="center", before=2 * LINE, after=0, line=660, keep_next=True, grid=False),
    Style("Heading 1", HEI, first=2, outline=0, keep_next=True),
    Style("Heading 2", KAI, first=2, outline=1, keep_next=True),
    Style("发文机关标志", BIAO, LARGEST, align="center", before=1984, line=920, colour="D7000F", grid=False),
    Style("发文字号", align="center", before=2 * LINE),
    Style("红色分隔线", size=5, align="center", line=120, border="D7000F", grid=False),
    Style("标注", HEI, align="center"),
    Style("主送机关", before=LINE),
    Style("附件说明", left=5, hanging=3, before=LINE, keep_next=True),
    Style("附件说明续", left=5, keep_next=True),
    Style("署名", align="right", right=4, before=2 * LINE, keep_next=True),
    Style("成文日期", align="right", right=4),
    Style("版记", size=14, left=4, hanging=3, line=454, tab=TEXT_WIDTH - 5, grid=False),
    Style("版记末", size=14, left=1, line=454, tab=TEXT_WIDTH - 5, grid=False),
    Style("附件标记", HEI, align="left", keep_next=True),
    Style(
        "附件标题",
        BIAO,
        18,
        base="Heading 1",
        align="center",
        after=113,
        line=540,
        outline=0,
        keep_next=True,
        grid=False,
    ),
    Style(
        "附件内标题",
        HEI,
        14,
        base="Heading 2",
        align="left",
        before=170,
        line=480,
        outline=1,
        keep_next=True,
        grid=False,
    ),
    Style("附件正文", size=12, first=2, line=400, grid=False),
    Style("表注", size=10.5, align="left", line=300, grid=False),
    Style("表题", HEI, 12, align="center", before=113, after=85, line=360, keep_next=True, grid=False),
    Style("表格文字", size=10.5, align="left", grid=False),
    Style("表头", HEI, size=10.5, align="center", grid=False),
    Style("节末", size=1, line=20, keep_next=True, grid=False),
    Style("header", HEI, 12, align="center", grid=False),
    Style("footer", "宋体", 14, align="left", grid=False),
)

CHARACTER_STYLES = (("楷体提要", KAI, None), ("表题注", FANG, 9.5))
"""Name, face, and size where it isn't the paragraph's."""

_BUILT_IN = {"Normal", "Title", "Heading 1", "Heading 2", "header", "footer"}


def style_id(name: str) -> str:
    """The id that paragraphs refer to: ASCII for the styles that Word itself knows."""
    known = {"header": "Header", "footer": "Footer"}
    return known.get(name, name.replace(" ", ""))


def install_styles(document: Any) -> None:
    """Put the styles in place of the document's own of those names; the others are taken out."""
    from docx.oxml import parse_xml

    element = document.styles.element
    for old in list(element.style_lst):
        element.remove(old)
    defaults = element.find(_W + "docDefaults")
    if defaults is not None:
        element.remove(defaults)
    latent = element.find(_W + "latentStyles")
    if latent is not None:
        element.remove(latent)
    element.append(
        parse_xml(
            f"<w:docDefaults {NAMESPACE}><w:rPrDefault><w:rPr>{fonts(FANG)}"
            f'<w:snapToGrid w:val="0"/><w:spacing w:val="{_TIGHTER}"/><w:kern w:val="0"/>{_size(16)}'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
            "<w:pPrDefault/></w:docDefaults>"
        )
    )
    for style in STYLES:
        element.append(parse_xml(_paragraph_style(style)))
    element.append(
        parse_xml(
            f'<w:style {NAMESPACE} w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
            '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        )
    )
    element.append(
        parse_xml(
            f'<w:style {NAMESPACE} w:type="table" w:default="1" w:styleId="TableNormal">'
            '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr>'
            '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
            '<w:left w:w="57" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr></w:style>"
        )
    )
    for name, face, size in CHARACTER_STYLES:
        element.append(
            parse_xml(
                f'<w:style {NAMESPACE} w:type="character" w:customStyle="1" w:styleId={quoteattr(style_id(name))}>'
                f'<w:name w:val={quoteattr(name)}/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>'
                f"<w:rPr>{fonts(face)}{_size(size) if size else ''}</w:rPr></w:style>"
            )
        )


def fonts(face: str) -> str:
    """The faces by name: the reader's machine has them, or puts its own in their place."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{face}" w:cs="{LATIN}"/>'


NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _paragraph_style(style: Style) -> str:
    custom = "" if style.name in _BUILT_IN else ' w:customStyle="1"'
    default = ' w:default="1"' if style.name == "Normal" else ""
    based = f'<w:basedOn w:val="{style_id(style.base)}"/>' if style.base else ""
    following = '<w:next w:val="Normal"/>' if style.keep_next and style.outline is not None else ""
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    return (
        f'<w:style {NAMESPACE} w:type="paragraph"{default}{custom} w:styleId={quoteattr(style_id(style.name))}>'
        f"<w:name w:val={quoteattr(style.name)}/>{based}{following}<w:qFormat/>"
        f"<w:pPr>{_paragraph(style)}</w:pPr><w:rPr>{fonts(style.face)}{colour}{_size(style.size)}</w:rPr></w:style>"
    )


def _paragraph(style: Style) -> str:
    """The properties in the order that the schema asks for."""
    keep = "<w:keepNext/>" if style.keep_next else '<w:keepNext w:val="0"/>'
    border = (
        f'<w:pBdr><w:bottom w:val="single" w:sz="24" w:space="0" w:color="{style.border}"/></w:pBdr>'
        if style.border
        else ""
    )
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{round(style.tab * TWIPS_PER_MM)}"/></w:tabs>' if style.tab else ""
    height = style.line or (LINE if style.grid else None)
    line = f'w:line="{height}" w:lineRule="exact"' if height else 'w:line="240" w:lineRule="auto"'
    em = _EM if style.grid else round(style.size * 20)
    if style.hanging:
        first = f'w:hangingChars="{100 * style.hanging}" w:hanging="{style.hanging * em}"'
    else:
        first = f'w:firstLineChars="{100 * style.first}" w:firstLine="{style.first * em}"'
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    return (
        f'{keep}<w:widowControl/>{border}{tabs}<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f'<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" {line}/>'
        f'<w:ind w:leftChars="{100 * style.left}" w:left="{style.left * em}" w:rightChars="{100 * style.right}" '
        f'w:right="{style.right * em}" {first}/><w:jc w:val="{style.align}"/>{outline}'
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'
