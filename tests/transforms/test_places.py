"""A doubt's place read back: whatever a file or a sheet is called, its own cell is found or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.checking.places import Place, parse_place
from transforms.readings import Cell
from transforms.spreadsheets.sheets import reference

BOOKS = {
    "表.xlsx": ("Sheet1", "《内》A1", "1》A2", "1"),
    "表.xlsx《1》": ("Sheet1",),
    "坏.xlsx": (),
}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("表.xlsx", Place("表.xlsx")),
        ("表.xlsx《Sheet1》", Place("表.xlsx", "Sheet1")),
        ("表.xlsx《Sheet1》B12", Place("表.xlsx", "Sheet1", 11, 1)),
        ("表.xlsx《Sheet1》B12:C14", Place("表.xlsx", "Sheet1", 11, 1)),
        ("表.xlsx《Sheet1》第5行", Place("表.xlsx", "Sheet1", 4)),
        ("表.xlsx《《内》A1》AA3", Place("表.xlsx", "《内》A1", 2, 26)),
        ("表.xlsx《1》A2》B1", Place("表.xlsx", "1》A2", 0, 1)),
        ("表.xlsx《1》A2", Place("表.xlsx", "1", 1, 0)),
        ("表.xlsx《1》《Sheet1》C3", Place("表.xlsx《1》", "Sheet1", 2, 2)),
        ("表.xlsx《没有的》A1", Place("表.xlsx")),
        ("坏.xlsx《Sheet1》A1", Place("坏.xlsx")),
        ("corrections.yaml", None),
        ("区统计局", None),
        ("旧表.xlsx《Sheet1》A1", None),
    ],
)
def test_a_place_is_read_back(text: str, place: Place | None) -> None:
    assert parse_place(text, BOOKS) == place


@given(
    workbook=st.text(min_size=1, max_size=12).filter(lambda name: "《" not in name),
    sheets=st.lists(st.text(alphabet="《》A1第行x", min_size=1, max_size=8), min_size=1, max_size=4, unique=True),
    row=st.integers(0, 1_048_575),
    column=st.integers(0, 16_383),
)
def test_the_cell_of_any_sheet_is_found_in_a_sheet_that_spells_the_same(
    workbook: str, sheets: list[str], row: int, column: int
) -> None:
    text = str(Cell("v", workbook, sheets[0], reference(row, column)))
    place = parse_place(text, {workbook: sheets})
    assert place is not None
    assert place.sheet is not None
    assert f"{place.workbook}《{place.sheet}》{place.ref or f'第{(place.row or 0) + 1}行'}" == text
