"""What hostile text may reach from a page that is laid out: nothing but the template's own files and the fonts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.render.pdf import _fetcher
from flows.render.templates import TEMPLATES
from flows.workspace import INSTALLED, fonts_folder

TEMPLATE = TEMPLATES / "tongbao"


def fetched(url: str) -> bytes:
    data: bytes = _fetcher(fonts_folder().resolve(), TEMPLATE).fetch(url).read()
    return data


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "FILE:///etc/passwd",
        f"{TEMPLATE.as_uri()}/../../flows/clock.py",
        f"{TEMPLATE.as_uri()}/%2e%2e/%2e%2e/flows/clock.py",
        f"{TEMPLATE.as_uri()}/..%2f..%2fflows/clock.py",
        f"{TEMPLATE.as_uri()}-elsewhere/style.css",
        "http://127.0.0.1/a.png",
        "https://example.org/a.css",
        "ftp://example.org/a",
        "data:text/css,body{}",
        "data:image/svg+xml,<svg/>",
        "//example.org/a.css",
        "/etc/passwd",
        "etc/passwd",
        "javascript:alert(1)",
        "jar:file:///etc/passwd!/a",
        "",
    ],
)
def test_what_is_outside_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="拒绝读取"):
        fetched(url)


def test_a_link_out_of_the_template_s_folder_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "style.css").write_text("p {}", encoding="ascii")
    (own / "link.css").symlink_to("/etc/passwd")
    (own / "folder").symlink_to("/etc")
    fetcher = _fetcher(own)
    assert fetcher.fetch(f"{own.as_uri()}/style.css").read() == b"p {}"
    for name in ("link.css", "folder/passwd"):
        with pytest.raises(ValueError, match="拒绝读取"):
            fetcher.fetch(f"{own.as_uri()}/{name}")


# --- Templates and parsers ----------------------------------------------------------------------

PAGES = sorted(TEMPLATES.rglob("*.j2"))
CONSTANT = re.compile(r"""\{\{ ' class="long"' \| safe if """)
"""The only text that isn't escaped, written in the template itself."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_no_template_leaves_what_it_is_told_unescaped(page: Path) -> None:
    text = CONSTANT.sub("", page.read_text(encoding="utf-8"))
    assert re.search(r"\|\s*safe\b|autoescape|Markup|tojson|xmlattr|\|\s*attr\b", text) is None
    # Within an attribute without quotes escaping doesn't help.
    assert re.search(r"""<[^>{]*\s[\w-]+=\{\{""", text) is None
    # Neither does it inside a script or a style, which are told as whole files of the product's own.
    for inside in re.findall(r"(?s)<(?:script|style)[^>]*>(.*?)</(?:script|style)>", text):
        told = {
            re.sub(r'^"[^"]*" if [a-z ]+$', "constant", one.strip()) for one in re.findall(r"\{\{(.*?)\}\}", inside)
        }
        assert told <= {"style", "script", "constant", "pages_before"}
    # Nor where a link may be a program.
    assert re.search(r"""\bon\w+\s*=\s*["']?\s*\{\{""", text) is None


def test_no_parser_of_xml_follows_entities_and_every_page_is_escaped() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (INSTALLED / "flows").rglob("*.py")}
    sources |= {path: path.read_text(encoding="utf-8") for path in (INSTALLED / "transforms").rglob("*.py")}
    for path, text in sources.items():
        assert "autoescape=False" not in text, path
        assert "select_autoescape" not in text, path
        assert re.search(r"resolve_entities\s*=\s*True|huge_tree\s*=\s*True|no_network\s*=\s*False", text) is None, path
        for made in re.findall(r"XMLParser\((.*?)\)", text, re.DOTALL):
            assert "resolve_entities=False" in made, path
