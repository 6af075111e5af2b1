"""How the places of sources and channels are written: paths, addresses, names of secrets; refuses a secret itself."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from transforms.declared.hosts import host_that_can_be
from transforms.told_names import told_path

_SECRET_QUERY = re.compile(r"token|secret|passw|pwd|auth|credential|signature|^sig$|^[as]k$|key$", re.IGNORECASE)
_PASSWORD_IN_ADDRESS = re.compile(r"[^/@\s]*:[^/@\s]*@")


def secret_told(found: str) -> PydanticCustomError:
    """A fault whose value must not be shown: it's a secret, or may be one."""
    return PydanticCustomError("secret", "{found}", {"found": found})


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
        raise secret_told(
            "not the name of an environment variable, such as YUEBAO_MAIL_PASSWORD (and no secret itself)"
        )
    return name


def _without_secrets(url: str) -> str:
    """Refuse an address that holds a password or a key, before anything else is said about it."""
    if _PASSWORD_IN_ADDRESS.search(url):
        raise secret_told("a password stands in the address; name the user under user and its variable")
    names = [name for name, _ in parse_qsl(url.partition("?")[2], keep_blank_values=True)]
    if any(_SECRET_QUERY.search(name) for name in names):
        raise secret_told("a key or token stands in the address")
    parts = urlsplit(url)
    if not parts.hostname or parts.port == 0:
        raise ValueError("the address names no host")
    if parts.username is not None:
        raise ValueError("the user is named under user, not in the address")
    host_that_can_be(parts.hostname)
    return url


def _seen(text: str) -> str:
    """What a file's origin begins with is shown as it's declared."""
    if told_path(text) != text:
        raise ValueError("a mark that can't be seen stands in it; type it anew")
    return text


Variable = Annotated[str, AfterValidator(_variable)]
"""The name of an environment variable that holds a secret; the secret itself is never declared."""

Place = Annotated[str, AfterValidator(_seen)]

Address = Annotated[Place, AfterValidator(_without_secrets)]


def is_loopback(host: str | None) -> bool:
    """Whether the name means this machine itself."""
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", host or "") is not None


def straight(path: str) -> str:
    """The path as its files' origins begin, however it's written: inbox/, ./inbox and inbox//x all mean one place."""
    root = "/" if path.startswith("/") else ""
    return root + "/".join(part for part in path.split("/") if part not in {"", "."})


def plain_address(url: str, scheme: str, pattern: str) -> str:
    """The address; ValueError, which shows the pattern, where it's of another scheme or has a query or a ``..``."""
    parts = urlsplit(url)
    if parts.scheme != scheme or parts.query or parts.fragment or ".." in parts.path.split("/"):
        raise ValueError(f"the address is written {pattern}")
    return url
