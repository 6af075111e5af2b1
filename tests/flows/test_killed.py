"""A month that is killed at any instant, or can't write any more, ends after its repetition as if calm.

YUEBAO_KILLS says how many instants, YUEBAO_SEED which; what was seen stands in docs/reliability.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.postgresql import ASKED

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("YUEBAO_KILLS", "40"))
ON_POSTGRESQL = max(KILLS // 10, 6)
PHASES = {"archive", "publish", "pull", "read", "render", "store"}
READ_ONLY = ("readonly", "readonly:data_out", "readonly:store", "readonly:data_out/small/issues")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    """The PostgreSQL server where the whole suite runs on one; else none, and the stores are files."""
    return str(request.getfixturevalue("postgresql")) if ASKED else ""


def disturbed(how: str, count: int, folder: Path, server: str = "") -> dict[str, Any]:
    """What the harness tells of so many instants; each seed has instants of its own."""
    folder.mkdir(exist_ok=True)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.flows.killing", how, str(count), os.environ.get("YUEBAO_SEED", "1"), server],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_a_month_killed_at_any_instant_ends_as_if_it_had_not_been(tmp_path: Path, server: str) -> None:
    told = disturbed("killed", KILLS, tmp_path / "k", server)
    assert told["faults"] == []
    killed = told["disturbed"]
    assert sum(killed.values()) + told["survived"] == KILLS
    assert {one.partition(",")[0] for one in killed} == {*PHASES, "at a random time"}
    assert sum(told["points"].values()) > 500


def test_the_same_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    told = disturbed("killed", ON_POSTGRESQL, tmp_path / "k", postgresql)
    assert told["faults"] == []
    assert sum(told["disturbed"].values()) + told["survived"] == ON_POSTGRESQL


def test_a_full_disk_is_told_with_its_cure_and_leaves_nothing_half_made(tmp_path: Path, server: str) -> None:
    told = disturbed("full", KILLS // 4, tmp_path / "k", server)
    assert told["faults"] == []
    assert sum(told["disturbed"].values()) > KILLS // 8


def test_a_folder_that_can_only_be_read_is_told_with_its_cure_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    told = disturbed(",".join(READ_ONLY), 6 * len(READ_ONLY), tmp_path / "k")
    assert told["faults"] == []
    assert sum(told["by way"].values()) + told["survived"] == 6 * len(READ_ONLY)
    assert {way for way, count in told["by way"].items() if count > 2} == set(READ_ONLY)
