"""Ledgers, one project or firm a row: what is counted by which rule, and what is wrong with a row."""
