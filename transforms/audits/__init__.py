"""Audit formulas (审核公式): from a unit's own sheet or a declaration to what holds of its figures; touches nothing."""
