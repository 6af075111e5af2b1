"""Mutates good files of every format, seeded, and reads each: ``python -m tests.transforms.fuzz [SECONDS]``.

What is promised of every file: contents or UnreadableFile, nothing else, within limits of memory and time. Beyond that:

- zipped formats carry checksums: whatever is read of a file with changed bytes is what the good file says;
- a digit changed in a cell's XML (with its checksum) or in a csv changes that cell and no other;
- bare formats (csv, xls, web pages) have no checksum: a changed byte may change a figure, and nothing can tell.
"""

from __future__ import annotations

import io
import random
import re
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.transforms import other_formats, specimens
from transforms.readings import Contents
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.tables.reading import read

MEMORY = 3 * 1024**3
ROUNDS = 40

_TABLES = {
    "indicators": specimens.INDICATORS,
    "areas": specimens.AREAS,
    "ledger": specimens.LEDGER,
    "form": specimens.FORM,
    "across": specimens.PERIODS_ACROSS,
}
_WRITERS: dict[str, Callable[..., bytes]] = {
    "xlsx": specimens.xlsx,
    "ods": other_formats.ods,
    "xlsb": other_formats.xlsb,
    "xls": specimens.xls,
    "csv": specimens.csv,
    "html": other_formats.page,
}
_CHECKED = {"xlsx", "ods", "xlsb"}


class Broken(Exception):
    """A promise was broken: which file, which mutation, what came out."""


def figures(contents: Contents) -> dict[str, object]:
    """Everything that was read, by its cell."""
    found: dict[str, object] = {}
    for table in contents.tables:
        for reading in table.readings:
            cell = replace(reading.cell, vintage="")
            found[str(cell)] = (reading.label, reading.state, reading.value, reading.unit, str(reading.period))
        for row in table.ledger.rows if table.ledger else ():
            found[f"{table.sheet}{row.number}"] = row.texts
    return found


def run(seed: int, rounds: int) -> Iterator[str]:
    """Each mutated file's outcome, ``read`` or ``refused``; raises Broken."""
    rng = random.Random(seed)
    for table, rows in _TABLES.items():
        for kind, write in _WRITERS.items():
            name = f"{table}.{kind}"
            good = write(rows)
            expected = figures(read(good, name, "v"))
            if not expected:
                raise Broken(f"{name}: nothing is read of the good file")
            for number in range(rounds):
                bad, what = _mutated(good, rng)
                yield _judge(bad, name, f"seed {seed}, {number}: {what}", expected if kind in _CHECKED else None)
            for cut in range(0, len(good), max(1, len(good) // rounds)):
                same = expected if kind in _CHECKED else None
                yield _judge(good[:cut], name, f"cut at {cut}", same)
            if kind in _CHECKED:
                for number in range(rounds):
                    edited, what = _part_edited(good, rng)
                    yield _judge(edited, name, f"seed {seed}, {number}: {what}", None)
        yield from _digits(rng, table, rows, seed, rounds)


def _judge(data: bytes, name: str, what: str, expected: dict[str, object] | None) -> str:
    try:
        contents = read(data, name, "v")
    except UnreadableFile:
        return "refused"
    # Whatever else it raises is a traceback for a clerk.
    except BaseException as error:
        raise Broken(f"{name}, {what}: {type(error).__name__}: {error}") from error
    if expected is not None and (found := figures(contents)) != expected:
        different = {cell for cell in found.keys() | expected.keys() if found.get(cell) != expected.get(cell)}
        raise Broken(f"{name}, {what}: {len(different)} cells are read differently, such as {sorted(different)[:3]}")
    return "read"


def _mutated(good: bytes, rng: random.Random) -> tuple[bytes, str]:
    data = bytearray(good)
    at = rng.randrange(len(data))
    match rng.randrange(5):
        case 0:
            data[at] ^= 1 << rng.randrange(8)
            return bytes(data), f"bit at {at}"
        case 1:
            for _ in range(rng.randrange(2, 20)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            return bytes(data), "bytes here and there"
        case 2:
            length = rng.randrange(1, 64)
            del data[at : at + length]
            return bytes(data), f"{length} bytes gone at {at}"
        case 3:
            length = rng.randrange(1, 64)
            data[at:at] = rng.randbytes(length)
            return bytes(data), f"{length} bytes more at {at}"
        case _:
            other = rng.randrange(len(data))
            length = rng.randrange(1, 256)
            data[at : at + length] = data[other : other + length]
            return bytes(data), f"{length} bytes of {other} at {at}"


def _part_edited(good: bytes, rng: random.Random) -> tuple[bytes, str]:
    """One part damaged inside, left out, or taken for another, with right checksums."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = rng.choice(sorted(parts))
    action = rng.randrange(4)
    if action == 0:
        parts[part], what = parts[rng.choice(sorted(parts))], "swapped"
    elif action == 1:
        del parts[part]
        what = "left out"
    else:
        parts[part], what = _mutated(parts[part] or b"x", rng)
    return other_formats.package(parts), f"{part} {what}"


_CELL = re.compile(rb'<c r="([A-Z]+\d+)"(?: s="\d+")?><v>(\d[\d.]*)</v>')


def _digits(rng: random.Random, table: str, rows: tuple[specimens.Row, ...], seed: int, rounds: int) -> Iterator[str]:
    """One number of the sheet's XML is changed: only what stands in its row or column of the table may differ."""
    good = specimens.xlsx(rows)
    expected = figures(read(good, "表.xlsx", "v"))
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cells = list(_CELL.finditer(parts[part]))
    for _ in range(min(rounds, len(cells) * 3)):
        cell = rng.choice(cells)
        digit = b"%d" % ((int(cell[2][:1]) + rng.randrange(1, 9)) % 9 + 1)
        xml = parts[part][: cell.start(2)] + digit + parts[part][cell.start(2) + 1 :]
        found = figures(read(other_formats.package({**parts, part: xml}), "表.xlsx", "v"))
        ref = cell[1].decode()
        different = {at for at in found.keys() | expected.keys() if found.get(at) != expected.get(at)}
        allowed = {at for at in different if at.endswith((f"》{ref}", "表一" + ref.lstrip("ABCDEFGHIJ")))}
        if different != allowed:
            raise Broken(
                f"{table}, seed {seed}: {ref} was changed, and {sorted(different - allowed)[:3]} are different"
            )
        yield "read"


def main() -> int:
    """Run for so many seconds, or one round; tell the count."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 120, int(seconds) + 120))
    outcomes = {"read": 0, "refused": 0}
    broken: list[str] = []
    until = time.monotonic() + seconds
    seed = 2024
    while not outcomes["read"] or time.monotonic() < until:
        try:
            for outcome in run(seed, ROUNDS):
                outcomes[outcome] += 1
        except Broken as error:
            broken.append(str(error))
            print(f"BROKEN {error}", flush=True)
            if not seconds:
                break
        seed += 1
    print(
        f"{sum(outcomes.values())} cases: {outcomes['read']} read, {outcomes['refused']} refused, {len(broken)} broken"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
