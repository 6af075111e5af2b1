"""The door to a folder on an SFTP server, by fsspec and paramiko; the server's key is checked, never just accepted."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from stat import S_IFREG, S_ISDIR, S_ISLNK, S_ISREG
from typing import Any
from urllib.parse import urlsplit

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from flows.sources.file_names import of_path
from flows.sources.patience import MayPass, Patience
from flows.sources.remote_folders import RemoteFile
from flows.sources.secrets import secret
from transforms.declared.sources import SftpSource
from transforms.errors import EnvironmentFault, InputError
from transforms.spreadsheets.workbooks import LARGEST_FILE
from transforms.told_names import told_path

_KEY_TYPES = {
    "ssh-ed25519": ("ssh-ed25519",),
    "ecdsa-sha2-nistp256": ("ecdsa-sha2-nistp256",),
    "ecdsa-sha2-nistp384": ("ecdsa-sha2-nistp384",),
    "ecdsa-sha2-nistp521": ("ecdsa-sha2-nistp521",),
    "ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"),
}
"""What known_hosts calls a key, and the algorithms that prove it."""


class SftpDoor:
    """One server; connects when it's first needed. Modification times aren't believed: whoever uploads sets them."""

    def __init__(self, source: SftpSource, patience: Patience) -> None:
        self._source, self._patience = source, patience
        parts = urlsplit(source.url)
        self._host, self._port = parts.hostname or "", parts.port or 22
        self._folder = of_path(parts.path).rstrip("/") or "/"
        self._file_system: SFTPFileSystem | None = None

    def files(self) -> list[RemoteFile]:
        """All files below the folder.

        Walked here: fsspec's own walk leaves out a sub-folder that it can't list: its files would look withdrawn.
        """
        return list(self._below(self._folder))

    def read(self, file: RemoteFile) -> bytes:
        """The file's bytes, one more than the largest file at most."""
        with self._told(file.path), self._connected().ftp.open(_raw(file.path), "rb") as opened:
            data: bytes = opened.read(LARGEST_FILE + 1)
            return data

    def size(self, file: RemoteFile) -> int:
        """The file's size."""
        with self._told(file.path):
            return int(self._connected().ftp.stat(_raw(file.path)).st_size or 0)

    def close(self) -> None:
        """Give the connection back."""
        if self._file_system is not None:
            self._file_system.client.close()
            self._file_system = None

    def _below(self, folder: str) -> Iterator[RemoteFile]:
        with self._told(folder):
            entries: list[paramiko.SFTPAttributes] = self._connected().ftp.listdir_attr(_raw(folder))
        for entry in sorted(entries, key=lambda one: str(one.filename)):
            path = f"{folder.rstrip('/')}/{entry.filename}"
            if S_ISDIR(_mode(entry)):
                if not entry.filename.startswith("."):
                    yield from self._below(path)
                continue
            if S_ISLNK(_mode(entry)):
                with self._told(path):
                    entry = self._connected().ftp.stat(_raw(path))
            if S_ISREG(_mode(entry)):  # a link to a folder may lead in a circle, and reading a pipe has no end
                name = path.removeprefix(self._folder.rstrip("/")).lstrip("/")
                yield RemoteFile(name, path, int(entry.st_size or 0))

    def _connected(self) -> SFTPFileSystem:
        if self._file_system is None:
            self._file_system = self._connect()
        return self._file_system

    def _connect(self) -> SFTPFileSystem:
        known = _HostKeys(self._source, self._host, self._port)
        seconds = self._patience.answer
        file_system = SFTPFileSystem(
            self._host,
            port=self._port,
            username=self._source.user,
            host_key_policy=known,
            disabled_algorithms=known.of_no_use(),
            look_for_keys=False,
            allow_agent=False,
            timeout=seconds,
            banner_timeout=seconds,
            auth_timeout=seconds,
            skip_instance_cache=True,
            **self._credentials(),
        )
        file_system.ftp.close()
        file_system.ftp = _Client.from_transport(file_system.client.get_transport())
        file_system.ftp.get_channel().settimeout(seconds)
        return file_system

    def _credentials(self) -> Mapping[str, str]:
        source = self._source
        if source.password_env:
            return {"password": secret(source.password_env, source.place)}
        file = secret(source.key_file_env or "", source.place)
        if not Path(file).is_file():
            raise EnvironmentFault(f"{source.place}: {source.key_file_env} names no file; put the private key there")
        passphrase = {"passphrase": secret(source.passphrase_env, source.place)} if source.passphrase_env else {}
        return {"key_filename": file, **passphrase}

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """Failures as those that may pass and those that won't."""
        place, path = self._source.place, told_path(path)
        try:
            yield
        except (paramiko.AuthenticationException, paramiko.PasswordRequiredException):
            raise InputError(
                f"{place}: the server refuses user {self._source.user}; see to user, password_env or key_file_env"
            ) from None
        except FileNotFoundError:
            raise InputError(
                f"{place}: {path} isn't there; compare the folder with what the server's owner says, then pull again"
            ) from None
        except PermissionError:
            raise InputError(f"{place}: {path} may not be read; ask the server's owner for leave to read it") from None
        except UnicodeError:
            raise InputError(
                f"{place}: what the server says of {path} is no UTF-8; ask its owner to look at the names there"
            ) from None
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise MayPass(f"the connection failed ({error or type(error).__name__})") from None


class _Client(paramiko.SFTPClient):  # type: ignore[misc]
    """Takes names in any encoding, as Python takes those of a folder; paramiko ends where one is no UTF-8."""

    def _request(self, kind: Any, *arguments: Any) -> tuple[Any, Any]:
        answered, message = super()._request(kind, *arguments)
        message.get_text = lambda: message.get_string().decode(errors="surrogateescape")
        return answered, message


def _raw(path: str) -> bytes:
    return path.encode(errors="surrogateescape")


def _mode(entry: paramiko.SFTPAttributes) -> int:
    """What an entry is; a server that doesn't say means a file."""
    return int(entry.st_mode or S_IFREG)


class _HostKeys(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Accepts a server's key that is declared or, where none is, that known_hosts holds."""

    def __init__(self, source: SftpSource, host: str, port: int) -> None:
        self._source = source
        self._name = host if port == 22 else f"[{host}]:{port}"
        self._known = paramiko.HostKeys()
        for file in _known_hosts():
            if file.is_file():
                self._known.load(str(file))

    def of_no_use(self) -> Mapping[str, list[str]]:
        """The algorithms of keys that known_hosts doesn't hold, where it holds others of the server."""
        held = self._known.lookup(self._name)
        if self._source.host_keys or not held:
            return {}
        kinds: Callable[[], list[str]] = held.keys
        useful = set(kinds())
        return {"keys": [one for kind, names in _KEY_TYPES.items() if kind not in useful for one in names]}

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Raise InputError unless the key is known."""
        shown = "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
        declared = self._source.host_keys
        if shown in declared if declared else self._known.check(hostname, key):
            return
        client.close()
        other = bool(declared) or self._known.lookup(hostname) is not None
        raise InputError(
            f"{self._source.place}: the server shows {'another' if other else 'an unknown'} key, {key.get_name()} "
            f"{shown}; ask its owner whether that is its key, and only then declare it under host_keys"
        )


def _known_hosts() -> tuple[Path, ...]:
    named = os.environ.get("YUEBAO_KNOWN_HOSTS")
    return (Path(named),) if named else (Path.home() / ".ssh/known_hosts", Path("/etc/ssh/ssh_known_hosts"))
