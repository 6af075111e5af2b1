"""The one door for YAML: text becomes frozen types, or a list of faults with file and line; opens no file."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from transforms.declared.contract import Declared
from transforms.errors import DeclarationError, Fault

Model = TypeVar("Model", bound=Declared)

_Lines = dict[tuple[str | int, ...], int]


def load(text: str, file: str, model: type[Model]) -> tuple[Model, _Lines]:
    """Read a declaration and the line that each of its keys and items stands on.

    Numbers stay texts until the model makes exact decimals of them. Raises DeclarationError with every fault found:
    YAML that can't be parsed, a key given twice, and whatever the model refuses.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = Fault(file, line, f"not valid YAML: {error.problem or error.context}", "mend the syntax at this line")
        raise DeclarationError([fault]) from None
    except RecursionError:
        raise DeclarationError(
            [Fault(file, 1, "nested too deeply", "write it with plain mappings and lists")]
        ) from None
    except yaml.YAMLError as error:
        raise DeclarationError([Fault(file, 1, f"not valid YAML: {error}", "save the file as plain UTF-8")]) from None
    if not isinstance(root, yaml.MappingNode):
        raise DeclarationError([Fault(file, 1, "the file isn't a mapping", "start it with `key: value` lines")])
    lines: _Lines = {(): 1}
    faults: list[Fault] = []
    data = _construct(root, (), file, lines, faults)
    try:
        made = model.model_validate(data)
    except ValidationError as error:
        faults += [_fault(file, lines, dict(detail)) for detail in error.errors()]
        raise DeclarationError(sorted(faults, key=lambda fault: fault.line)) from None
    if faults:
        raise DeclarationError(sorted(faults, key=lambda fault: fault.line))
    return made, lines


def _construct(node: yaml.Node, at: tuple[str | int, ...], file: str, lines: _Lines, faults: list[Fault]) -> Any:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        made: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Fault(file, line, "a key is a plain word, not a list or mapping", "write `key: value`"))
                continue
            if key in made:
                first = lines[(*at, key)]
                faults.append(Fault(file, line, f"key {key!r} is given twice (first on line {first})", "keep one"))
                continue
            lines[(*at, key)] = line
            made[key] = _construct(value_node, (*at, key), file, lines, faults)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*at, i), file, lines, faults) for i, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return node.value


def _fault(file: str, lines: _Lines, detail: dict[str, Any]) -> Fault:
    at: tuple[str | int, ...] = ()
    for part in detail["loc"]:  # pydantic's place also names union members, which have no line of their own
        if (*at, part) in lines:
            at = (*at, part)
    where = ".".join(str(part) for part in detail["loc"])
    given = detail.get("input")
    if given is None and detail["type"] not in {"missing", "extra_forbidden", "value_error"}:
        return Fault(file, lines.get(at, 1), f"{where}: nothing stands there", "fill it in, or take the line out")
    told_of = not _may_be_secret(detail)
    shown = f", found {given!r}" if told_of and isinstance(given, str | int | float) else ""
    cure = {
        "secret": "put the secret into an environment variable, and declare the variable's name",
        "extra_forbidden": "remove it or mend its spelling",
        "missing": "add it",
        "union_tag_invalid": "use one of the kinds named",
    }.get(str(detail["type"]), "mend it")
    return Fault(file, lines.get(at, 1), f"{where}: {detail['msg']}{shown}", cure)


_SECRET_KEY = re.compile(r"passw|pwd|passphrase|secret|token|key|auth|url|address|endpoint", re.IGNORECASE)


def _may_be_secret(detail: dict[str, Any]) -> bool:
    """Whether the value given must not be shown: somebody may have written a password where its variable belongs."""
    named = [part for part in detail["loc"] if isinstance(part, str)]
    return detail["type"] == "secret" or (
        detail["type"] == "extra_forbidden" and bool(named) and _SECRET_KEY.search(named[-1]) is not None
    )
