"""Prints the rules' document from the tables: python -m tests.spec.print_rules > docs/rules.md."""

from __future__ import annotations

import sys

from tests.spec.tables import rules

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(rules())
