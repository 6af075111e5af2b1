"""Proves that each plan under data_raw says what its document says: quotes, numbers, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from transforms.declared.declarations import load
from transforms.declared.plan import Indicator, NoTarget, Plan
from transforms.declared.plan_document import Text, bare, cleaned
from transforms.declared.plan_quotes import stands, values
from transforms.declared.targets import Repeat

DATA = Path(__file__).resolve().parents[1] / "data_raw"

NUMERALS = "零〇一二两三四五六七八九十百千万亿双半"
QUANTITY = re.compile(
    rf"\d+(?:\.\d+)?%?|全覆盖|全部|清零|翻番|[{NUMERALS}]+"
    "|全年|年内|年底|年末|月底|季度末|每年|每季度|每月|每周|每日"
)
"""All that may quantify or date: any digit and any numeral, whatever follows it. Words that merely
hold a numeral (统一, 零部件, a place's name) are declared in no_targets; none is excused here."""

WORDS_OF_KIND = {
    "about": "左右",
    "of-which": "其中",
    "grow": "增长",
    "ceiling": "以下|降至|不超过|以内",
    "clear": "清零",
}
WORDS_OF_EVERY = {"month": "每月", "quarter": "每季度", "year": "每年"}

EXTRA = "力争新增示范企业7家"


# --- What a plan claims ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """A quote that a plan takes from a clause; ``counts`` if it accounts for the numbers in it."""

    what: str
    clause: str
    quote: str
    counts: bool


def claims(plan: Plan) -> Iterator[Claim]:
    """Every quote of the plan that names its clause."""
    for one in plan.indicators:
        for stand in stands(one):
            yield Claim(f"{plan.year} {one.code}", stand.clause, stand.quote, counts=True)
    for task in plan.qualitative:
        yield Claim(f"{plan.year} {task.code}", task.clause, task.quote, counts=False)


def counting(plans: Sequence[Plan]) -> list[Claim]:
    """The quotes of targets, which account for the numbers in them; those of tasks don't."""
    return [claim for plan in plans for claim in claims(plan) if claim.counts]


def places(text: Text, claim: Claim) -> list[tuple[int, int]]:
    """Where the quote stands within its clause."""
    span = text.span(claim.clause)
    if span is None:
        return []
    return [at for at in text.finds(claim.quote) if span[0] <= at[0] and at[1] <= span[1]]


def misquoted(text: Text, plans: Sequence[Plan]) -> list[str]:
    """Every quote that doesn't stand once in its clause, each explained one that stands nowhere."""
    faults = []
    for plan in plans:
        for claim in claims(plan):
            found = places(text, claim)
            if text.span(claim.clause) is None:
                faults.append(f"{claim.what}: there's no clause “{claim.clause}”")
            elif len(found) != 1:
                faults.append(
                    f"{claim.what}: “{claim.quote}” stands {len(found)} times in “{claim.clause}”, "
                    f"{len(text.finds(claim.quote))} times in all"
                )
        for none in plan.no_targets:
            found = text.finds(none.quote)
            if not found:
                faults.append(f"{plan.year} no_targets: “{none.quote}” stands nowhere")
            elif len(found) > 1 and re.search(r"\d", none.quote):
                faults.append(f"{plan.year} no_targets: “{none.quote}” stands {len(found)} times")
    return faults


def unclaimed(text: Text, plans: Sequence[Plan]) -> list[str]:
    """Every number, at its own place, that no target's quote and no explained quote covers."""
    covered = [
        *(at for claim in counting(plans) for at in places(text, claim)),
        *(at for plan in plans for none in plan.no_targets for at in text.finds(none.quote)),
    ]
    return [
        f"“{found[0]}” in “{text.clean[max(0, found.start() - 12) : found.end() + 8]}”"
        for found in QUANTITY.finditer(text.clean)
        if not any(start <= found.start() and found.end() <= end for start, end in covered)
    ]


def misvalued(plan: Plan) -> list[str]:
    """Every target whose quotes don't name its value, and it alone, with its unit."""
    faults = []
    for one in plan.indicators:
        for quote in [bare(stand.quote) for stand in stands(one)]:
            what = f"{plan.year} {one.code}: “{quote}”"
            wanted, said = one.target.value, values(quote, one)
            if wanted is not None and said != [wanted]:
                faults.append(f"{what} says {', '.join(map(str, said)) or 'nothing'}, not {wanted}")
            words = WORDS_OF_KIND.get(one.target.kind, "")
            if isinstance(one.target, Repeat):
                words = WORDS_OF_EVERY[one.target.every]
            if not re.search(words, quote):
                faults.append(f"{what} has no word of the kind {one.target.kind} ({words})")
            if "左右" in quote and one.target.kind != "about":
                faults.append(f"{what} says 左右, yet its kind is {one.target.kind}")
    return faults


def differing(plans: Sequence[Plan]) -> list[str]:
    """Every code that means something else in one year than in another."""
    faults = []
    first: dict[str, tuple[int, tuple[str | None, ...]]] = {}
    for plan in plans:
        for one in plan.indicators:
            meaning = (one.name, one.short_name, one.unit, one.target.kind, str(one.counted))
            year, known = first.setdefault(one.code, (plan.year, meaning))
            if meaning != known:
                faults.append(f"{one.code}: {known} in {year}, {meaning} in {plan.year}")
    return faults


# --- The plans under data_raw ---------------------------------------------------------------------


@dataclass(frozen=True)
class Transcription:
    """One document and the plans that are transcribed from it."""

    name: str
    raw: str
    plans: tuple[Plan, ...]


def districts() -> dict[str, list[tuple[Path, Plan]]]:
    """The plans of each district that has any."""
    found: dict[str, list[tuple[Path, Plan]]] = {}
    for file in sorted(DATA.glob("*/plan/*.yaml")):
        plan, _ = load(file.read_text(encoding="utf-8"), str(file), Plan)
        found.setdefault(file.parts[-3], []).append((file, plan))
    return found


def transcriptions() -> list[Transcription]:
    """The documents that lie beside plans, each with all plans that name it."""
    found: dict[Path, list[Plan]] = {}
    for declared in districts().values():
        for file, plan in declared:
            if plan.document.file is not None:
                found.setdefault(file.parent / plan.document.file, []).append(plan)
    return [
        Transcription(str(file.relative_to(DATA)), file.read_text(encoding="utf-8"), tuple(plans))
        for file, plans in found.items()
    ]


each_document = pytest.mark.parametrize("made", transcriptions(), ids=lambda made: made.name)


def test_some_plan_is_transcribed_from_a_document() -> None:
    assert transcriptions()


@each_document
def test_every_quote_stands_once_in_its_clause(made: Transcription) -> None:
    assert misquoted(cleaned(made.raw), made.plans) == []


@each_document
def test_every_number_is_claimed_by_a_target_or_explained(made: Transcription) -> None:
    assert unclaimed(cleaned(made.raw), made.plans) == []


@each_document
def test_every_value_stands_in_its_quote(made: Transcription) -> None:
    assert [fault for plan in made.plans for fault in misvalued(plan)] == []


@pytest.mark.parametrize("declared", districts().values(), ids=list(districts()))
def test_a_code_means_the_same_in_every_year(declared: list[tuple[Path, Plan]]) -> None:
    assert differing([plan for _, plan in declared]) == []


# --- That the proofs can fail ---------------------------------------------------------------------


@each_document
def test_an_extra_sentence_is_reported_wherever_it_is_put(made: Transcription) -> None:
    stops = [found.end() for found in re.finditer("。", made.raw)]
    assert stops
    for at in stops:
        text = cleaned(f"{made.raw[:at]}{EXTRA}。{made.raw[at:]}")
        assert any(EXTRA in fault for fault in unclaimed(text, made.plans)), made.raw[at - 20 : at]


@each_document
def test_a_target_said_again_elsewhere_is_reported(made: Transcription) -> None:
    for plan in made.plans:
        for one in plan.indicators:
            text = cleaned(f"{one.quote}。\n{made.raw}")
            again = unclaimed(text, made.plans)
            assert again or not QUANTITY.search(bare(one.quote)), one.code


@each_document
def test_a_target_left_out_is_reported(made: Transcription) -> None:
    text = cleaned(made.raw)
    quotes = [bare(claim.quote) for claim in counting(made.plans)]
    for plan in made.plans:
        for one in plan.indicators:
            if quotes.count(bare(one.quote)) > 1 or not QUANTITY.search(bare(one.quote)):
                continue
            left = {"indicators": tuple(other for other in plan.indicators if other is not one)}
            rest = [other for other in made.plans if other is not plan]
            assert unclaimed(text, [*rest, plan.model_copy(update=left)]), one.code


@each_document
def test_a_changed_quote_is_reported(made: Transcription) -> None:
    text = cleaned(made.raw)
    for plan in made.plans:
        for one in plan.indicators:
            words = bare(one.quote)
            for changed in (f"{words[:-1]}＊", f"＊{words[1:]}", words[:2] + words[3:]):
                faults = misquoted(text, [_with(plan, one, {"quote": changed})])
                assert any(f" {one.code}: " in fault for fault in faults), changed


@each_document
def test_a_changed_document_is_reported(made: Transcription) -> None:
    text = cleaned(made.raw)
    for plan in made.plans:
        for one in plan.indicators:
            (place,) = places(text, Claim("", one.clause, one.quote, counts=True))
            last = place[1] - 1
            changed = Text(f"{text.clean[:last]}＊{text.clean[last + 1 :]}", text.headings)
            faults = misquoted(changed, made.plans)
            assert any(f" {one.code}: " in fault for fault in faults), one.code


@each_document
def test_a_quote_in_the_wrong_clause_is_reported(made: Transcription) -> None:
    text = cleaned(made.raw)
    for plan in made.plans:
        clauses = [one.clause for one in plan.indicators]
        for one in plan.indicators:
            other = next(clause for clause in clauses if clause != one.clause)
            faults = misquoted(text, [_with(plan, one, {"clause": other})])
            assert any(f" {one.code}: " in fault for fault in faults), one.code
            (fault,) = misquoted(text, [_with(plan, one, {"clause": f"{one.clause}之外"})])
            assert "no clause" in fault


@each_document
def test_a_changed_value_is_reported(made: Transcription) -> None:
    for plan in made.plans:
        for one in plan.indicators:
            if one.target.value is None:
                continue
            target = one.target.model_copy(update={"value": one.target.value + 1})
            assert misvalued(_with(plan, one, {"target": target})), one.code


@each_document
def test_an_explanation_that_stands_nowhere_is_reported(made: Transcription) -> None:
    idle = NoTarget(quote=EXTRA, reason="nothing")
    plan = made.plans[0].model_copy(update={"no_targets": (idle,)})
    assert any(EXTRA in fault for fault in misquoted(cleaned(made.raw), [plan]))


@each_document
def test_a_code_that_changes_its_meaning_is_reported(made: Transcription) -> None:
    plan = made.plans[0]
    one = plan.indicators[0]
    for field in ("name", "short_name", "unit"):
        assert differing([plan, _with(plan, one, {field: "别的"})]), field


def _with(plan: Plan, changed: Indicator, update: dict[str, object]) -> Plan:
    """The plan with one indicator altered, as no validation would let through."""
    altered = changed.model_copy(update=update)
    indicators = tuple(altered if one is changed else one for one in plan.indicators)
    return plan.model_copy(update={"indicators": indicators})


def test_rows_that_a_page_break_cut_are_joined_again() -> None:
    raw = (
        "一、目标\n全年完成产值 170 亿元。\n附件\n1\t甲\t力争开工\t区甲局\n\n"
        "**某区人民政府行政规范性文件**\n\n\t项目 5 个。\t\n2\t<p>乙 2 个</p>\t区乙局\n"
    )
    text = cleaned(raw)
    assert text.clean == ("一、目标全年完成产值170亿元。附件1甲力争开工项目5个。区甲局2乙2个区乙局")
    clauses = [heading.clause for heading in text.headings]
    assert clauses == ["一、目标", "附件", "附件序号1", "附件序号2"]
    span = text.span("附件 序号1 甲")
    assert span
    assert text.clean[slice(*span)] == "1甲力争开工项目5个。区甲局"
    assert text.span("附件 序号1 乙") is None
