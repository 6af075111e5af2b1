"""Turns a page into a Word document for those who must edit it; the only door to python-docx, opened when needed."""

from flows.render.word.document import render_docx, word_sheet

__all__ = ["render_docx", "word_sheet"]
