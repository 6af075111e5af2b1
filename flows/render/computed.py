"""Carries the computed values of a workbook's formulas over to a copy, for openpyxl writes formulas without values."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

Values = Mapping[str, Mapping[str, tuple[str, str]]]
"""Per sheet and A1 reference of a formula: the cell's type in the file's own letters, and its value as text."""


def computed_values(data: bytes) -> Values:
    """The values that the file keeps for its formulas; a formula that was never computed has none."""
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import to_excel

    formulas = load_workbook(BytesIO(data))
    results = load_workbook(BytesIO(data), data_only=True)
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for sheet in formulas.worksheets:
        values = found.setdefault(sheet.title, {})
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                result = results[sheet.title][cell.coordinate]
                value = result.value
                if value is None:
                    continue
                if isinstance(value, dt.date | dt.time | dt.timedelta):
                    value = to_excel(value, results.epoch)  # type: ignore[no-untyped-call]
                values[cell.coordinate] = _written(value, result.data_type)
    return found


def with_computed_values(data: bytes, values: Values, titles: Sequence[str]) -> bytes:
    """The workbook that openpyxl wrote, its worksheets called so in their order, with values beside its formulas."""
    out = BytesIO()
    parts = {f"xl/worksheets/sheet{number}.xml": values.get(title, {}) for number, title in enumerate(titles, 1)}
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            if wanted := parts.get(entry.filename):
                content = _filled(content.decode(), wanted).encode()
            after.writestr(entry, content)
    return out.getvalue()


_FORMULA = re.compile(
    r'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="\w+")?>(<f\b(?:[^>]*/>|.*?</f>))<v\s*(?:/>|></v>)</c>', re.DOTALL
)
"""As openpyxl writes it: reference, style, type, formula, and an empty value."""


def _filled(xml: str, values: Mapping[str, tuple[str, str]]) -> str:
    def fill(found: re.Match[str]) -> str:
        ref, style, formula = found.groups()
        if ref not in values:
            return found[0]
        kind, value = values[ref]
        return f'<c r="{ref}"{style} t="{kind}">{formula}<v>{escape(value)}</v></c>'

    return _FORMULA.sub(fill, xml)


def _written(value: object, data_type: str) -> tuple[str, str]:
    if data_type == "e":
        return "e", str(value)
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, str):
        return "str", value
    return "n", repr(value)
