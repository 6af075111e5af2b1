"""Which names may be two spellings of one thing."""

from __future__ import annotations

import pytest

from transforms.ledgers.firm_names import alike, name_key, slips


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("六安甲（集团）有限公司", "六安甲(集团) 有限公司"),
        ("安徽“金安”机械厂", "安徽金安机械厂"),
        ("安徽華業電機有限公司", "安徽华业电机有限公司"),
        ("ＡＢＢ电气", "abb电气"),
    ],
)
def test_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("六安金安机械有限公司", "六安金安机械有限责任公司"),
        ("六安金安机械有限公司", "六安金安机械股份有限公司"),
        ("金安机械集团有限公司", "金安机械（集团）有限公司"),
        ("安徽省金安机械有限公司", "金安机械有限公司"),
        ("安徽六安市恒源机械有限公司", "六安恒源机械有限公司"),
    ],
)
def test_alike_but_for_form_or_region(one: str, other: str) -> None:
    assert alike([one, other, "别的公司"]) == dict.fromkeys(
        (name_key(one), name_key(other)), (name_key(one), name_key(other))
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒源机械一期项目", "恒源机械二期项目"),
        ("恒源机械有限公司", "恒源机械有限公司霍山分公司"),
        ("恒源机械有限公司", "恒泰机械有限公司"),
        ("六安市公司", "六安公司总部"),
    ],
)
def test_not_alike(one: str, other: str) -> None:
    assert alike([one, other]) == {}


def test_one_character_of_a_long_name() -> None:
    assert set(slips(["六安筠禾针织服饰有限公司", "六安筠和针织服饰有限公司"])) == {
        "六安筠禾针织服饰有限公司", "六安筠和针织服饰有限公司",
    }  # fmt: skip
    assert slips(["六安恒源机械有限公", "六安恒源机械有限公司", "别的有限公司"]).keys() == {
        "六安恒源机械有限公", "六安恒源机械有限公司",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲公司", "乙公司"),
        ("年产80万套轴承项目", "年产30万套轴承项目"),
        ("标准化厂房一期工程", "标准化厂房二期工程"),
        ("城东污水处理厂扩建", "城西污水处理厂扩建"),
        ("恒源机械加工", "恒泰机械制造"),
    ],
)
def test_no_slip(one: str, other: str) -> None:
    assert slips([one, other]) == {}


def test_names_after_a_pattern_are_no_slips() -> None:
    assert slips([f"金安智能装备产业园{mark}楼" for mark in "梅兰竹菊松柏"]) == {}
