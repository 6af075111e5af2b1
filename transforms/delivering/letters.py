"""What is told of an issue, a notice or an alert, in the bulletin's own words; judges no figure, knows no markup."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from transforms.alerts import Alert, AlertKind
from transforms.writing.bulletin import Bulletin, IndicatorRow

SENDER = "本消息由月报系统自动发出，请勿直接回复。"
"""Ends every message; a robot whose security setting is a keyword takes 月报."""
DEMONSTRATION = "演示数据"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with whole lines, a table, or both; texts as they're read."""

    heading: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def in_lines(self) -> Iterator[str]:
        """The part without a table: a row's cells one after the other."""
        yield from self.lines
        for name, *cells in self.rows:
            told = [f"{head}{cell}" for head, cell in zip(self.head[1:], cells, strict=True) if cell not in {"", "—"}]
            yield f"{name}：{'，'.join(told) or '无数据'}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, whatever carries it."""

    title: str
    number: str
    opening: str
    parts: tuple[Part, ...]
    demonstration: bool
    closing: str = SENDER
    notices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The units that have a notice, with its files' names in the issue."""
    rest: str = "余下内容见通报全文"
    """Where all of it stands, for a chat that can't take it whole."""

    @property
    def heading(self) -> str:
        """What stands over it, marked where its figures are made up."""
        return f"【{DEMONSTRATION}】{self.title}" if self.demonstration else self.title

    def subject(self, pattern: str) -> str:
        """The subject of a mail; 更正 is in title and number already, 演示数据 is added."""
        told = pattern.replace("{title}", self.title).replace("{number}", self.number)
        corrected = self.number.rpartition("号")[2]
        if corrected and corrected not in told:
            told += corrected
        return f"【{DEMONSTRATION}】{told}" if self.demonstration else told

    @property
    def is_for_unit(self) -> bool:
        """Whether it goes with one unit's notice."""
        return self.title.startswith("督办单（")

    def for_unit(self, unit: str) -> Letter:
        """The letter that goes with one unit's notice."""
        opening = f"{unit}：现送上与{self.number}相关的督办单，请查收附件并按其中要求办理。"
        return replace(self, title=f"督办单（{unit}）", opening=opening, parts=(), notices=())

    def told(self) -> str:
        """The letter as the outbox keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Letter:
        """The letter that ``told`` gave."""
        told: dict[str, Any] = json.loads(text)
        parts = tuple(
            Part(
                one["heading"],
                tuple(one["lines"]),
                tuple(one["head"]),
                tuple(tuple(row) for row in one["rows"]),
            )
            for one in told.pop("parts")
        )
        notices = tuple((unit, tuple(files)) for unit, files in told.pop("notices"))
        return cls(**told, parts=parts, notices=notices)


def letter_of(bulletin: Bulletin, notices: Sequence[tuple[str, tuple[str, ...]]] = ()) -> Letter:
    """What is told of an issue; every digit is one that the bulletin prints."""
    corrected = bulletin.edition.corrected
    opening = (
        f"{bulletin.organ}{bulletin.dated}印发{bulletin.number}《{bulletin.title}》{bulletin.subtitle}。"
        + ("本期为更正，与前期不一致的，以本期为准。" if corrected else "")
        + ("文中数据均为演示数据。" if bulletin.demonstration else "")
    )
    return Letter(
        bulletin.title,
        bulletin.number,
        opening,
        tuple(part for part in _parts(bulletin) if part.lines or part.rows),
        bulletin.demonstration,
        f"联系方式：{bulletin.contact}。{SENDER}" if bulletin.contact else SENDER,
        tuple(notices),
    )


def _parts(bulletin: Bulletin) -> Iterator[Part]:
    if bulletin.edition.corrected:
        changed = tuple(
            f"{one.name}（{one.period}）：{one.old.text}→{one.new.text}{one.unit}" for one in bulletin.revisions
        )
        yield Part("更正内容", tuple(line for line in (bulletin.revisions_lead, *changed) if line))
    yield Part("要点", tuple(f"{one.label}：{one.text}" if one.label else one.text for one in bulletin.summary))
    rows = {row.code: row for section in bulletin.sections for row in section.rows}
    headline = tuple(_cells(rows[code]) for code in bulletin.headline if code in rows)
    yield Part("主要指标", (), ("指标", "累计", "同比", "完成年度目标", "状态"), headline)
    yield Part(
        "滞后指标",
        tuple(
            "，".join(text for text in (f"{one.name}（{one.status_word}）", one.progress, one.gap, one.needed) if text)
            + f"。责任单位：{'、'.join(one.lead_units)}"
            for one in bulletin.behind
        ),
    )
    yield Part("未报单位", bulletin.unreported)


def _cells(row: IndicatorRow) -> tuple[str, ...]:
    """One headline indicator: its figure with unit and period, growth and completion as printed, its status."""
    actual = row.actual.text if row.actual.text == "—" else f"{row.actual.text}{row.unit}"
    if row.figure_period:
        actual += f"（{row.figure_period}）"
    return (row.name, actual, row.growth.text, row.completion.text, row.status_word)


def letter_of_alert(alert: Alert, district: str) -> Letter:
    """What ops are told; of the figures no more than the alert's own details. Files come first: a chat cuts the end."""
    about = f"{district}{alert.period.chinese()}" if alert.period else district
    parts = [Part("涉及文件", alert.files)] if alert.files else []
    parts.append(Part("情况", tuple(line for line in alert.details.splitlines() if line.strip())))
    # What has no period kept a run from beginning: no run tells of it, but its cause is still there to be found.
    command = f"log {alert.district} {alert.period}" if alert.period else f"doctor {alert.district}"
    rest = f"余下内容请在服务器上执行 yuebao {command} 查看"
    call = "月报提醒" if alert.kind is AlertKind.APPROVAL else "月报告警"
    return Letter(f"{call}：{about}{alert.kind.chinese}", "", alert.title, tuple(parts), False, rest=rest)


def all_clear(titles: Sequence[str], about: str) -> Letter:
    """What ops are told when it's over."""
    return Letter(f"月报恢复：{about}", "", "以下告警所指情况已解除。", (Part("已解除", tuple(titles)),), False)
