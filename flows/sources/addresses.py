"""Fetches files from http(s) addresses; pages aren't searched for links. The door to httpx.

httpx in place of fsspec's http: it lets each redirect be looked at before it's followed, tells a cut-off answer from a
whole one, and needs no event loop.
"""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import urlsplit

import httpx

from flows.clock import now
from flows.sources.delivery import Delivery, Found, Taken, lost, within_limit
from flows.sources.file_names import of_part, of_path, own_name
from flows.sources.patience import MayPass, Patience, persist
from flows.sources.secrets import secret
from transforms.declared.sources import HttpSource
from transforms.errors import InputError
from transforms.told_names import chinese

_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_THERE = frozenset({404, 410})
_REDIRECTS = 5


class Addresses:
    """The addresses of one source."""

    def __init__(self, source: HttpSource, patience: Patience, today: dt.date) -> None:
        self._source, self._patience, self._today = source, patience, today
        auth = None
        headers = {"User-Agent": "yuebao", "Accept-Encoding": "identity"}
        if source.user and source.password_env:
            auth = httpx.BasicAuth(source.user, secret(source.password_env, source.place))
        if source.token_env:
            headers["Authorization"] = f"Bearer {secret(source.token_env, source.place)}"
        self._client = httpx.Client(
            auth=auth,
            headers=headers,
            timeout=patience.answer,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            event_hooks={"response": [_look_ahead]},
        )

    def look(self, taken: Taken) -> Iterator[Found]:  # noqa: ARG002 - an address tells no more than its answer
        """Every file that the addresses give, months that aren't there yet left out."""
        nothing = True
        for address, required in self._source.asked(self._today):
            try:
                name, data = persist(address, self._patience, partial(self._answer, address), _nothing)
            except _NotThere as error:
                if required:
                    nothing = False
                    yield lost(address, error)
            except InputError as error:
                nothing = False
                yield lost(address, error)
            else:
                nothing = False
                yield Delivery(address, name, partial(bytes, data))
        if nothing:
            raise InputError(
                f"{self._source.place}: nothing is there for this month or the {self._source.months_back} before it; "
                "compare the address with the page that lists the files"
            )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _answer(self, address: str) -> tuple[str, bytes]:
        try:
            with self._client.stream("GET", address) as response:
                _refuse(address, response)
                data = self._body(address, response)
                return _name(address, response), data
        except httpx.TooManyRedirects:
            raise InputError(
                f"{address}: is redirected more than {_REDIRECTS} times; open it in a browser and declare the address "
                "that the file has in the end"
            ) from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.DecodingError) as error:
            raise InputError(f"{address}: can't be fetched ({error}); mend the address") from None
        except httpx.TransportError as error:
            if _untrusted(error):
                raise InputError(
                    f"{address}: its certificate isn't trusted; if the office has a certificate authority of its own, "
                    "name its file in SSL_CERT_FILE"
                ) from None
            raise MayPass(_failed(error)) from None

    def _body(self, address: str, response: httpx.Response) -> bytes:
        within_limit(address, int(response.headers.get("Content-Length", "0") or 0))
        begun = time.monotonic()
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            within_limit(address, len(data))
            if time.monotonic() - begun > self._patience.within:
                raise MayPass(f"the file hadn't come whole after {self._patience.within:.0f} s")
        return bytes(data)


def _nothing() -> None:
    """The client connects anew by itself."""


def moment_told(address: str, within: float) -> dt.datetime | None:
    """What time the server of an address has, by the head of any answer; None where it doesn't tell. Takes nothing."""
    try:
        answer = httpx.head(address, timeout=within, follow_redirects=False)
        return parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, TypeError):
        return None


class _NotThere(InputError):
    """The server says that there's nothing at the address."""


def _refuse(address: str, response: httpx.Response) -> None:
    """Raise for every answer that isn't the file."""
    status = response.status_code
    if status in _MAY_PASS:
        raise MayPass(f"the server answers {status}", _asked_for(response.headers.get("Retry-After")))
    if status in _NOT_THERE:
        raise _NotThere(f"{address}: nothing is there ({status}); what was pulled from it stays; mend the address")
    if status in {401, 403}:
        raise InputError(
            f"{address}: may not be fetched ({status}); see to user and password_env, or token_env, of the source"
        )
    if status != 200:
        raise InputError(f"{address}: the server answers {status}, and no file; open the address in a browser")
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
        raise InputError(
            f"{address}: answers with a web page, not a file (a login, or an error told as a page); declare the file's "
            "own address"
        )


def _look_ahead(response: httpx.Response) -> None:
    """Look at a redirect before it's followed: to http(s) only, and never from https back to http."""
    if not response.has_redirect_location:
        return
    target = response.url.join(response.headers["Location"])
    if target.scheme not in {"http", "https"} or (response.url.scheme == "https" and target.scheme == "http"):
        raise InputError(
            f"{response.url.copy_with(query=None)}: redirects to {target.scheme}://{target.host}, which isn't "
            "followed; declare the address that the file has in the end, if it's to be trusted"
        )


def _asked_for(told: str | None) -> float | None:
    """Retry-After in seconds: a number, or a moment."""
    if told is None:
        return None
    if told.strip().isdigit():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - now()).total_seconds())
    except (ValueError, TypeError):
        return None


def _name(address: str, response: httpx.Response) -> str:
    """What the server calls the file, else the end of the address, else of the address that it was redirected to."""
    head = Message()
    for key, value in response.headers.raw:
        if key.lower() == b"content-disposition":
            head["Content-Disposition"] = chinese(value)
    of_address, of_end = (of_path(urlsplit(one).path) for one in (address, str(response.url)))
    names = [own_name(told, "") for told in (of_part(head), of_address, of_end)]
    return next((name for name in names if "." in name), next((name for name in names if name), "file"))


def _untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _failed(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.RemoteProtocolError):
        return "the answer was cut off"
    return f"the connection failed ({type(error).__name__})"
