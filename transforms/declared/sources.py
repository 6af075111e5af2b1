"""Where a district's spreadsheets come from, as declared: folders, addresses, mailboxes; reaches none of them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from transforms.declared.addresses import Address, Place, Variable, is_loopback, plain_address, straight
from transforms.declared.contract import Declared
from transforms.declared.hosts import MailHost
from transforms.periods import Period

_BLANK = re.compile(r"\{year\}|\{month\}|\{month:02\}")

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{12,64}$")]
"""A vintage's SHA-256, or its first 12 characters or more as `yuebao pull` prints them."""


class FolderSource(Declared):
    """A folder below the district's own, searched with all its sub-folders."""

    kind: Literal["folder"]
    path: Place = Field(pattern=r"^[^/~.\\][^\\]*$")

    @field_validator("path")
    @classmethod
    def _below(cls, path: str) -> str:
        if ".." in path.split("/"):
            raise ValueError("a source's folder lies below the district's own: no .. in it")
        return path

    @property
    def place(self) -> str:
        """What messages and the store call it."""
        return straight(self.path)

    def claims(self, origin: str) -> bool:
        """Whether a file of this origin came from here."""
        return origin.startswith(f"{self.place}/")


class _Elsewhere(Declared):
    """What all sources outside the district's folder have in common."""

    refused: tuple[Digest, ...] = ()
    """Files that were delivered and must not be used: what taking a file out is in a folder of one's own."""

    def refuses(self, sha256: str) -> bool:
        """Whether a file of these bytes must not be used."""
        return any(sha256.startswith(one) for one in self.refused)


class SharedFolderSource(_Elsewhere):
    """A folder anywhere on the machine, such as a mounted share, searched with all its sub-folders."""

    kind: Literal["shared-folder"]
    path: Place = Field(pattern=r"^/[^\\]*[^\\/][^\\]*$")

    @field_validator("path")
    @classmethod
    def _named_itself(cls, path: str) -> str:
        if ".." in path.split("/"):
            raise ValueError("name the folder itself: no .. in it")
        return path

    @property
    def place(self) -> str:
        """What messages and the store call it."""
        return straight(self.path)

    def claims(self, origin: str) -> bool:
        """Whether a file of this origin came from here."""
        return origin.startswith(f"{self.place}/")


class HttpSource(_Elsewhere):
    """Files at known addresses; pages aren't searched for links.

    {year}, {month} and {month:02} in an address are filled in with this month and the ``months_back`` before it; such
    an address that isn't there yet is no fault.
    """

    kind: Literal["http"]
    addresses: tuple[Address, ...] = Field(min_length=1)
    months_back: int = Field(default=3, ge=0, le=36)
    user: str | None = None
    password_env: Variable | None = None
    token_env: Variable | None = None
    """Sent as a bearer token."""

    @field_validator("addresses")
    @classmethod
    def _fillable(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            if urlsplit(address).scheme not in {"http", "https"}:
                raise ValueError(f"{address}: an address begins with http:// or https://")
            if re.search(r"[{}]", _BLANK.sub("", address)):
                raise ValueError(f"{address}: only {{year}}, {{month}} and {{month:02}} can be filled in")
            if _BLANK.search(address) and ("{year}" not in address or "{month" not in address):
                raise ValueError(f"{address}: year and month are filled in together, or neither")
        if len(set(addresses)) < len(addresses):
            raise ValueError("an address is given twice; keep one")
        return addresses

    @model_validator(mode="after")
    def _sent_safely(self) -> HttpSource:
        if (self.user is None) != (self.password_env is None):
            raise ValueError("user and password_env are given together, or neither")
        if self.user and self.token_env:
            raise ValueError("give user and password_env, or token_env, not both")
        plain = [one for one in self.addresses if one.startswith("http:") and not is_loopback(urlsplit(one).hostname)]
        if plain and (self.user or self.token_env):
            raise ValueError(f"{plain[0]}: a secret is sent over https only")
        return self

    @property
    def place(self) -> str:
        """What messages and the store call it."""
        return self.addresses[0]

    def claims(self, origin: str) -> bool:
        """Whether a file of this origin came from here, in whatever month."""
        return any(_filled_in(address).fullmatch(origin) for address in self.addresses)

    def asked(self, today: dt.date) -> tuple[tuple[str, bool], ...]:
        """Each address to ask for, and whether it must be there; months oldest first."""
        found: dict[str, bool] = {}
        for address in self.addresses:
            if not _BLANK.search(address):
                found[address] = True
                continue
            period = Period(today.year, today.month)
            periods = [period]
            for _ in range(self.months_back):
                period = period.previous
                periods.append(period)
            for one in reversed(periods):
                found[address.format(year=one.year, month=one.month)] = False
        return tuple(found.items())


class SftpSource(_Elsewhere):
    """A folder on a server, by SFTP, searched with all its sub-folders.

    The server's key is checked against ``host_keys`` if declared, else against known_hosts; an unknown one is refused.
    """

    kind: Literal["sftp"]
    url: Address
    user: str
    password_env: Variable | None = None
    key_file_env: Variable | None = None
    """Holds the path of a private key."""
    passphrase_env: Variable | None = None
    host_keys: tuple[Annotated[str, Field(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")], ...] = ()
    """Fingerprints as `ssh-keyscan HOST | ssh-keygen -lf -` prints them, once compared with the server's owner."""

    @field_validator("url")
    @classmethod
    def _scheme(cls, url: str) -> str:
        return plain_address(url, "sftp", "sftp://host/folder")

    @model_validator(mode="after")
    def _one_way_in(self) -> SftpSource:
        if (self.password_env is None) == (self.key_file_env is None):
            raise ValueError("give password_env or key_file_env, one of them")
        if self.passphrase_env and not self.key_file_env:
            raise ValueError("passphrase_env belongs to key_file_env")
        return self

    @property
    def place(self) -> str:
        """What messages and the store call it."""
        return self.url.rstrip("/")

    def claims(self, origin: str) -> bool:
        """Whether a file of this origin came from here."""
        return origin.startswith(f"{self.place}/")


class S3Source(_Elsewhere):
    """A bucket of an S3 store, or a folder in it, searched with all its sub-folders; anonymous without keys."""

    kind: Literal["s3"]
    url: Address
    endpoint: Address | None = None
    """The store's own address where it isn't Amazon's."""
    region: str | None = None
    key_id_env: Variable | None = None
    secret_env: Variable | None = None

    @field_validator("url")
    @classmethod
    def _scheme(cls, url: str) -> str:
        return plain_address(url, "s3", "s3://bucket/folder")

    @field_validator("endpoint")
    @classmethod
    def _endpoint(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and not endpoint.startswith(("https://", "http://")):
            raise ValueError("an endpoint begins with https://")
        return endpoint

    @model_validator(mode="after")
    def _both_keys(self) -> S3Source:
        if (self.key_id_env is None) != (self.secret_env is None):
            raise ValueError("key_id_env and secret_env are given together, or neither")
        return self

    @property
    def place(self) -> str:
        """What messages and the store call it."""
        return self.url.rstrip("/")

    def claims(self, origin: str) -> bool:
        """Whether a file of this origin came from here."""
        return origin.startswith(f"{self.place}/")


class ImapSource(_Elsewhere):
    """The attachments of the mails in a mailbox that came from named senders; the mails stay as they are, unread."""

    kind: Literal["imap"]
    host: MailHost
    port: int = Field(default=993, ge=1, le=65535)
    tls: bool = True
    """False only to this machine itself."""
    user: Place
    password_env: Variable
    """On 163.com, qq.com and the like it holds the 授权码, not the password."""
    folder: Place = "INBOX"
    senders: tuple[Annotated[str, Field(pattern=r"^[^@\s]*@[^@\s]+$")], ...] = Field(min_length=1)
    """Addresses, or @domain for everybody there. Mails of others are passed over."""
    subject: tuple[str, ...] = ()
    """Words of which the subject must have one; any subject if none is given."""
    since: dt.date | None = None
    """Mails that came before this day are passed over."""

    @model_validator(mode="after")
    def _in_private(self) -> ImapSource:
        if not self.tls and not is_loopback(self.host):
            raise ValueError("without tls a password is sent to this machine itself only")
        return self

    @property
    def place(self) -> str:
        """What messages and the store call it."""
        return f"imap://{self.host}/{self.user}/{self.folder}"

    def claims(self, origin: str) -> bool:
        """Whether a file of this origin came from here."""
        return origin.startswith(f"{self.place}/")

    def lets_in(self, sender: str) -> bool:
        """Whether mails of this address are looked at."""
        address = sender.lower()
        return any(
            address.endswith(one.lower()) if one.startswith("@") else address == one.lower() for one in self.senders
        )

    def is_about(self, subject: str) -> bool:
        """Whether mails of this subject are looked at."""
        return not self.subject or any(word in subject for word in self.subject)


ElsewhereSource = SharedFolderSource | HttpSource | SftpSource | S3Source | ImapSource
AnySource = FolderSource | ElsewhereSource
Source = Annotated[AnySource, Field(discriminator="kind")]
"""A source as declared: its kind says which fields it has."""


def overlapping(sources: tuple[AnySource, ...]) -> str | None:
    """The place that two sources both would pull from, if there's one: its files would count twice."""
    for at, source in enumerate(sources):
        for other in sources[:at]:
            if source.place == other.place or source.claims(f"{other.place}/") or other.claims(f"{source.place}/"):
                return source.place
    asked = [address for source in sources if isinstance(source, HttpSource) for address in source.addresses]
    return next((address for at, address in enumerate(asked) if address in asked[:at]), None)


def _filled_in(address: str) -> re.Pattern[str]:
    """What an address looks like in any month."""
    parts = re.split(r"(\{[^}]*\})", address)
    return re.compile(
        "".join(
            {"{year}": r"\d{4}", "{month}": r"\d{1,2}", "{month:02}": r"\d{2}"}.get(part, re.escape(part))
            for part in parts
        )
    )
