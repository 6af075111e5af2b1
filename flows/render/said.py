"""What a page says: its texts without marks, as a reader sees them one after the other."""

from __future__ import annotations


def said(html: bytes) -> str:
    """The text of a page's body, without what its scripts and styles hold."""
    import lxml.html

    body = lxml.html.document_fromstring(html).body
    for silent in list(body.iter("script", "style", "template")):
        silent.drop_tree()
    return str(body.text_content())
