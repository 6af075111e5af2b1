"""A page that's parsed in C is the page that WeasyPrint parses."""

from __future__ import annotations

from typing import Any

import pytest
from tinyhtml5 import parse

from flows.render.page_tree import parsed

PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>表 &amp; 图</title></head>
<body class="a"><p title="1 &lt; 2 &#34;引&#34;">一<br>二 &amp; 三</p><hr class="rule">
<table><colgroup><col class="c"><col></colgroup><tbody><tr><td>5 &gt; 4</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 1 1" font-family="x">
<title>图</title><rect width="1"/></svg>
</body></html>"""


def told(root: Any) -> list[tuple[object, ...]]:
    """Every element in order; the page's own white space and the namespace's declaration mean nothing."""
    return [
        (
            one.tag,
            {name: value for name, value in one.attrib.items() if not name.endswith("xmlns")},
            (one.text or "").strip(),
            (one.tail or "").strip(),
        )
        for one in root.iter()
    ]


@pytest.mark.parametrize("page", [PAGE, "<p>一<p>二", "<p>&nbsp;</p>", "<p a=1>一</p>"])
def test_the_tree_is_the_one_that_weasyprint_parses(page: str) -> None:
    assert told(parsed(page, "file:///", None).etree_element) == told(parse(page, namespace_html_elements=False))
