"""Examines the installation: each module here holds the checks of one theme, and is found by itself."""

from flows.doctor.examination import examine

__all__ = ["examine"]
