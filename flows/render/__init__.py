"""Turns a bulletin into the files that readers open; the only door to the libraries that draw, opened when needed."""

from flows.render.archive import render_archive
from flows.render.around import around
from flows.render.assessments_json import assessments_json
from flows.render.check_page import render_check
from flows.render.html import render_html
from flows.render.notice import render_notices
from flows.render.pdf import prepare_pdf, render_pdf
from flows.render.said import said
from flows.render.word import render_docx, word_sheet
from flows.render.workbook import render_xlsx

__all__ = [
    "around",
    "assessments_json",
    "prepare_pdf",
    "render_archive",
    "render_check",
    "render_docx",
    "render_html",
    "render_notices",
    "render_pdf",
    "render_xlsx",
    "said",
    "word_sheet",
]
