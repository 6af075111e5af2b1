"""Reads one spreadsheet from disk, with all that can be known of it alone, for those who look at a single file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from flows.contained import read
from flows.passwords import given_passwords
from transforms.errors import InputError
from transforms.readings import Contents
from transforms.rechecking.rechecks import rechecks
from transforms.told_names import told_name, told_path


def read_file(file: Path) -> Contents:
    """What the reader makes of the file, and what its own figures contradict.

    InputError if there's none or nothing of it can be read.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{told_path(str(file))}: no such file; check the name and the folder") from None
    except IsADirectoryError:
        raise InputError(f"{told_path(str(file))}: is a folder; name one file in it") from None
    except OSError as error:
        raise InputError(f"{told_path(str(file))}: can't be read ({error.strerror}); check its permissions") from None
    contents = read(data, told_name(file.name), hashlib.sha256(data).hexdigest(), given_passwords())
    return replace(contents, doubts=(*contents.doubts, *rechecks(contents)))
