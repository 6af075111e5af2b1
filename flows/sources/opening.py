"""Opens a declared source with what its kind needs; libraries are imported when their kind is declared."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import assert_never

from flows.sources.delivery import Opened
from flows.sources.folders import Folder
from flows.sources.patience import Patience
from transforms.declared.sources import (
    AnySource,
    FolderSource,
    HttpSource,
    ImapSource,
    S3Source,
    SftpSource,
    SharedFolderSource,
)


def open_source(source: AnySource, district: Path, patience: Patience, today: dt.date) -> Opened:
    """The source, ready to be looked into; ``district`` is the district's own folder.

    Raises EnvironmentFault where a secret that the source names isn't set.
    """
    match source:
        case FolderSource():
            cure = f"make it and put the files there, or mend sources in data_raw/{district.name}/district.yaml"
            return Folder(source.place, district / source.place, cure)
        case SharedFolderSource():
            return Folder(source.place, Path(source.place), "see that the share is mounted, then pull again")
        case HttpSource():
            from flows.sources.addresses import Addresses

            return Addresses(source, patience, today)
        case SftpSource():
            from flows.sources.remote_folders import RemoteFolder
            from flows.sources.sftp import SftpDoor

            return RemoteFolder(source.place, SftpDoor(source, patience), patience)
        case S3Source():
            from flows.sources.remote_folders import RemoteFolder
            from flows.sources.s3 import S3Door

            return RemoteFolder(source.place, S3Door(source, patience), patience)
        case ImapSource():
            from flows.sources.mailboxes import Mailbox

            return Mailbox(source, patience)
        case _:
            assert_never(source)
