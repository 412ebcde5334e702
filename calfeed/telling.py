"""Who is told what is wrong, once it has been for a set time, and that it is well again: by a signed webhook, by mail.

In: settings, the troubles of this moment, the instant. Out: messages, and `var/alerts.json`, which remembers what was
told. Must not know: what can be wrong.

A webhook is signed as the Standard Webhooks specification says (standardwebhooks.com): the HMAC-SHA256 of identity,
instant and body. A receiver refuses instants that are more than five minutes away, and identities that it had.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from calfeed.condition import Trouble
from calfeed.errors import CalfeedError, FetchError, SettingsError, Spot
from calfeed.fetch import post
from calfeed.settings import Alerts, Settings
from calfeed.store.disk import replace_file

log = logging.getLogger("calfeed.telling")

MEMORY_FILE = "alerts.json"
# How far a receiver lets a message's instant be from its own.
TOLERANCE = timedelta(minutes=5)
_SMTP_SECONDS = 20.0
_SUBJECT = 120


class Known(Struct, frozen=True, kw_only=True):
    """A trouble as it was last seen, since when it is known, and whether it was told."""

    trouble: Trouble
    since: datetime
    told: bool = False


class Message(Struct, frozen=True, kw_only=True):
    """What is sent: `well` is that a trouble is over."""

    id: str
    at: datetime
    well: bool
    trouble: Trouble
    since: datetime
    site: str
    url: str

    def body(self) -> bytes:
        """The webhook's JSON."""
        told = {
            "type": "calfeed.well" if self.well else "calfeed.trouble",
            "timestamp": self.at,
            "data": {
                "site": self.site,
                "url": self.url,
                "code": self.trouble.code,
                "message": self.trouble.message,
                "source": self.trouble.source,
                "since": self.since,
            },
        }
        return msgspec.json.encode(told)


Send = Callable[[Message], None]


class Teller:
    """Tells each trouble once, and its end once. What could not be sent is tried again at the next `check`."""

    def __init__(self, settings: Settings, *, ways: Sequence[Send] | None = None) -> None:
        self._settings = settings
        self._ways = ways if ways is not None else ways_of(settings)
        self._path = settings.state_path / MEMORY_FILE
        self._known: dict[str, Known] = _remembered(self._path)

    def check(self, found: Sequence[Trouble], now: datetime) -> None:
        """Compare with what was known, send what is due, and remember it. Never raises."""
        if not self._ways:
            return
        known = self._known
        present = {trouble.key: trouble for trouble in found}
        after = timedelta(minutes=self._settings.alerts.after)
        seen: dict[str, Known] = {}
        for key, trouble in present.items():
            before = known.get(key) or Known(trouble=trouble, since=min(trouble.since or now, now))
            told = before.told or (now - before.since >= after and self._tell(before, now, well=False))
            seen[key] = replace(before, trouble=trouble, told=told)
        over = {key: before for key, before in known.items() if key not in present and before.told}
        seen |= {key: before for key, before in over.items() if not self._tell(before, now, well=True)}
        self._known = seen
        if seen != known:
            try:
                replace_file(self._path, msgspec.json.encode(seen))
            except OSError as error:
                log.error("what was told is not on disk: %s", error.strerror)

    def _tell(self, known: Known, now: datetime, *, well: bool) -> bool:
        site = self._settings.site
        message = Message(
            id=f"msg_{uuid4().hex}",
            at=now,
            well=well,
            trouble=known.trouble,
            since=known.since,
            site=site.name,
            url=site.url,
        )
        sent = 0
        for way in self._ways:
            try:
                way(message)
                sent += 1
            except (CalfeedError, OSError, smtplib.SMTPException, ValueError) as error:
                log.error("nobody was told of %s: %s", known.trouble.key, str(error)[:200])
        return sent > 0


def ways_of(settings: Settings) -> tuple[Send, ...]:
    """The ways that the settings name. Raises SettingsError where a secret cannot be read."""
    alerts, ways = settings.alerts, list[Send]()
    if alerts.webhook is not None:
        ways.append(_webhook(alerts, _secret(settings, "secret", alerts.secret)))
    if alerts.to:
        ways.append(_mail(alerts, _secret(settings, "password", alerts.password) if alerts.user else ""))
    return tuple(ways)


def signed(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that say who sent `body`, and when."""
    seconds = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": seconds,
        "Webhook-Signature": f"v1,{_signature(secret, message_id, seconds, body)}",
    }


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime, had: frozenset[str]) -> bool:
    """What a receiver does: whether a message was signed with the secret, of late, and is none that it `had`."""
    message_id, seconds = headers.get("Webhook-Id", ""), headers.get("Webhook-Timestamp", "")
    if not (seconds.isascii() and seconds.isdigit()) or message_id in had:
        return False
    if abs(int(seconds) - now.timestamp()) > TOLERANCE.total_seconds():
        return False
    right = f"v1,{_signature(secret, message_id, seconds, body)}"
    return any(hmac.compare_digest(right, given) for given in headers.get("Webhook-Signature", "").split(" "))


def _signature(secret: str, message_id: str, seconds: str, body: bytes) -> str:
    signature = hmac.new(secret.encode(), f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return base64.b64encode(signature.digest()).decode()


def _webhook(alerts: Alerts, secret: str) -> Send:
    address = alerts.webhook or ""

    def send(message: Message) -> None:
        body = message.body()
        status = post(address, body, signed(secret, message.id, message.at, body), private=alerts.private)
        if not 200 <= status < 300:
            raise FetchError(f"the webhook answers with status {status}.", status=status)

    return send


def _mail(alerts: Alerts, password: str) -> Send:
    def send(message: Message) -> None:
        trouble = message.trouble
        letter = EmailMessage()
        what = "Well again" if message.well else "Wrong"
        about = f"{trouble.source}: " if trouble.source else ""
        letter["Subject"] = " ".join(f"[{message.site}] {what}: {about}{trouble.message}".split())[:_SUBJECT]
        letter["From"], letter["To"] = alerts.sender, ", ".join(alerts.to)
        letter["Date"] = format_datetime(message.at)
        letter["Message-ID"] = f"<{message.id}@calfeed>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        letter.set_content(
            f"{about}{trouble.message}\n\nSince {message.since:%d %B %Y, %H:%M} UTC."
            f"{' It is over.' if message.well else ''}\n{message.url}/status\n"
        )
        opened = smtplib.SMTP_SSL if alerts.security == "tls" else smtplib.SMTP
        with opened(alerts.server, alerts.port, timeout=_SMTP_SECONDS) as line:
            if alerts.security == "starttls":
                line.starttls(context=ssl.create_default_context())
            if alerts.user:
                line.login(alerts.user, password)
            line.send_message(letter)

    return send


def _secret(settings: Settings, field: str, name: str | None) -> str:
    path = Path(settings.folder, name or "")
    try:
        found = path.read_text("utf-8").strip() if name else ""
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise SettingsError(
            "no secret can be read there." if name else "a file with a secret is needed.",
            spot=Spot("calfeed.toml", field=f"alerts.{field}"),
            mend="Name a file that holds it, and that calfeed may read.",
        )
    return found


def _remembered(path: Path) -> dict[str, Known]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Known])
    except (OSError, msgspec.DecodeError):
        return {}
