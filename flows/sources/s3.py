"""The door to a bucket of an S3 store, by fsspec and s3fs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from s3fs import S3FileSystem

from flows.clock import BEIJING
from flows.sources.file_names import of_path
from flows.sources.patience import MayPass, Patience
from flows.sources.remote_folders import RemoteFile
from flows.sources.secrets import secret
from transforms.declared.sources import S3Source
from transforms.errors import InputError


class S3Door:
    """One bucket; a file was received when the store says that its bytes came, which nobody but the store sets."""

    def __init__(self, source: S3Source, patience: Patience) -> None:
        self._source, self._patience = source, patience
        parts = urlsplit(source.url)
        self._folder = f"{parts.netloc}/{of_path(parts.path).strip('/')}".rstrip("/")
        self._file_system: S3FileSystem | None = None

    def files(self) -> list[RemoteFile]:
        """All objects below the folder, but for the empty ones that stand for folders."""
        with self._told():
            found: dict[str, dict[str, Any]] = self._connected().find(self._folder, detail=True)
        return [
            RemoteFile(
                path.removeprefix(f"{self._folder}/"),
                path,
                int(told["size"]),
                str(told.get("ETag", "")),
                told["LastModified"].astimezone(BEIJING) if told.get("LastModified") else None,
            )
            for path, told in found.items()
            if not path.endswith("/") and told["type"] == "file"
        ]

    def read(self, file: RemoteFile) -> bytes:
        """The object's bytes."""
        with self._told():
            data: bytes = self._connected().cat_file(file.path)
            return data

    def size(self, file: RemoteFile) -> int:
        """The object's size."""
        with self._told():
            return int(self._connected().info(file.path, refresh=True)["size"])

    def bytes_of(self, name: str) -> bytes | None:
        """The bytes of the object of that name below the folder; None where there's none."""
        with self._told():
            try:
                data: bytes = self._connected().cat_file(f"{self._folder}/{name}")
            except FileNotFoundError:
                return None
            return data

    def keep(self, name: str, data: bytes) -> None:
        """Put an object below the folder; the store shows it whole or not at all."""
        with self._told():
            self._connected().pipe_file(f"{self._folder}/{name}", data)

    def close(self) -> None:
        """Give the connections back."""
        if self._file_system is not None:
            self._file_system.close_session(self._file_system.loop, self._file_system._s3)
            self._file_system = None

    def _connected(self) -> S3FileSystem:
        if self._file_system is None:
            source, seconds = self._source, self._patience.answer
            keys: dict[str, Any] = {"anon": True}
            if source.key_id_env and source.secret_env:
                keys = {
                    "key": secret(source.key_id_env, source.place),
                    "secret": secret(source.secret_env, source.place),
                }
            self._file_system = S3FileSystem(
                endpoint_url=source.endpoint,
                client_kwargs={"region_name": source.region} if source.region else {},
                config_kwargs={
                    "connect_timeout": seconds,
                    "read_timeout": seconds,
                    "retries": {"total_max_attempts": 1},
                },
                use_listings_cache=False,
                skip_instance_cache=True,
                **keys,
            )
            self._file_system.retries = 1  # trying again is the caller's affair
        return self._file_system

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Failures as those that may pass and those that won't."""
        place = self._source.place
        try:
            yield
        except FileNotFoundError:
            raise InputError(
                f"{place}: isn't there; compare bucket and folder with what the store's owner says"
            ) from None
        except PermissionError:
            raise InputError(
                f"{place}: may not be read; see to key_id_env and secret_env, and to the key's rights"
            ) from None
        except (ClientError, HTTPClientError, NoConnection, aiohttp.ClientError, OSError) as error:
            status = _status(error)
            if status is None:
                raise MayPass(f"the connection failed ({type(error).__name__})") from None
            if status >= 500 or status in {408, 429}:
                raise MayPass(f"the store answers {status}") from None
            raise InputError(f"{place}: the store refuses ({status}); see to url, endpoint, region and keys") from None
        except (BotoCoreError, ValueError) as error:
            raise InputError(f"{place}: can't be asked ({error}); see to url, endpoint, region and keys") from None


def _status(error: BaseException) -> int | None:
    """The status that the store answered with, of which s3fs may have made an OSError; None where it didn't answer."""
    answered = error if isinstance(error, ClientError) else error.__cause__
    if not isinstance(answered, ClientError):
        return None
    return int(answered.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
