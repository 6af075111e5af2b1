"""Hands a mail to an SMTP server, so that a crash leaves a doubt for the length of one line only. The door to smtplib.

A server takes a message when it has the line with a single dot that ends it (RFC 5321 §4.1.1.4, §6.1). All before that
may be done again. So everything else is sent first; then the store is told; then the line goes.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime

from flows.channels.parcels import ToHandOver
from flows.logs import blotted, hide
from flows.sources.secrets import secret
from transforms.declared.deliveries import MailChannel, Recipient
from transforms.delivering.letters import Letter
from transforms.delivering.outcomes import Later, Outcome, Refused, Sent, Uncertain
from transforms.delivering.rendering import html, plain

_ANSWER = 60.0
"""Seconds to wait for the next sign of life."""
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "json": "application/json",
}


def hand_mail(channel: MailChannel, recipient: Recipient, given: ToHandOver) -> Outcome:
    """Send the mail; raises EnvironmentFault where the password isn't set, Lost where it's no longer to be sent."""
    password = secret(channel.password_env, f"deliver {channel.name}") if channel.password_env else None
    if password and not password.isascii():
        return Later(
            f"the variable {channel.password_env} holds a character that isn't ASCII, and no login by SMTP can send "
            "it; set it to the password alone (163.com and qq.com want the 授权码), or choose one of ASCII"
        )
    data = wire_bytes(mail_of(channel, recipient, given))
    try:
        client = _connected(channel)
    except (OSError, smtplib.SMTPException) as error:
        return _not_connected(channel, error)
    try:
        before = _up_to_the_end(client, channel, password, recipient.address, data)
        if before is not None:
            return before
        given.hand_over()
        return _ended(client, given.lacking)
    finally:
        client.close()


def mail_of(channel: MailChannel, recipient: Recipient, given: ToHandOver) -> EmailMessage:
    """The mail: plain text, HTML, attachments; to one recipient, and the same bytes at each try."""
    letter, sender = given.letter, channel.sender
    mail = EmailMessage(policy=WIRE)
    mail["Subject"] = _subject(channel, letter)
    mail["From"] = _address(sender)
    mail["To"] = _address(recipient)
    mail["Date"] = format_datetime(given.made)
    domain = sender.address.rpartition("@")[2]
    mail["Message-ID"] = f"<{hashlib.sha256(given.id.encode()).hexdigest()[:40]}.yuebao@{domain}>"
    mail["List-Id"] = f"<{channel.name}.yuebao.{domain}>"
    mail["List-Unsubscribe"] = f"<mailto:{sender.address}?subject=unsubscribe>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(plain(letter), charset="utf-8", cte="base64")
    mail.add_alternative(html(letter), subtype="html", charset="utf-8", cte="base64")
    for one in given.attachments:
        main, _, sub = _MEDIA.get(one.name.rpartition(".")[2], "application/octet-stream").partition("/")
        mail.add_attachment(one.data, maintype=main, subtype=sub, filename=one.name)
    return mail


def wire_bytes(mail: EmailMessage) -> bytes:
    """The mail as it's sent; its boundaries are made of what it holds, so that they're the same at each try."""
    seed = hashlib.sha256(str(mail["Message-ID"]).encode()).hexdigest()
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{seed[:32]}.{number}")
    return mail.as_bytes(policy=WIRE.clone(max_line_length=76))


def _subject(channel: MailChannel, letter: Letter) -> str:
    told = letter.subject(channel.subject) if letter.number and not letter.is_for_unit else letter.heading
    return " ".join(told.split())


def _address(one: Recipient) -> Address:
    return Address(one.name, addr_spec=one.address)


# --- Talking to the server ----------------------------------------------------------------------


def _connected(channel: MailChannel) -> smtplib.SMTP:
    if channel.tls == "implicit":
        return smtplib.SMTP_SSL(channel.host, channel.port, timeout=_ANSWER, context=ssl.create_default_context())
    client = smtplib.SMTP(channel.host, channel.port, timeout=_ANSWER)
    if channel.tls == "starttls":
        try:
            client.starttls(context=ssl.create_default_context())
        except BaseException:
            client.close()
            raise
    return client


def _not_connected(channel: MailChannel, error: Exception) -> Outcome:
    place = f"{channel.host}:{channel.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return Later(
            f"{place}: its certificate isn't trusted ({error.verify_message}); if the office has a certificate "
            "authority of its own, name its file in SSL_CERT_FILE"
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Later(f"{place}: offers no STARTTLS, and nothing is sent in the clear; see to port and tls")
    if isinstance(error, smtplib.SMTPResponseException):
        return Later(f"{place}: {_words(error.smtp_code, error.smtp_error)}")
    return Later(f"{place}: no connection ({type(error).__name__}); see to host, port and tls, and that it runs")


def _up_to_the_end(
    client: smtplib.SMTP, channel: MailChannel, password: str | None, address: str, data: bytes
) -> Outcome | None:
    """Everything but the line that ends the message; what stood in the way, else None."""
    try:
        client.ehlo_or_helo_if_needed()
        if channel.user and password:
            hide(f"\0{channel.user}\0{password}")  # as AUTH PLAIN has it
            try:
                client.login(channel.user, password)
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException):
                raise
            except smtplib.SMTPException:
                return Later(
                    f"{channel.host}:{channel.port}: offers no way to log in that is known here; see to port and tls, "
                    "or leave user and password_env out where the server takes mails without"
                )
        for command, argument in (("mail", channel.sender.address), ("rcpt", address)):
            code, answer = client.docmd(command, f"{'FROM' if command == 'mail' else 'TO'}:<{argument}>")
            if code // 100 != 2:
                return _answered(code, answer)
        code, answer = client.docmd("DATA")
        if code != 354:
            return _answered(code, answer)
        client.send(_stuffed(data))
    except smtplib.SMTPAuthenticationError as error:
        return Later(
            f"{channel.host}: login refused ({error.smtp_code}); see to user and the variable {channel.password_env} "
            "(163.com and qq.com want the 授权码, not the password)"
        )
    except smtplib.SMTPResponseException as error:
        if isinstance(error.smtp_error, str):  # smtplib's own words, of a line that is too long, and its own code
            return Later(f"{channel.host}:{channel.port}: answers as no mail server does ({error.smtp_error})")
        return _answered(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Later(f"{channel.host}: the connection was lost before the end of the mail ({type(error).__name__})")
    return None


def _ended(client: smtplib.SMTP, lacking: Sequence[str]) -> Outcome:
    """Send the line that ends the message, and wait for the answer."""
    try:
        client.send(b".\r\n")
        code, answer = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Uncertain(
            f"the connection was lost after the end of the mail ({type(error).__name__}), before an answer"
        )
    if code // 100 == 2:
        without = f"; without {'、'.join(lacking)}, which the issue hasn't" if lacking else ""
        return Sent(f"{_words(code, answer)}{without}")
    if code < 400:
        return Uncertain(f"an answer that means nothing here: {_words(code, answer)}")
    return _answered(code, answer)


def _answered(code: int, answer: bytes | str) -> Outcome:
    """4yz passes, 5yz doesn't (RFC 5321 §4.2.1); no code at all is a lost connection."""
    return Refused(_words(code, answer)) if code // 100 == 5 else Later(_words(code, answer))


def _words(code: int, answer: bytes | str) -> str:
    told = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(blotted(told).split())}"[:300]


def _stuffed(data: bytes) -> bytes:
    """Lines that begin with a dot get another, and the last line ends (RFC 5321 §4.5.2)."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)
