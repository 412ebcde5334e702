"""The links by which a feed or an event gets into a reader's calendar: the one place where they are made.

None of them is documented by its vendor; they are what works (rule 41 of feeds).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlsplit

from msgspec import Struct

# Google fails without a word above 256 UTF-16 units; its own prefix and the scheme are left room for (rule 30).
ADDRESS_LIMIT = 200


class Refresh(Struct, frozen=True):
    """How often a client reads a subscribed calendar again, in hours; `ours` where the reader sets it."""

    least: float
    most: float
    ours: bool = False


class Client(Struct, frozen=True, kw_only=True):
    """A calendar program. `link` subscribes in one step, None where the address has to be pasted.

    `desktop_only`: its link leads nowhere on a telephone.
    """

    id: str
    name: str
    link: str | None
    refresh: Refresh
    desktop_only: bool = False


def clients(address: str, name: str) -> tuple[Client, ...]:
    """The programs that can subscribe to the feed at `address` (absolute, http or https), shown as `name`."""
    webcal = webcal_address(address)
    outlook = f"calendar/0/addfromweb/?url={_encoded(address)}&name={_encoded(name)}"
    return (
        Client(
            id="google",
            name="Google Calendar",
            # Google's cid takes webcal only; an https address is read as a calendar's name.
            link=f"https://calendar.google.com/calendar/u/0/r?cid={_encoded(webcal)}",
            refresh=Refresh(8, 24),
        ),
        Client(id="apple", name="Apple Calendar", link=webcal, refresh=Refresh(1 / 12, 168, ours=True)),
        Client(
            id="outlook",
            name="Outlook.com",
            link=f"https://outlook.live.com/{outlook}",
            refresh=Refresh(3, 24),
            desktop_only=True,
        ),
        Client(
            id="microsoft365",
            name="Microsoft 365",
            link=f"https://outlook.office.com/{outlook}",
            refresh=Refresh(3, 24),
            desktop_only=True,
        ),
        Client(id="thunderbird", name="Thunderbird", link=None, refresh=Refresh(0.5, 0.5, ours=True)),
    )


def webcal_address(address: str) -> str:
    """`address` with the scheme that opens a calendar program."""
    return "webcal" + address[len(urlsplit(address).scheme) :]


def too_long(address: str) -> bool:
    """Whether some clients cut or refuse the address."""
    return len(address) > ADDRESS_LIMIT


class Single(Struct, frozen=True, kw_only=True):
    """One event for a calendar: whole days, `first` and `last` included, or the time between two instants."""

    title: str
    first: date
    last: date
    details: str
    place: str | None = None
    hours: tuple[datetime, datetime] | None = None


def google_event(event: Single) -> str:
    """A form in Google Calendar, filled in. Its second date is the day after the last."""
    days = f"{event.first:%Y%m%d}/{_day_after(event.last):%Y%m%d}"
    if event.hours:
        days = "/".join(f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}" for instant in event.hours)
    fields = {"action": "TEMPLATE", "text": event.title, "dates": days, "details": event.details, "trp": "false"}
    return "https://calendar.google.com/calendar/render?" + _query(fields | _place(event))


def outlook_event(event: Single, host: str) -> str:
    """The same for Outlook on the web; `host` is outlook.live.com or outlook.office.com."""
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.title,
        "startdt": event.first.isoformat(),
        "enddt": _day_after(event.last).isoformat(),
        "allday": "true",
        "body": event.details,
    }
    if event.hours:
        begin, end = (f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for instant in event.hours)
        fields |= {"startdt": begin, "enddt": end, "allday": "false"}
    return f"https://{host}/calendar/0/deeplink/compose?" + _query(fields | _place(event))


def _place(event: Single) -> dict[str, str]:
    return {"location": event.place} if event.place else {}


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _query(fields: dict[str, str]) -> str:
    return "&".join(f"{name}={_encoded(value)}" for name, value in fields.items())


def _encoded(text: str) -> str:
    # A lone surrogate in a title must not make the page fail.
    return quote(text, safe="", errors="replace")
