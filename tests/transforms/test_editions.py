"""What a bulletin is called as a draft, as an issue and as a correction."""

from __future__ import annotations

import pytest

from transforms.writing.editions import Edition

PATTERN = "金经信通报〔{year}〕{issue}号"


@pytest.mark.parametrize(
    ("edition", "draft", "words", "number"),
    [
        (Edition(), True, "征求意见稿", "金经信通报〔2025〕　号"),
        (Edition(6, 0, 2024), False, "第6期", "金经信通报〔2024〕6号"),
        (Edition(6, 1, 2024), False, "第6期（更正）", "金经信通报〔2024〕6号（更正）"),
        (Edition(6, 2, 2024), False, "第6期（第2次更正）", "金经信通报〔2024〕6号（第2次更正）"),
        (Edition(None, 1, 2024), True, "征求意见稿（更正）", "金经信通报〔2024〕　号（更正）"),
    ],
)
def test_what_it_is_called(edition: Edition, draft: bool, words: str, number: str) -> None:
    assert (edition.draft, edition.words) == (draft, words)
    assert edition.designation(PATTERN, 2025) == number


def test_a_pattern_without_a_number_keeps_its_words() -> None:
    assert Edition(6).designation("通报", 2024) == "通报"
