"""Holds what files state against themselves and each other, a printed figure being an interval; needs no plan."""
