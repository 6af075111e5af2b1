"""A small district of the tests' own, and files as its units would send them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from flows.workspace import Workspace

DISTRICT = """\
id: small
name: 小河区
demonstration: true
areas:
  - {name: 东镇, kind: township}
  - {name: 西镇, kind: township}
units:
  - {name: 区统计局}
  - {name: 区人社局}
sources:
  - {kind: folder, path: inbox}
expected:
  - {title: 主要经济指标, reporter: 区统计局, severity: critical, months: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}
bulletin:
  organ: 小河区经济和信息化局
  number: 小经信通报〔{year}〕{issue}号
  subject: 全区工业目标任务完成情况
  region: 全区
  addressees: 各镇人民政府，区直有关单位
  headline: [gross-output]
"""

PLAN = """\
district: small
year: {year}
document: {{title: 小河区工业发展要点, number: 小发〔{year}〕1号, issued: {year}-01-31}}
sections:
  - {{id: industry, title: 总体目标}}
  - {{id: people, title: 人才}}
indicators:
  - code: gross-output
    name: 规模以上工业总产值
    section: industry
    unit: 亿元
    target: {{kind: reach, value: 170}}
    clause: 一
    quote: 总产值170亿元以上
    first_month: 2
    path: {{kind: elapsed}}
    lead_units: [区统计局]
    units_basis: 文件
    reported_by: 区统计局
    labels: [规模以上工业总产值]
  - code: job-fairs
    name: 招聘会
    section: people
    unit: 场
    target: {{kind: repeat, value: 2, every: quarter}}
    clause: 二
    quote: 每季度不少于2场
    path: {{kind: flat}}
    lead_units: [区人社局]
    units_basis: 文件
    reported_by: 区人社局
    labels: [特色招聘会]
"""


@dataclass(frozen=True)
class Sent:
    """What the tests' units can send, into the inbox of one workspace."""

    inbox: Path

    def file(self, day: str, name: str, data: bytes) -> Path:
        """Put a file into the folder of a day."""
        folder = self.inbox / day
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        return folder / name

    def statistics(self, day: str, year: int, month: int, total: float | str, own: float | str, name: str = "") -> Path:
        """The statistics bureau's table: one indicator, its month and its year-to-date figure."""
        span = "1—2月" if month == 2 else f"{month}月"
        rows: list[Sequence[object]] = [
            [f"小河区{year}年{span}主要经济指标（演示数据）"],
            ["制表单位：区统计局"],
            ["指标名称", "计量单位", "本月", "累计"],
            ["规模以上工业总产值", "亿元", own, total],
        ]
        return self.file(day, name or f"主要经济指标_{year}年{month}月_演示数据.xlsx", workbook({"主要经济指标": rows}))

    def form(self, day: str, year: int, month: int, fairs: int | None) -> Path:
        """The personnel bureau's form: how many job fairs there were."""
        rows: list[Sequence[object]] = [
            [f"{year}年{month}月工业发展要点任务进展报送表（演示数据）"],
            ["报送单位：区人社局"],
            ["序号", "任务指标", "计量单位", "本月", "本年累计", "期末值", "情况说明"],
            [1, "特色招聘会", "场", fairs, None, None, "按计划推进"],
        ]
        return self.file(day, f"报送表_区人社局_{year}年{month}月_演示数据.xlsx", workbook({"报送表": rows}))


def small_workspace(root: Path) -> tuple[Workspace, Sent]:
    """A new workspace there, with 2024-02 and 2024-03 sent."""
    folder = root / "data_raw" / "small"
    (folder / "plan").mkdir(parents=True)
    (folder / "district.yaml").write_text(DISTRICT, encoding="utf-8")
    for year in (2023, 2024):
        (folder / "plan" / f"{year}.yaml").write_text(PLAN.format(year=year), encoding="utf-8")
    sent = Sent(folder / "inbox")
    sent.inbox.mkdir()
    sent.statistics("2024-03-17", 2024, 2, 26.0, "—")
    sent.statistics("2024-04-17", 2024, 3, 42.5, 16.5)
    for month, fairs in ((1, 1), (2, 1), (3, 0)):
        sent.form(f"2024-0{month + 1}-12", 2024, month, fairs)
    return Workspace(root), sent


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An .xlsx with these rows, sheet by sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)})  # the same bytes at every second
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
    return out.getvalue()
