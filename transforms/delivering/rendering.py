"""Letters as the texts that mails and chats take: plain, HTML, Markdown; what they say is a letter's affair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from transforms.delivering.letters import Letter, Part

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_STYLE = (
    "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif;font-size:15px;line-height:1.7;"
    "color:#222;max-width:720px"
)
_CELL = "border:1px solid #bbb;padding:4px 8px;text-align:left"


def plain(letter: Letter) -> str:
    """For a mail's first part, which every program shows."""
    lines = [letter.heading, "", letter.opening]
    for part in letter.parts:
        lines += ["", f"【{part.heading}】", *part.in_lines()]
    return "\n".join([*lines, "", letter.closing, ""])


def html(letter: Letter) -> str:
    """For a mail's second part: styles stand in the elements, since mail programs drop what stands in the head."""
    parts = "".join(_html_part(part) for part in letter.parts)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(letter.heading)}</title></head>"
        f'<body><div style="{_STYLE}"><h2 style="font-size:19px;margin:0 0 8px">{escape(letter.heading)}</h2>'
        f'<p style="margin:0 0 8px">{escape(letter.opening)}</p>{parts}'
        f'<p style="color:#666;font-size:13px;margin:16px 0 0">{escape(letter.closing)}</p></div></body></html>\n'
    )


def _html_part(part: Part) -> str:
    told = f'<h3 style="font-size:16px;margin:16px 0 4px">{escape(part.heading)}</h3>'
    if part.lines:
        items = "".join(f'<li style="margin:0 0 4px">{escape(line)}</li>' for line in part.lines)
        told += f'<ul style="margin:0;padding-left:20px">{items}</ul>'
    if part.rows:
        heads = "".join(f'<th style="{_CELL};background:#f2f2f2">{escape(one)}</th>' for one in part.head)
        cells = ("".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) for row in part.rows)
        rows = "".join(f"<tr>{one}</tr>" for one in cells)
        told += f'<table style="border-collapse:collapse"><tr>{heads}</tr>{rows}</table>'
    return told


def markdown(letter: Letter, most: int) -> str:
    """For a chat, of at most so many bytes: whole lines are left out at the end, and that is said."""
    lines = list(_markdown_lines(letter))
    closing = letter.closing
    whole = "\n".join([*lines, "", _plain_marks(closing)])
    if len(whole.encode()) <= most:
        return whole
    ending = f"\n……（{letter.rest}）\n\n" + _plain_marks(closing)
    room = most - len(ending.encode())
    kept = ""
    for line in lines:
        if len((kept + line + "\n").encode()) > room:
            break
        kept += line + "\n"
    if not kept:
        kept = lines[0].encode()[: max(room, 0)].decode(errors="ignore")
    return kept.rstrip("\n") + ending


def _markdown_lines(letter: Letter) -> Iterator[str]:
    yield f"### {_plain_marks(letter.heading)}"
    yield ""
    yield _plain_marks(letter.opening)
    for part in letter.parts:
        yield ""
        yield f"**{_plain_marks(part.heading)}**"
        yield ""
        for line in part.in_lines():
            yield f"- {_plain_marks(line)}"


def _plain_marks(text: str) -> str:
    """The text without what Markdown would take for its own: signs that a workbook brought make no link."""
    return _MARKDOWN.sub(lambda found: _FULL_WIDTH[found[1]], " ".join(text.split()))


_FULL_WIDTH = dict(zip("\\`*_[]<>#|~", "＼｀＊＿［］＜＞＃｜～", strict=True))
"""A chat's Markdown knows no common way to escape; a full-width sign is read the same."""
