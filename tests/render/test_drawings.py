"""A drawing that would come out broken stops the page: WeasyPrint and browsers would say nothing."""

from __future__ import annotations

import pytest

from flows.render.drawings import require_drawings
from transforms.errors import EnvironmentFault

WHOLE = (
    '<svg role="img" viewBox="0 0 10 10" font-family="serif"><title>产值</title><desc>一句</desc>'
    '<path d="M0 0L1.5 -2e1a1 1 0 1 0 2 0z" stroke-width="0.5"/><rect x="1" y="2" width="100%" height="3"/></svg>'
)


def test_whole_drawings_pass_and_styles_that_hold_one_are_no_drawing() -> None:
    require_drawings(f"<style>a{{background:url('data:<svg')}}</style><p>{WHOLE}</p>{WHOLE}<script>'<svg>'</script>")


@pytest.mark.parametrize(
    ("part", "broken", "told"),
    [
        ("<desc>一句</desc>", "<desc>一句", "XML"),
        ("<title>产值</title>", "", "title"),
        ("<title>产值</title>", "<title> </title>", "title"),
        ('role="img"', "", "role"),
        ('font-family="serif"', "", "font-family"),
        ('viewBox="0 0 10 10"', 'viewBox="0 0 nan 10"', "viewBox"),
        ('x="1"', 'x="NaN"', "'NaN' 不是数"),
        ('x="1"', 'x="inf"', "不是数"),
        ('x="1"', 'x="None"', "不是数"),
        ('height="3"', 'height="3" fill="var(--ink)"', "图外"),
        ('height="3"', 'height="3" fill="currentColor"', "图外"),
        ('height="3"', 'height="3" fill="url(http://x/a)"', "图外"),
        ('d="M0 0', 'd="M0 NaN', "路径"),
        ('d="M0 0', 'd="0 0', "路径"),
        ("<desc>", "<filter/><desc>", "filter"),
        ("</svg>", "", "未闭合"),
    ],
)
def test_a_broken_drawing_is_named_with_what_is_wrong(part: str, broken: str, told: str) -> None:
    with pytest.raises(EnvironmentFault, match=told):
        require_drawings(f"<p>{WHOLE}</p><p>{WHOLE.replace(part, broken, 1)}</p>")


def test_all_faults_are_told_at_once_by_the_drawing_s_title() -> None:
    broken = WHOLE.replace('x="1"', 'x="a"').replace('y="2"', 'y="b"')
    with pytest.raises(EnvironmentFault) as caught:
        require_drawings(broken)
    assert str(caught.value).count("图“产值”") == 2
