"""Turns a year's figures into charts, as marks at places: pure geometry that templates write out as SVG.

Every function gives a :class:`Drawing` with a title and a description; what isn't known is a gap, never zero.
"""

from transforms.charts.bullets import bullet, bullets
from transforms.charts.calendar import calendar
from transforms.charts.columns import growth
from transforms.charts.drawing import Drawing
from transforms.charts.lines import line
from transforms.charts.ranks import ranks
from transforms.charts.small import counts, sparkline

__all__ = ["Drawing", "bullet", "bullets", "calendar", "counts", "growth", "line", "ranks", "sparkline"]
