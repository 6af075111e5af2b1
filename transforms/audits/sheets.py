"""Reads a bureau's sheets of audit formulas into audits, or every fault of them with its cell; evaluates none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from transforms.audits.columns import Subject
from transforms.audits.declared import Audit
from transforms.audits.formulas import Tolerance
from transforms.audits.grammar import FormulaFault, parse
from transforms.audits.heads import HEADS, Head, head_of
from transforms.doubts import Doubt, Severity
from transforms.errors import CellFault, DeclarationError, Fault
from transforms.figures import parse_number
from transforms.spreadsheets.sheets import Kind, Sheet, reference
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.spreadsheets.workbooks import open_workbook
from transforms.tables.findings import ERROR_CELL, Findings
from transforms.tables.heads import compact


@dataclass(frozen=True, slots=True)
class Imported:
    """The audits of a workbook, each once, and its error cells, which are no fault of the formulas."""

    audits: tuple[Audit, ...]
    doubts: tuple[Doubt, ...]


def audits_of_workbook(data: bytes, name: str) -> Imported:
    """Every formula under a head 公式, sheet by sheet.

    A sheet that gives no report of its own and repeats what another has said is working paper: its formulas are taken
    once. Raises UnreadableFile where nothing can be opened, DeclarationError with every formula that makes no sense.
    """
    audits: dict[tuple[str, str], Audit] = {}
    said: set[str] = set()
    faults: list[Fault] = []
    findings = Findings()
    headed = False
    for sheet in open_workbook(data, name):
        _tell_errors(sheet, name, findings)
        head = head_of(sheet)
        if head is None:
            continue
        headed = True
        for one in _audits(sheet, head, name, faults):
            words = "".join(one.formula.text.split())
            if (not one.report and words in said) or (words, one.report) in audits:
                continue
            said.add(words)
            audits[words, one.report] = one
    if not headed:
        cure = "第一行写明表头，其中一栏叫“公式”或“审核公式”"
        faults.append(CellFault(name, 1, f"没有认得出的审核公式表，应有表头：{HEADS}", cure, ""))
    if faults:
        raise DeclarationError(faults)
    return Imported(tuple(audits.values()), findings.doubts())


_CRITICAL = re.compile(r"强制|必须|错误|严重|硬")


def _audits(sheet: Sheet, head: Head, workbook: str, faults: list[Fault]) -> Iterator[Audit]:
    for row in range(head.row + 1, sheet.height):
        value = sheet.value(row, head.formula)
        place = f"《{sheet.name}》{reference(row, head.formula)}"
        if value.kind is Kind.BLANK:
            continue
        if value.kind is not Kind.TEXT:
            what = "错误值" if value.kind is Kind.ERROR else "没有计算结果的公式或数值"
            faults.append(CellFault(workbook, row + 1, f"公式栏是{what}{value.text}", "把公式写成文字", place))
            continue
        tolerance = _tolerance(sheet, row, head.tolerance, workbook, faults)
        for text in re.split(r"[\n\r;；]+", value.text):
            if not text.strip() or compact(text) == compact(sheet.words(head.row, head.formula)):
                continue
            try:
                formula = parse(text.rstrip("。. "), tolerance)
            except FormulaFault as fault:
                found = f"“{_short(text)}”{fault.chinese}"
                faults.append(CellFault(workbook, row + 1, found, "改正这条公式", place))
                continue
            yield Audit(
                formula=formula,
                scope=sheet.name,
                place=f"{workbook}{place}",
                number=_words(sheet, row, head.number),
                report=_words(sheet, row, head.report),
                note=_words(sheet, row, head.note),
                subject=Subject(_words(sheet, row, head.title), _words(sheet, row, head.reporter)),
                severity=Severity.CRITICAL if _CRITICAL.search(_words(sheet, row, head.gravity)) else Severity.WARNING,
            )


def _words(sheet: Sheet, row: int, column: int | None) -> str:
    return sheet.words(row, column) if column is not None else ""


def _tolerance(sheet: Sheet, row: int, column: int | None, workbook: str, faults: list[Fault]) -> Tolerance:
    text = compact(_words(sheet, row, column)).lstrip("±≤<＜")
    if column is None or not text or text in {"—", "-", "无"}:
        return Tolerance()
    number = parse_number(text)
    if number is None or number < 0:
        place = f"《{sheet.name}》{reference(row, column)}"
        faults.append(
            CellFault(workbook, row + 1, f"误差“{_short(text)}”不是数", "写一个不小于零的数，如 0.5 或 1%", place)
        )
        return Tolerance()
    return Tolerance(share=number / Decimal(100)) if text.endswith(("%", "％")) else Tolerance(amount=number)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else plain[:59] + "…"


def _tell_errors(sheet: Sheet, workbook: str, findings: Findings) -> None:
    # What a CSV has of an error is its word.
    words = {(row, n) for row, raws in enumerate(sheet.rows) for n, raw in enumerate(raws) if str(raw).startswith("#")}
    for row, column in sorted(words | set(sheet.special)):
        value = sheet.value(row, column)
        if value.kind is Kind.ERROR:
            findings.add(ERROR_CELL, f"{workbook}《{sheet.name}》{reference(row, column)}", value.text)


__all__ = ["Imported", "UnreadableFile", "audits_of_workbook"]
