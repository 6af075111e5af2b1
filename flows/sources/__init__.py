"""Reaches the places that spreadsheets come from: each kind of source in a module of its own, behind one protocol."""
