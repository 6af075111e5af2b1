"""Where a district's issues and alerts go, as declared: mailboxes, chat robots, folders; sends nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from email.errors import MessageDefect, MessageError
from email.headerregistry import Address as HeaderAddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from transforms.declared.addresses import Address, Variable, is_loopback
from transforms.declared.contract import Declared
from transforms.declared.hosts import MailHost, host_that_can_be
from transforms.declared.sources import S3Source
from transforms.errors import Fault

_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u0085\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _one_line(text: str) -> str:
    if _UNSEEN.search(text):
        raise ValueError("a line break or a mark that can't be seen stands in it; write it in one plain line")
    return text


def _mailbox(address: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", address):
        raise ValueError(f"{address!r} is no mail address, such as stat@example.gov.cn")
    try:
        HeaderAddress(addr_spec=address)
    except (MessageError, MessageDefect):
        raise ValueError(f"{address!r} is no mail address: see to its dots") from None
    host_that_can_be(address.rpartition("@")[2])
    return address


def _time_of_day(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f"{text!r} is no time of day; write it as '09:00', in quotes")
    return text


OneLine = Annotated[str, AfterValidator(_one_line)]
"""A text that goes into a header or a heading: nothing in it can end the line."""

Mailbox = Annotated[str, AfterValidator(_mailbox)]


class Recipient(Declared):
    """A person or office that mails go to."""

    name: OneLine
    address: Mailbox
    unit: str | None = None
    """The district's unit whose notice (督办单) this recipient gets, where the channel delivers notices."""


class _Channel(Declared):
    """What all channels have in common."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """Its name in the outbox: what was sent through it is known by it, so it stays as it is."""
    at: Annotated[dt.time | None, BeforeValidator(_time_of_day)] = None
    """Nothing leaves before this time of day (Asia/Shanghai); right after publishing without it."""
    working_days: bool = False
    """Nothing leaves on a day that isn't worked."""


class MailChannel(_Channel):
    """Mails by SMTP, one for each recipient; nobody sees the others' addresses."""

    kind: Literal["mail"]
    host: MailHost
    port: int = Field(default=465, ge=1, le=65535)
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    """none only to this machine itself."""
    user: Annotated[str, Field(pattern=r"^[!-~]+$")] | None = None
    password_env: Variable | None = None
    """On 163.com, qq.com and the like it holds the 授权码, not the password."""
    sender: Recipient
    recipients: tuple[Recipient, ...] = Field(min_length=1)
    what: Literal["bulletin", "notices"] = "bulletin"
    """notices: each recipient gets the notice (督办单) of its unit, and nothing else."""
    attach: tuple[str, ...] = ("bulletin.pdf",)
    """Files of the issue that go along: bulletin.pdf, bulletin.docx, bulletin.xlsx, and so on."""
    subject: OneLine = "{title}（{number}）"
    """{title} and {number} are filled in; 更正 and 演示数据 are added by themselves."""

    @field_validator("subject")
    @classmethod
    def _pattern(cls, subject: str) -> str:
        if set(re.findall(r"\{[^}]*\}?|\}", subject)) - {"{title}", "{number}"}:
            raise ValueError("only {title} and {number} can be filled in")
        return subject

    @field_validator("attach")
    @classmethod
    def _file_names(cls, attach: tuple[str, ...]) -> tuple[str, ...]:
        for name in attach:
            if not re.fullmatch(r"[a-z0-9-]+\.[a-z]+", name):
                raise ValueError(f"{name!r} is no file of an issue, such as bulletin.pdf")
        return attach

    @model_validator(mode="after")
    def _in_private(self) -> MailChannel:
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError("without tls mails go to this machine itself only; use implicit or starttls")
        if (self.user is None) != (self.password_env is None):
            raise ValueError("user and password_env are given together, or neither")
        addresses = [one.address.lower() for one in self.recipients]
        if len(set(addresses)) < len(addresses) and self.what == "bulletin":
            raise ValueError("an address is given twice; it would get the mail twice")
        if self.what == "notices" and any(one.unit is None for one in self.recipients):
            raise ValueError("each recipient of notices names its unit")
        return self


class _Robot(_Channel):
    """A chat's robot: its whole address is a secret, since it holds a key."""

    url_env: Variable
    what: Literal["bulletin"] = "bulletin"


class WeComChannel(_Robot):
    """A 群机器人 of 企业微信."""

    kind: Literal["wecom"]


class DingTalkChannel(_Robot):
    """A 自定义机器人 of 钉钉; its security setting is 加签 where ``secret_env`` is given."""

    kind: Literal["dingtalk"]
    secret_env: Variable | None = None


class FeishuChannel(_Robot):
    """A 自定义机器人 of 飞书; its security setting is 签名校验 where ``secret_env`` is given."""

    kind: Literal["feishu"]
    secret_env: Variable | None = None


class FolderChannel(_Channel):
    """A copy of all files of an issue, in a folder of its own below this one: of this machine, or of an S3 store."""

    kind: Literal["folder"]
    path: str | None = Field(default=None, pattern=r"^/[^\\]*[^\\/][^\\]*$")
    """A folder anywhere on the machine, such as a mounted share."""
    url: Address | None = None
    """s3://bucket/folder."""
    endpoint: Address | None = None
    """The store's own address where it isn't Amazon's."""
    region: str | None = None
    key_id_env: Variable | None = None
    secret_env: Variable | None = None
    what: Literal["bulletin"] = "bulletin"

    @field_validator("path")
    @classmethod
    def _named_itself(cls, path: str | None) -> str | None:
        if path is not None and ".." in path.split("/"):
            raise ValueError("name the folder itself: no .. in it")
        return path

    @field_validator("url")
    @classmethod
    def _bucket(cls, url: str | None) -> str | None:
        if url is not None:
            parts = urlsplit(url)
            if parts.scheme != "s3" or parts.query or parts.fragment or ".." in parts.path.split("/"):
                raise ValueError("the address is written s3://bucket/folder")
        return url

    @model_validator(mode="after")
    def _one_place(self) -> FolderChannel:
        if (self.path is None) == (self.url is None):
            raise ValueError("give path or url, one of them")
        if (self.key_id_env is None) != (self.secret_env is None):
            raise ValueError("key_id_env and secret_env are given together, or neither")
        if self.path is not None and (self.endpoint or self.region or self.key_id_env):
            raise ValueError("endpoint, region and keys belong to url")
        return self

    @property
    def place(self) -> str:
        """What messages and the outbox call it."""
        return (self.url or self.path or "").rstrip("/")

    def as_source(self) -> S3Source:
        """The bucket as what S3 sources are reached by."""
        assert self.url is not None
        return S3Source(
            kind="s3",
            url=self.url,
            endpoint=self.endpoint,
            region=self.region,
            key_id_env=self.key_id_env,
            secret_env=self.secret_env,
        )


RobotChannel = WeComChannel | DingTalkChannel | FeishuChannel
AnyChannel = MailChannel | RobotChannel | FolderChannel
Channel = Annotated[AnyChannel, Field(discriminator="kind")]
"""A way that issues go, as declared: its kind says which fields it has."""
AlertChannel = Annotated[MailChannel | RobotChannel, Field(discriminator="kind")]
"""A way that alerts go."""


def named_once(channels: tuple[AnyChannel, ...]) -> tuple[AnyChannel, ...]:
    """The channels; ValueError where two have one name."""
    names = [one.name for one in channels]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise ValueError(f"two channels are named {twice!r}; the outbox knows them by their names")
    return channels


def faults_of_channels(
    channels: tuple[AnyChannel, ...],
    units: frozenset[str],
    files: Sequence[str],
    lines: Mapping[tuple[str | int, ...], int],
    file: str,
) -> Iterator[Fault]:
    """What can only be seen beside the rest of district.yaml: its units, and the files that an issue of it has."""
    for number, channel in enumerate(channels):
        if not isinstance(channel, MailChannel):
            continue
        for at, name in enumerate(channel.attach):
            if name not in files:
                line = lines.get(("deliver", number, "attach", at), 1)
                yield Fault(file, line, f"an issue has no file {name!r}", f"attach {'、'.join(files)}")
        for at, recipient in enumerate(channel.recipients):
            if recipient.unit is not None and recipient.unit not in units:
                line = lines.get(("deliver", number, "recipients", at, "unit"), 1)
                yield Fault(file, line, f"no unit {recipient.unit!r} in units", "mend its spelling, or add it there")
