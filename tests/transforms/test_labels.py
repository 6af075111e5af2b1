import pytest

from transforms.tables.labels import is_unit, plain_label, read_label


@pytest.mark.parametrize(
    ("raw", "text", "unit"),
    [
        ("一、规模以上工业总产值（亿元）", "规模以上工业总产值", "亿元"),
        ("（一）工业投资", "工业投资", ""),
        ("1.新增规上企业", "新增规上企业", ""),
        ("2.1 工业税收", "工业税收", ""),
        ("①服务业", "服务业", ""),
        ("　其中：战略性新兴产业产值（亿元）", "战略性新兴产业产值", "亿元"),
        ("#高新技术产业", "高新技术产业", ""),
        ("R & D 经费", "R&D经费", ""),
        ("规 模 以 上", "规模以上", ""),
        ("5亿元以上项目", "5亿元以上项目", ""),
        ("1.2亿元以上项目", "1.2亿元以上项目", ""),
        ("国内生产总值(不变价)当季值(亿元)", "国内生产总值(不变价)当季值", "亿元"),
        ("工业增加值累计增长(%)", "工业增加值累计增长", "%"),
        ("居民消费价格指数(上年同月=100)", "居民消费价格指数(上年同月=100)", "上年同月=100"),
        ("固定资产投资（不含农户）", "固定资产投资（不含农户）", ""),
    ],
)
def test_label_and_unit(raw: str, text: str, unit: str) -> None:
    label = read_label(raw)
    assert (label.text, label.unit) == (text, unit)


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("工业增加值累计增长", "工业增加值"),
        ("工业增加值同比增长(%)", "工业增加值"),
        ("房地产投资累计值(亿元)", "房地产投资"),
        ("国内生产总值同比增长速度(%)", "国内生产总值"),
        ("规模以上工业增加值增速", "规模以上工业增加值"),
        ("全国一般公共预算收入当期值", "全国一般公共预算收入"),
        ("新增规上工业企业", "新增规上工业企业"),
        ("固定资产投资（不含农户）", "固定资产投资(不含农户)"),
        ("同比增长", "同比增长"),
    ],
)
def test_plain_label(label: str, plain: str) -> None:
    assert plain_label(label) == plain
    assert plain_label(plain) == plain


@pytest.mark.parametrize(
    "word", ["亿元", "%", "％", "万千瓦时", "元/人", "个百分点", "台(套)", "吨标准煤/万元", "万平方米"]
)
def test_units(word: str) -> None:
    assert is_unit(word)


@pytest.mark.parametrize("word", ["不变价", "演示数据", "园区", "2", "可比价"])
def test_no_units(word: str) -> None:
    assert not is_unit(word)
