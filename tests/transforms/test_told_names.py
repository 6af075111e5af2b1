"""Names from outside: what is ordinary stays, what can't be shown is made fit to be, and two files stay two."""

from __future__ import annotations

import os
import re

import pytest

from transforms.told_names import told_name, told_path

FORGED = "a\n  2024-03  issued: 9号\x1b]0;x\x07\u202e.xlsx"


@pytest.mark.parametrize(
    "path",
    [
        "inbox/2024-04-17/主要经济指标_2024年3月.xlsx",
        "a  b .xlsx",
        "全角　空格（1）.xls",
        "完成80%.csv",
        "报送表〔0a1b2c3d〕.xlsx",
        "e\u0301.xlsx",
        "",
        "/mnt/共享/",
    ],
)
def test_what_is_ordinary_stays_as_it_is(path: str) -> None:
    assert told_path(path) == path
    assert told_name(path) == path


@pytest.mark.parametrize(
    ("raw", "path", "name"),
    [
        (FORGED.encode(), "a 2024-03 issued: 9号 ]0;x 〔#〕.xlsx", "a 2024-03 issued: 9号 ]0;x .xlsx"),
        ("主要经济指标_补.xlsx".encode("gbk"), "主要经济指标_补〔#〕.xlsx", "主要经济指标_补.xlsx"),
        ("报送\u200b表.xlsx".encode(), "报送表〔#〕.xlsx", "报送表.xlsx"),
        ("甲\u2028乙".encode(), "甲 乙〔#〕", "甲 乙"),
        ("\u202e.xlsx".encode(), ".xlsx〔#〕", ".xlsx"),
        (b"\x1b\x07", "文件〔#〕", "文件"),
        (b"\x80\xff\xff.xlsx", "\ufffd\ufffd\ufffd〔#〕.xlsx", "\ufffd\ufffd\ufffd.xlsx"),
        ("\x9b31m红.xlsx".encode(), "31m红〔#〕.xlsx", "31m红.xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_made_fit_to_be(raw: bytes, path: str, name: str) -> None:
    told = os.fsdecode(raw)
    assert re.sub(r"〔[0-9a-f]{8}〕", "〔#〕", told_path(told)) == path
    assert told_name(told) == name
    assert told_path(told_path(told)) == told_path(told)


def test_each_part_of_a_path_is_told_by_itself() -> None:
    gbk = os.fsdecode("三月".encode("gbk"))
    assert re.fullmatch(r"inbox/三月〔\w{8}〕/报送表\.xlsx", told_path(f"inbox/{gbk}/报送表.xlsx"))


def test_names_that_look_the_same_stay_two() -> None:
    same = ["补.xlsx", os.fsdecode("补.xlsx".encode("gbk")), "补\u202e.xlsx", "补\u200b.xlsx", "\u200b补.xlsx"]
    assert {told_name(one) for one in same} == {"补.xlsx"}
    assert len({told_path(one) for one in same}) == 5
