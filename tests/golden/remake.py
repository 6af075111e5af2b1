"""Writes the golden texts anew: `make golden`, then look at every difference before it's committed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.golden.story import GOLDEN, arranged, shipped, text

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        workspace = shipped(Path(folder))
        for district, period in GOLDEN:
            file = Path(__file__).with_name(f"{district}-{period}.txt")
            file.write_text(text(arranged(workspace, district, period).bulletin), encoding="utf-8")
