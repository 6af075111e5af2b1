"""Measures speed as ratios within one run; tests assert none of it."""
