"""Packs a district whole into one file, and unpacks it elsewhere; what is in it stays as it is."""

from flows.moving.packed import Moved
from flows.moving.packing import export_district
from flows.moving.unpacking import import_district

__all__ = ["Moved", "export_district", "import_district"]
