"""Cuts a sheet into blocks, each a head with its rows, the lines above it and the notes below; reads no figure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.figures import parse_number
from transforms.period_words import PeriodWords, Span, periods_in, whole_period
from transforms.periods import Period
from transforms.readings import Cell, Ledger, Reading, Table
from transforms.spreadsheets.sheets import Kind, Sheet, reference
from transforms.tables.heads import Head
from transforms.tables.labels import is_unit, without_unit


@dataclass(frozen=True, slots=True)
class Page:
    """Where a sheet stands: its file's name and vintage, and the period that the file's name gives."""

    workbook: str
    vintage: str
    sheet: Sheet
    of_file: PeriodWords | None

    def cell(self, row: int, column: int) -> Cell:
        """The cell, to be carried by a reading."""
        return Cell(self.vintage, self.workbook, self.sheet.name, reference(row, column))

    def place(self, row: int, column: int) -> str:
        """The cell as a text for a doubt."""
        return str(self.cell(row, column))

    @property
    def name(self) -> str:
        """The sheet as a text for a doubt."""
        return f"{self.workbook}《{self.sheet.name}》"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words above a head, with its place."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A head, its data rows (zero-based), the lines above it, the sheet's first lines, and the notes below it."""

    page: Page
    head: Head
    rows: tuple[int, ...]
    above: tuple[Line, ...]
    opening: tuple[Line, ...]
    notes: tuple[str, ...]

    @property
    def sheet(self) -> Sheet:
        """The sheet that it stands in."""
        return self.page.sheet

    @property
    def extent(self) -> str:
        """Its head and rows as a range."""
        return f"{reference(self.head.row, self.head.left)}:{reference(self.bottom, self.head.right)}"

    @property
    def bottom(self) -> int:
        """Its last row."""
        return self.rows[-1] if self.rows else self.head.bottom - 1

    def table(
        self, layout: str, period: Period | None, readings: Sequence[Reading] = (), ledger: Ledger | None = None
    ) -> Table:
        """What a layout read from it, with all that the block itself says of the table."""
        return Table(
            layout=layout,
            workbook=self.page.workbook,
            sheet=self.sheet.name,
            title=self.title,
            period=period,
            reporter=self.reporter,
            readings=tuple(readings),
            ledger=ledger,
            notes=self.notes,
            extent=self.extent,
        )

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its own lines, then the sheet's first ones, which hold for every table of a form."""
        return tuple(dict.fromkeys((*self.above, *self.opening)))

    @property
    def title(self) -> str:
        """What the table is called: the line that names a period, else the first; else the sheet's or file's name."""
        titles = [line for line in (*self.above, *self.opening) if not _KEYED.match(line.text)]
        at = next((at for at, line in enumerate(titles) if periods_in(line.text)), None)
        if at is not None:
            # A title split over rows has its period in a row of its own, under the words.
            return titles[at - 1].text + titles[at].text if at and _is_but_period(titles[at].text) else titles[at].text
        if titles:
            return titles[0].text
        if found := self.stated(_DATABASE):
            return found
        return base_name(self.page.workbook) if _NAMELESS.fullmatch(self.sheet.name) else self.sheet.name

    @property
    def reporter(self) -> str:
        """报送单位, 填报单位 or 制表单位."""
        return self.stated(_REPORTER)

    @property
    def area(self) -> str:
        """地区, as the national bureau's exports state it."""
        return self.stated(_AREA)

    @property
    def unit(self) -> str:
        """The one unit that the table's 单位 line, or else its title, names; empty where that's none or several.

        The % of 单位：万元、% is that of the table's columns of rates, where it has any.
        """
        named = [word for word in re.split(r"[、,，/;；和]", self.stated(_UNIT)) if word and not _SEE_ROWS.search(word)]
        if not named and is_unit(of_title := without_unit(self.title)[1]):
            return of_title
        amounts = [word for word in named if word not in {"%", "％"}]
        if len(amounts) == 1 and any(_RATE.search(self.head.words(column)) for column in self.head.columns):
            return amounts[0]
        return named[0] if len(named) == 1 else ""

    @property
    def stated_count(self) -> int | None:
        """共16项, 合计46家, 总数：16, or a title that ends in （16家）; the first that is found."""
        for line in self.lines:
            plain = unicodedata.normalize("NFKC", line.text)
            if found := _COUNT.search(plain) or _COUNT_AT_END.search(plain):
                return int(next(number for number in found.groups() if number))
        return None

    def stated(self, pattern: re.Pattern[str]) -> str:
        """The first group of the first line that the pattern is found in."""
        for line in self.lines:
            if found := pattern.search(line.text):
                return found[1].strip()
        return ""


def _is_but_period(text: str) -> bool:
    plain = "".join(text.split()).strip("（()）")
    return whole_period(plain) is not None


def cut(page: Page, heads: Sequence[Head]) -> tuple[Block, ...]:
    """The blocks of a sheet whose heads are known, in the order of their rows."""
    ordered = sorted(heads, key=lambda head: (head.row, head.left))
    first_row = ordered[0].row if ordered else 0
    opening = _lines(page.sheet, 0, first_row)
    blocks: list[Block] = []
    ended = 0
    for head in ordered:
        below = [other.row for other in ordered if other.row > head.row and _overlap(head, other)]
        limit = min(below, default=page.sheet.height)
        rows, end = _data_rows(page.sheet, head, limit, followed=bool(below))
        notes, _ = _notes(page.sheet, head, end, limit)
        above = _lines(page.sheet, min(ended, head.row), head.row)
        blocks.append(Block(page, head, rows, above, opening, notes))
        ended = max(ended, end + len(notes))
    return tuple(blocks)


def base_name(workbook: str) -> str:
    """The file's name without folders and suffix."""
    return re.sub(r"\.[A-Za-z]{2,4}$", "", re.split(r"[/\\]", workbook)[-1])


def is_note(text: str) -> bool:
    """Whether a row that begins with this text is a note, a source or a signature, and no figure's row."""
    return bool(_NOTE.match(text.strip()))


def best_period(lines: Sequence[str]) -> PeriodWords | None:
    """The period that lines of words give: a month, quarter or year-to-date before a bare year, first come first."""
    found = [words for line in lines for words in periods_in(line)]
    return next((words for words in found if words.span is not Span.YEAR), found[0] if found else None)


_KEYED = re.compile(r"^(?!附件|附表|表)[^:：\s]{1,8}\s*[:：]|^[（(]?(?:计量)?单位")
_NAMELESS = re.compile(r"(?:Sheet|工作表)\s*\d*", re.IGNORECASE)
_DATABASE = re.compile(r"数据库\s*[:：]\s*(\S+)")
_REPORTER = re.compile(r"(?:报送|填报|制表|编制|上报)(?:单位|部门)(?:[（(][^）)]*[）)])?\s*[:：]\s*([^\s\u3000:：]+)")
_AREA = re.compile(r"(?:^|\s)地\s*区\s*[:：]\s*(\S+)")
_UNIT = re.compile(r"(?:^|[\s\u3000（(])(?:计量|金额|数据|货币)?单\s*位\s*[:：]\s*([^\s\u3000）)]+)")
_RATE = re.compile(r"同比|增[长减速幅]|[%％]|比重|占比|率$")
_SEE_ROWS = re.compile(r"见|各行|如下|详")
_COUNTED = r"\s*(?:项|家|个|户|条|人|件|名|宗)"
_COUNT = re.compile(rf"(?:共|合|总)(?:计|有|数)?\s*:?\s*(\d+){_COUNTED}|(?:项目|企业)总?数(?:量)?\s*:?\s*(\d+)(?!\d)")
_COUNT_AT_END = re.compile(rf"\((?:共|计)?\s*(\d+){_COUNTED}\)\s*$")
"""A title's own count stands at its end; （前3家） and （5个乡镇） say something else."""
_NOTE = re.compile(
    r"[（(【*※]?\s*(?:(?:附|备)?注|说明|(?:数据|资料)?来源|填表说明|填报说明|指标解释)\s*[\d一二三四五]?\s*[）)】]?\s*[:：.、]"
    r"|(?:单位|部门|统计)?(?:负责人|审核人?|审批人|填表人|填报人|制表人|制表|经办人|联系人|联系电话|电话)(?:[（(][^）)]*[）)])?\s*[:：]"
    r"|(?:填报|填表|报出|制表|报送)(?:日期|时间)\s*[:：]"
)


def _overlap(one: Head, other: Head) -> bool:
    return one.left <= other.right and other.left <= one.right


def _lines(sheet: Sheet, top: int, bottom: int) -> tuple[Line, ...]:
    return tuple(
        Line(row, column, value.text.strip())
        for row in range(top, bottom)
        for column in range(min(sheet.width(row), _WIDEST_LINE))
        if (value := sheet.value(row, column)).kind in {Kind.TEXT, Kind.DATE}
    )


_WIDEST_LINE = 200


def _data_rows(sheet: Sheet, head: Head, limit: int, *, followed: bool) -> tuple[tuple[int, ...], int]:
    end = head.bottom + _numbered(sheet, head, limit)
    rows = list(range(head.bottom, end))
    gap = False
    for row in range(end, limit):
        raws = sheet.rows[row]
        if not gap and len(raws) > head.left and type(raws[head.left]) is float:
            # A running number: no note and no gap begins so.
            rows.append(row)
            end = row + 1
            continue
        filled = _filled(sheet, row, head, 3)
        if not filled:
            gap = True
            continue
        if is_note(sheet.value(row, filled[0]).text):
            break
        if gap and len(filled) == 1:
            continue
        rows.append(row)
        end = row + 1
    while followed and rows and _is_title(sheet, rows[-1], head):
        end = rows.pop()
    return tuple(rows), end


def _numbered(sheet: Sheet, head: Head, limit: int) -> int:
    """How many rows under the head begin with a number, one after the other: of a long ledger, nearly all."""
    if head.left == 0:
        after = bisect_left(sheet.unnumbered, head.bottom)
        end = min([limit, *sheet.unnumbered[after : after + 1]])
        return max(end - head.bottom, 0)
    below = sheet.rows[head.bottom : limit]
    other = (at for at, raws in enumerate(below) if len(raws) <= head.left or type(raws[head.left]) is not float)
    return next(other, len(below))


def _is_title(sheet: Sheet, row: int, head: Head) -> bool:
    """Whether the row is the next table's title: one cell of words, and no running number that waits for its row."""
    filled = _filled(sheet, row, head, 2)
    return len(filled) == 1 and parse_number(sheet.value(row, filled[0]).text) is None


def _filled(sheet: Sheet, row: int, head: Head, most: int) -> list[int]:
    """Up to ``most`` columns of the head that are filled in this row."""
    found: list[int] = []
    for column in head.columns:
        if column >= sheet.width(row):
            break
        if sheet.value(row, column).kind is not Kind.BLANK:
            found.append(column)
            if len(found) == most:
                break
    return found


def _notes(sheet: Sheet, head: Head, top: int, limit: int) -> tuple[tuple[str, ...], int]:
    notes: list[str] = []
    for row in range(top, limit):
        filled = _filled(sheet, row, head, 2)
        if not filled:
            if notes:
                return tuple(notes), row
            continue
        text = sheet.value(row, filled[0]).text
        if len(filled) > 1 and not is_note(text):
            return tuple(notes), row
        if not (is_note(text) or notes):
            return tuple(notes), row
        notes.append(" ".join(text.split()))
    return tuple(notes), limit
