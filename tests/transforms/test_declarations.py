"""The door for YAML: every fault with its line, all at once, numbers exact."""

from decimal import Decimal

import pytest
from pydantic import model_validator

from tests.transforms.builders import district
from transforms.declared.contract import Declared
from transforms.declared.declarations import load
from transforms.declared.paths import Schedule
from transforms.errors import DeclarationError, Fault


class Thing(Declared):
    name: str
    number: Decimal
    kind: str = "plain"


class Things(Declared):
    title: str
    things: tuple[Thing, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _titled(self) -> "Things":
        if self.title == "nothing":
            raise ValueError("title says nothing")
        return self


def faults(text: str) -> list[Fault]:
    with pytest.raises(DeclarationError) as caught:
        load(text, "some.yaml", Things)
    return list(caught.value.faults)


def test_numbers_are_exact_and_lines_are_known() -> None:
    made, lines = load("title: 表\nthings:\n  - name: 甲\n    number: 0.10\n", "some.yaml", Things)
    assert str(made.things[0].number) == "0.10"
    assert lines[("title",)] == 1
    assert lines[("things", 0)] == 3
    assert lines[("things", 0, "number")] == 4


def test_an_empty_value_is_nothing() -> None:
    made, _ = load("title: 表\nnote:\n", "some.yaml", Things)
    assert made.note is None


def test_a_list_that_was_emptied_is_told_with_its_cure() -> None:
    (fault,) = faults("title: a\nthings:\n")
    assert str(fault) == "some.yaml:2: things: nothing stands there; fill it in, or take the line out"


def test_all_faults_at_once_each_with_its_line() -> None:
    found = faults("title: 表\nthings:\n  - name: 甲\n    number: zehn\n    colour: red\n  - name: 乙\ntitle: 二\n")
    assert [fault.line for fault in found] == [4, 5, 6, 7]
    assert ["number" in found[0].found, "colour" in found[1].found, "number" in found[2].found] == [True] * 3
    assert "zehn" in found[0].found
    assert found[1].cure == "remove it or mend its spelling"
    assert found[2].cure == "add it"
    assert found[3].found == "key 'title' is given twice (first on line 1)"


def test_a_duplicate_key_deep_inside_is_a_fault_though_all_else_is_right() -> None:
    (found,) = faults("title: 表\nthings:\n  - name: 甲\n    number: 1\n    name: 乙\n")
    assert str(found) == "some.yaml:5: key 'name' is given twice (first on line 3); keep one"


def test_a_fault_of_the_whole_names_the_first_line() -> None:
    (found,) = faults("title: nothing\n")
    assert found.line == 1
    assert "title says nothing" in found.found


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "isn't a mapping"),
        ("- a\n- b\n", 1, "isn't a mapping"),
        ("title: 表\nthings: [\n", 3, "not valid YAML"),
        ("title: 表\n\tnote: x\n", 2, "not valid YAML"),
        ("title: 表\nnote: \x01\n", 1, "not valid YAML"),
        ("title: 表\n? [a, b]\n: c\n", 2, "a key is a plain word"),
        ("title: 表\nnote: *nowhere\n", 2, "not valid YAML"),
    ],
)
def test_what_is_no_declaration(text: str, line: int, words: str) -> None:
    found = faults(text)
    assert found[0].line == line
    assert words in found[0].found
    assert found[0].cure


def test_months_are_read_as_numbers() -> None:
    due = ", ".join(f"{month}: {share}" for month, share in zip(range(1, 13), [0] * 11 + [100], strict=True))
    made, _ = load(f"kind: schedule\ndue: {{{due}}}\n", "some.yaml", Schedule)
    assert made.due[12] == 100


def test_a_unit_is_known_without_the_word_for_its_district() -> None:
    declared = district()
    named = {spelling: declared.unit(spelling) for spelling in ("区科技局", "科技局", "金安区统计局", "局")}
    assert {spelling: unit.name if unit else None for spelling, unit in named.items()} == {
        "区科技局": "区科技局",
        "科技局": "区科技局",
        "金安区统计局": "区统计局",
        "局": None,
    }
