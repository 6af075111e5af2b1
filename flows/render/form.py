"""Turns a planned form into the workbook that a unit fills in: locked but for its cells, checked as they're typed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from flows.render.form_checks import FigureRule, date_rule, figure_rule, yes_or_no_rule
from flows.render.row_heights import line_count
from flows.render.wording import harmless
from transforms.readings import Measure
from transforms.reporting.forms import HEADS, Ask, DeedRow, FigureRow, Form, Last, TaskRow
from transforms.spreadsheets.sheets import reference

SHEET = "报送表"
_WORDS_AFTER = ("佐证材料", "情况说明", "填报要求")
_WIDTHS_BEFORE, _WIDTH_OF_FIGURE, _WIDTHS_AFTER = (5, 26, 9, 14, 19), 12, (17, 33, 24)
_FIRST_FIGURE = len(_WIDTHS_BEFORE)
_PROGRESS = _FIRST_FIGURE + 1
"""Where a task's progress begins; from there on to the sheet's edge it's the unit's."""
_SMALLER = 10 / 9
"""How much more of 9 point text goes into a line."""
_LINE, _PADDING = 13.5, 6
"""Points that a line of 10 point text takes, and what a row has above and below its text."""
_OF_ALL = (
    "只在浅黄色单元格填写，灰色单元格本期不填；表题、报送单位、指标（任务）名称和计量单位请勿改动。",
    "“情况说明”“进展情况”写本期进展、滞后原因和下步措施，可原文载入通报；“佐证材料”写文件名称、文号或公示网址。",
    "鼠标停在“上期已报”格可见出处；与实际不符的，在“情况说明”（“进展情况”）中写明，并重报该期。",
    "用 Excel、WPS 或 LibreOffice 填好后直接保存（xlsx、xls 或 et），文件名可改，但其中的月份须与表题一致。",
)
_OF_FIGURES = (
    "数字单元格只填数字，不带单位；百分数填12.3（即12.3%），不填0.123；确为零的填0，没有这一项的填“—”，"
    "尚不掌握的留空。留空即为未报，不按零处理。",
    "累计数一般不少于上期；确需核减的，先在“情况说明”中写明原因。",
)
_OF_DEEDS = ("“是否完成”从下拉框选；报告期以后完成的，在下一期选“是”。",)


def render_form(form: Form) -> bytes:
    """The workbook, ready to be sent; the same form gives the same bytes. Nothing is filled in but what was reported.

    The sheet is protected without a password: against slips, not against anybody.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {
            "title": harmless(form.title),
            "subject": harmless(form.unit),
            "keywords": "演示数据" if form.demonstration else "",
            "created": dt.datetime.combine(form.period.last_day, dt.time()),
        }
    )
    _Writer(book, form).write()
    book.close()
    return buffer.getvalue()


_BASE: dict[str, object] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_name": "黑体", "font_size": 16, "bold": True, "align": "center"},
    "line": {"font_size": 11},
    "note": {"font_size": 9.5},
    "section": {"font_name": "黑体", "font_size": 11, "text_wrap": False},
    "signature": {"align": "right", "text_wrap": False},
    "head": {"font_name": "黑体", "border": 1, "align": "center", "bg_color": "#E4EAF2"},
    "text": {"border": 1},
    "centred": {"border": 1, "align": "center"},
    "before": {"border": 1, "font_color": "#44546A"},
    "hint": {"border": 1, "font_size": 9, "font_color": "#595959"},
    "closed": {"border": 1, "bg_color": "#E7E6E6"},
    "figure": {"border": 1, "bg_color": "#FFF9DB", "align": "right", "locked": False},
    "choice": {"border": 1, "bg_color": "#FFF9DB", "align": "center", "locked": False},
    "day": {"border": 1, "bg_color": "#FFF9DB", "align": "center", "num_format": "yyyy-mm-dd", "locked": False},
    "words": {"border": 1, "bg_color": "#FFF9DB", "num_format": "@", "locked": False},
    "wrong": {"bg_color": "#F8B4B4"},
    "doubtful": {"bg_color": "#FCE4B0"},
}


class _Writer:
    """Lays out one sheet from top to bottom: title, unit, up to three tables, signatures, how to fill it in."""

    def __init__(self, book: Any, form: Form) -> None:
        self._book = book
        self._form = form
        self._sheet = book.add_worksheet(SHEET)
        self._styles: dict[str, Any] = {}
        # A head needs a figure's column to be known by, even where all figures are counted from ledgers.
        self._measures: Sequence[Measure] = form.measures or (Measure.YEAR_TO_DATE,)
        self._widths = (*_WIDTHS_BEFORE, *[_WIDTH_OF_FIGURE] * len(self._measures), *_WIDTHS_AFTER)
        self._evidence = _FIRST_FIGURE + len(self._measures)
        self._remark, self._hint = self._evidence + 1, self._evidence + 2
        self._row = 0

    def write(self) -> None:
        """Write it all."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        self._band(self._form.title, "title", 30)
        self._band(f"报送单位：{self._form.unit}", "line", 20)
        self._band("浅黄色单元格填写，灰色单元格本期不填，填报要求见各行及表后。", "note", 16)
        self._sheet.freeze_panes(self._row, 2)
        titled = self._row
        tables = [
            (name, write, rows)
            for name, write, rows in (
                ("数量指标", self._figures, self._form.figures),
                ("节点任务", self._deeds, self._form.deeds),
                ("工作任务", self._tasks, self._form.tasks),
            )
            if rows
        ]
        for number, (name, write, _) in enumerate(tables):
            self._band(f"{'一二三'[number]}、{name}", "section", 20)
            write()
            self._row += 1
        self._signatures()
        self._explanation()
        self._set_up(titled + 1 if len(tables) == 1 else 1)

    def _figures(self) -> None:
        before = ("序号", "任务指标", "计量单位", "任务要求", "上期已报")
        self._head((*before, *(HEADS[measure] for measure in self._measures), *_WORDS_AFTER))
        for serial, row in enumerate(self._form.figures, start=1):
            self._figure_row(serial, row)

    def _figure_row(self, serial: int, row: FigureRow) -> None:
        texts = {1: row.label, 3: row.target, 4: _before_words(row.last), self._hint: row.hint}
        self._give_height(texts, least=3 if row.asks else 2)
        self._opening(serial, row.label, row.unit, "centred")
        self._put(3, row.target, "text")
        self._before(4, row.last)
        asks = {ask.measure: ask for ask in row.asks}
        for column, measure in enumerate(self._measures, start=_FIRST_FIGURE):
            if measure in asks:
                self._figure(column, asks[measure], row)
            else:
                self._put(column, "", "closed")
        self._put(self._evidence, "", "words" if row.asks else "closed")
        self._put(self._remark, "", "words")
        self._put(self._hint, row.hint, "hint")
        self._row += 1

    def _figure(self, column: int, ask: Ask, row: FigureRow) -> None:
        self._put(column, "", "figure")
        cell, remark = reference(self._row, column), reference(self._row, self._remark)
        rule: FigureRule = figure_rule(ask, row.unit, cell, remark)
        self._sheet.data_validation(self._row, column, self._row, column, rule.validation)
        for formula, style in ((rule.wrong, "wrong"), (rule.doubtful, "doubtful")):
            if formula:
                told = {"type": "formula", "criteria": formula, "format": self._style(style), "stop_if_true": True}
                self._sheet.conditional_format(self._row, column, self._row, column, told)

    def _deeds(self) -> None:
        dates = self._spare(("完成期限", "完成期限"), "／")
        self._head(("序号", "任务事项", "是否完成", "完成日期", "上期已报", *dates, *_WORDS_AFTER))
        for serial, row in enumerate(self._form.deeds, start=1):
            self._deed_row(serial, row)

    def _deed_row(self, serial: int, row: DeedRow) -> None:
        self._give_height({1: row.label, 4: _before_words(row.last), self._hint: row.hint}, least=3)
        self._opening(serial, row.label, "", "choice" if row.asked else "closed")
        self._put(3, "", "day" if row.asked else "closed")
        if row.asked:
            self._sheet.data_validation(self._row, 2, self._row, 2, yes_or_no_rule())
            self._sheet.data_validation(self._row, 3, self._row, 3, date_rule(self._form.period))
        self._before(4, row.last)
        last = min(_FIRST_FIGURE + 1, self._evidence - 1)
        self._across(_FIRST_FIGURE, last, row.due, "centred")
        for column in range(last + 1, self._evidence):
            self._put(column, "", "closed")
        self._put(self._evidence, "", "words" if row.asked else "closed")
        self._put(self._remark, "", "words")
        self._put(self._hint, row.hint, "hint")
        self._row += 1

    def _tasks(self) -> None:
        self._head(
            (
                "序号",
                "工作任务",
                *["任务要求"] * 2,
                *["上期已报"] * (_PROGRESS - 4),
                *["进展情况"] * (self._hint - _PROGRESS + 1),
            )
        )
        for serial, row in enumerate(self._form.tasks, start=1):
            self._task_row(serial, row)

    def _task_row(self, serial: int, row: TaskRow) -> None:
        said = _before_words(row.last)
        # Merged cells don't grow with their text; there is room for three long lines of progress at least.
        lines = (
            line_count(row.quote, sum(self._widths[2:4]) * _SMALLER),
            line_count(said, sum(self._widths[4:_PROGRESS]) * _SMALLER),
            line_count(row.label, self._widths[1]),
        )
        self._sheet.set_row(self._row, max(3, *lines) * _LINE + _PADDING)
        self._put(0, serial, "centred")
        self._put(1, row.label, "text")
        self._across(2, 3, row.quote, "hint")
        self._across(4, _PROGRESS - 1, said, "hint")
        self._comment(4, row.last)
        self._across(_PROGRESS, self._hint, "", "words")
        self._row += 1

    def _signatures(self) -> None:
        last_figure = self._evidence - 1
        for left, right in (("单位负责人：", ("填表人：", "填报日期：")), ("联系电话：", ())):
            self._sheet.set_row(self._row, 22)
            self._across(0, 1, left, "signature")
            self._across(2, 3, "", "words")
            if right:
                self._put(4, right[0], "signature")
                self._across(_FIRST_FIGURE, last_figure, "", "words")
                self._put(self._evidence, right[1], "signature")
                self._put(self._remark, "", "day")
            self._row += 1
        self._row += 1

    def _explanation(self) -> None:
        notes = [*_OF_ALL, *(_OF_FIGURES if self._form.figures else ()), *(_OF_DEEDS if self._form.deeds else ())]
        if self._form.also:
            notes.append(f"本期另须报送：{'、'.join(self._form.also)}。")
        # In one cell, so that no page ends amid them.
        told = "\n".join(("填报说明：", *(f"{number}. {note}" for number, note in enumerate(notes, start=1))))
        self._band(told, "note", line_count(told, sum(self._widths)) * _LINE + _PADDING)

    def _spare(self, words: Sequence[str], blank: str) -> Sequence[str]:
        """Heads for the figures' columns where there are no figures; none is left without a word (see _head)."""
        count = len(self._measures)
        return [*words, *[blank] * count][:count]

    def _head(self, words: Sequence[str]) -> None:
        # An ods file doesn't tell of merged cells, and two blanks in a row end a head: no three cells are
        # merged but at its end. Signs of their own stay apart.
        self._sheet.set_row(self._row, 30)
        column = 0
        while column < len(words):
            last = column
            while last + 1 < len(words) and words[last + 1] == words[column] != "／":
                last += 1
            self._across(column, last, words[column], "head")
            column = last + 1
        self._row += 1

    def _give_height(self, texts: Mapping[int, str], least: int) -> None:
        """Room for what is printed, and for ``least`` lines of what will be written."""
        lines = max(line_count(text, self._widths[column]) for column, text in texts.items())
        self._sheet.set_row(self._row, max(least, lines) * _LINE + _PADDING)

    def _opening(self, serial: int, label: str, third: str, style: str) -> None:
        self._put(0, serial, "centred")
        self._put(1, label, "text")
        self._put(2, third, style)

    def _before(self, column: int, last: Sequence[Last]) -> None:
        self._put(column, _before_words(last), "before")
        self._comment(column, last)

    def _comment(self, column: int, last: Sequence[Last]) -> None:
        if not last:
            return
        places = dict.fromkeys(place for one in last for place in one.sources)
        told = list(places)[:4]
        words = "出处：" + "\n".join(told) + (f"\n等{len(places)}个单元格" if len(places) > len(told) else "")
        size = {"width": 320, "height": 22 * (1 + 2 * len(told)), "font_size": 9, "author": ""}
        self._sheet.write_comment(self._row, column, harmless(words), size)

    def _band(self, words: str, style: str, height: float) -> None:
        self._sheet.set_row(self._row, height)
        self._across(0, len(self._widths) - 1, words, style)
        self._row += 1

    def _across(self, first: int, last: int, words: str, style: str) -> None:
        if first == last:
            self._put(first, words, style)
        else:
            self._sheet.merge_range(self._row, first, self._row, last, "", self._style(style))
            self._put(first, words, style)

    def _put(self, column: int, value: str | int, style: str) -> None:
        if isinstance(value, int):
            self._sheet.write_number(self._row, column, value, self._style(style))
        elif value:
            self._sheet.write_string(self._row, column, harmless(value)[:_LONGEST], self._style(style))
        else:
            self._sheet.write_blank(self._row, column, None, self._style(style))

    def _style(self, name: str) -> Any:
        if name not in self._styles:
            own = _STYLES[name]
            self._styles[name] = self._book.add_format(own if name in _MARKS else {**_BASE, **own})
        return self._styles[name]

    def _set_up(self, repeated: int) -> None:
        sheet, mark = self._sheet, "【演示数据】" if self._form.demonstration else ""
        sheet.protect("", {"format_rows": True, "format_columns": True, "objects": False})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, repeated)
        sheet.print_area(0, 0, self._row - 1, len(self._widths) - 1)
        sheet.set_footer(f"&L{mark}{_plain(self._form.unit)}&C第&P页，共&N页")


_MARKS = {"wrong", "doubtful"}
_LONGEST = 32_767
"""Characters that a cell of a workbook holds."""


def _plain(text: str) -> str:
    """A text for a footer, in which & begins a command."""
    return harmless(text).replace("&", "＆")


def _before_words(last: Sequence[Last]) -> str:
    return "\n".join(one.words for one in last) or "无"
