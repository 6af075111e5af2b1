"""Whether a text can be the name or number of a host, before a library stumbles over it; asks no network."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

_LONGEST = 253


def host_that_can_be(host: str) -> str:
    """The host; ValueError where no network knows such a one (RFC 1035 §2.3.4)."""
    if ":" in host:
        try:
            ip_address(host)
        except ValueError:
            raise ValueError(f"{host!r} is no host, such as stats.example.gov.cn; a port is given by itself") from None
        return host
    parts = host.removesuffix(".").split(".")
    if "" in parts:
        raise ValueError(f"{host!r} is no host: a dot too many stands in it")
    try:
        parts = [part.encode("idna").decode() for part in parts]
    except UnicodeError:
        raise ValueError(f"{host!r} is no host: a part is longer than 63 characters, or can't stand there") from None
    if len(".".join(parts)) > _LONGEST:
        raise ValueError(f"{host!r} is no host: it's longer than {_LONGEST} characters")
    return host


MailHost = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\-]+$"), AfterValidator(host_that_can_be)]
"""A mail server, by the name or number that it's called."""
