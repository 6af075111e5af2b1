"""What happened in a run, a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence

from transforms.log_lines import Line
from transforms.told_names import without_marks

_HEAD = ("time", "level", "event", "district", "period", "run", "stage", "what", "within", "process", "flow_run")


def print_log_as_kept(lines: Sequence[Line]) -> None:
    """The lines as they are kept."""
    for line in lines:
        print(json.dumps(line, ensure_ascii=False))


def print_log(lines: Sequence[Line]) -> None:
    """Time, level where it isn't plain, event, what it's about, then everything else that the line says."""
    first = lines[0]
    print(" ".join(str(first[key]) for key in ("what", "district", "period", "run") if first.get(key)))
    for line in lines:
        if line.get("level") == "debug":
            continue
        sign = {"warning": "!", "error": "✗"}.get(str(line.get("level")), " ")
        about = " ".join(str(line[key]) for key in ("period", "stage") if line.get(key))
        rest = "; ".join(
            f"{key} {_plain(value)}" for key, value in line.items() if key not in _HEAD and _is_said(value)
        )
        told = f"{line.get('event')}{f' ({about})' if about else ''}{f': {rest}' if rest else ''}"
        print(f"{str(line.get('time', ''))[:19]} {sign} {told}")


def _is_said(value: object) -> bool:
    return value not in ("", [], None)


def _plain(value: object) -> str:
    told = "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return "\n".join(without_marks(line) for line in told.splitlines())
