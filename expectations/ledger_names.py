"""What is expected of the names in a ledger: that each firm stands there once, under one name and one code."""

from __future__ import annotations

from expectations import rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.doubts import Severity


def _at_most(column: str, most: int) -> BuiltIn:
    return BuiltIn("ExpectColumnValuesToBeBetween", {"column": column, "max_value": most})


EXPECTATIONS = (
    Expectation(
        id="name-once",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": ["group", "name_key"], "ignore_row_if": "any_value_is_missing"},
        ),
        together=("group", "name_key"),
        subject="台账《{ledger}》：{name}",
        found="同一名称出现了不止一行",
        expected="每个项目（企业）只列一行",
        cure="删去重复的行；确为两项的，请在名称中区分（如一期、二期）",
    ),
    Expectation(
        # Firms with codes of their own are two firms, and aren't asked.
        id="name-in-one-spelling",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_at_most("spellings", 1),
        together=("group", "spelled"),
        subject="台账《{ledger}》：{spelled}",
        found="名称只差组织形式或地区，疑似同一企业（项目）的两种写法",
        expected="每个项目（企业）只列一行，名称与登记的全称一致",
        cure="核对是否同一企业（项目）；是的，删去重复的行，不是的无需处理",
    ),
    Expectation(
        # Two firms may well be called so: it's kept for the record.
        id="name-not-nearly-another",
        severity=Severity.INFO,
        frame="ledgers",
        check=_at_most("near_names", 1),
        together=("group", "near"),
        subject="台账《{ledger}》：{near}",
        found="名称只差一个字，可能是同一企业（项目），请核对",
        expected="每个项目（企业）只列一行，名称与登记的全称一致",
        cure="核对是否有错字；确为两家（项）的，无需处理",
    ),
    Expectation(
        id="name-has-one-code",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_at_most("codes_of_name", 1),
        together=("group", "name"),
        subject="台账《{ledger}》：{name}",
        found="同一名称有{codes_of_name}个统一社会信用代码（{name_codes}）",
        expected="一家企业只有一个代码",
        cure="对照营业执照改正代码；确为两家的，请写全称加以区分",
    ),
    Expectation(
        id="credit-code-once",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": ["group", "firm_code"], "ignore_row_if": "any_value_is_missing"},
        ),
        together=("group", "firm_code"),
        subject="台账《{ledger}》：{credit_code}",
        found="同一统一社会信用代码出现了不止一行",
        expected="每家企业只列一行",
        cure="删去重复的行或改正代码",
    ),
    Expectation(
        id="credit-code-has-one-name",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_at_most("names_of_code", 1),
        together=("group", "credit_code"),
        subject="台账《{ledger}》：{credit_code}",
        found="同一统一社会信用代码有{names_of_code}个名称：{code_names}",
        expected="一个代码只对应一家企业的一个名称",
        cure="核对是否同一企业以新旧名称各列一行，统一名称、删去重复的行或改正代码",
    ),
    Expectation(
        id="credit-code-valid",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.has_check_digit),
        found="统一社会信用代码“{credit_code}”通不过校验：{code_fault}",
        expected="18位代码，末位校验码正确（GB 32100-2015）",
        cure="对照营业执照改正代码，并以文本格式填写",
    ),
)
