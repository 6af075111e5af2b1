"""Turns what was read and what it means into tables to be checked, a row for each figure with its neighbours.

Every cell of a table is an object: Decimals and Intervals stay exact, and None says that an expectation about that
column isn't asked of the row. Each row names its place (``cell``, and all of them in ``places``), its ``subject`` in
Chinese, its ``period`` (2024-06, or empty) and whether the plan ``needs`` it.
"""
