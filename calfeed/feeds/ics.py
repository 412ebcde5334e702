"""Events -> iCalendar (RFC 5545, 7986), after the rules of docs/feeds.md.

Components are joined as bytes, in the order in which icalendar writes properties, so that reading and writing a feed
with it gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from calfeed.feeds.colours import css_name
from calfeed.feeds.feed import Feed
from calfeed.feeds.lines import day_value, instant_value, line, raw_line
from calfeed.feeds.occurrences import Occurrence, exact, occurrences
from calfeed.feeds.rich import rich_lines
from calfeed.feeds.text import LINE_LIMIT, checked_uid, clean_line, clean_name, clean_url
from calfeed.feeds.when import edtf
from calfeed.feeds.wording import cancelled, description, event_address, location, summary, value_names, words
from calfeed.model import Edition, Event
from calfeed.settings import Settings

PRODID = "-//calfeed//calfeed//EN"
REFRESH = "PT6H"
ONE_DAY = timedelta(days=1)
END = b"END:VCALENDAR\r\n"


def uid_of(event: Event, settings: Settings, suffix: str = "") -> str:
    """The UID of an event in feeds: its own, and the site's host (rule 3)."""
    return f"{checked_uid(event.uid)}{suffix}@{settings.site.host}"


class Vevent:
    """One VEVENT, rendered once: `head` and `tail` are its lines before and after those that a flavour changes.

    `nth` counts the VEVENTs of the event, from 0. `order` is the place in a feed (rule 17), `size` a little more octets
    than it takes in any flavour but rich."""

    __slots__ = (
        "_rich_size", "cancelled", "event", "exact", "first", "head", "last", "long", "nth", "order", "size", "suffix",
        "tail", "uid",
    )  # fmt: skip

    def __init__(self, event: Event, one: Occurrence, nth: int, head: bytes, tail: bytes, settings: Settings) -> None:
        self.event = event
        self.nth = nth
        self.first = one.first
        self.last = one.first if one.endless else one.last
        self.long = one.long
        self.exact = exact(event)
        self.cancelled = cancelled(event)
        self.suffix = one.suffix
        self.uid = uid_of(event, settings, one.suffix)
        self.order = (one.first, self.uid)
        self.head = head
        self.tail = tail
        self.size = len(head) + len(tail) + len(self.uid) + 140
        self._rich_size = 0

    def plain(self) -> bytes:
        return self._joined(self.uid, self.last, b"")

    def start(self, settings: Settings) -> bytes:
        """The same for the flavour of starts: what is longer than a month takes its first day only (rule 27)."""
        return self._joined(self.start_uid(settings), self.first if self.long else self.last, b"")

    def start_uid(self, settings: Settings) -> str:
        return uid_of(self.event, settings, f"{self.suffix}-start")

    def rich(self, settings: Settings, lang: str) -> bytes:
        """The same with the properties of RFC 9073 and 9253."""
        return self._joined(self.uid, self.last, b"".join(rich_lines(self.event, settings, lang)))

    def rich_size(self, settings: Settings, lang: str) -> int:
        """`size` for the flavour rich."""
        if not self._rich_size:
            self._rich_size = self.size + sum(map(len, rich_lines(self.event, settings, lang)))
        return self._rich_size

    def _joined(self, uid: str, last: date, more: bytes) -> bytes:
        return b"".join((
            b"BEGIN:VEVENT\r\n", self.head,
            b"DTSTART;VALUE=DATE:", day_value(self.first), b"\r\nDTEND;VALUE=DATE:", day_value(last + ONE_DAY),
            b"\r\nDTSTAMP:", instant_value(self.event.revision.modified), b"\r\n", _uid_line(uid), self.tail, more,
            b"END:VEVENT\r\n",
        ))  # fmt: skip


def _uid_line(uid: str) -> bytes:
    return b"UID:" + uid.encode() + b"\r\n" if len(uid) <= 70 and uid.isascii() else line("UID", uid)


def vevents(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> tuple[Vevent, ...]:
    """The VEVENTs of an event, one an occurrence; none where it has no date."""
    days = occurrences(event)
    if not days:
        checked_uid(event.uid)
        return ()
    about = _about(event, settings, editions, lang)
    made = []
    for nth, one in enumerate(days):
        head = line("SUMMARY", summary(event, one.period, lang))
        # X-CALFEED-EDTF stands where the alphabet puts it: before X-MICROSOFT-CDO-BUSYSTATUS.
        tail = about + line("X-CALFEED-EDTF", edtf(one.period)) + b"X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"
        made.append(Vevent(event, one, nth, head, tail, settings))
    return tuple(made)


def status(event: Event) -> str:
    """Rule 8: CONFIRMED needs exact days and a plain yes."""
    if cancelled(event):
        return "CANCELLED"
    return "CONFIRMED" if exact(event) and event.status in ("scheduled", "completed") else "TENTATIVE"


def _about(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> bytes:
    """The lines that all occurrences and flavours of an event share, in icalendar's order."""
    categories = [name for facet in settings.facets for name in value_names(event, facet, lang)]
    place = location(event)
    modified = instant_value(event.revision.modified)
    lines = [b"SEQUENCE:%d\r\n" % event.revision.sequence]
    if categories:
        lines.append(raw_line("CATEGORIES", ",".join(dict.fromkeys(categories))))
    lines += [
        b"CLASS:PUBLIC\r\n",
        b"CREATED:" + instant_value(event.revision.created) + b"\r\n",
        line("DESCRIPTION", description(event, settings, editions, lang)),
        b"LAST-MODIFIED:" + modified + b"\r\n",
    ]
    if place:
        lines.append(line("LOCATION", place))
    lines += [
        b"STATUS:" + status(event).encode() + b"\r\n",
        b"TRANSP:TRANSPARENT\r\n",
        raw_line("URL", clean_url(event.url) or event_address(event, settings)),
    ]
    return b"".join(lines)


def calendar_head(feed: Feed, settings: Settings, path: str | None, note: str | None) -> bytes:
    """Everything before the first component. `path` is the file's below /feeds/, `note` a sentence for this file."""
    about = clean_line(". ".join(filter(None, (feed.description.rstrip("."), note))), LINE_LIMIT)
    name = clean_name(feed.name)
    return b"".join((
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", line("PRODID", PRODID), b"CALSCALE:GREGORIAN\r\n",
        *((line("DESCRIPTION", about), line("X-WR-CALDESC", about)) if about else ()),
        line("NAME", name), line("X-WR-CALNAME", name), line("COLOR", css_name(feed.colour)),
        raw_line("REFRESH-INTERVAL", REFRESH, VALUE="DURATION"),
        *((raw_line("SOURCE", f"{settings.site.url}/feeds/{path}", VALUE="URI"),) if path else ()),
        line("X-APPLE-CALENDAR-COLOR", feed.colour), raw_line("X-PUBLISHED-TTL", REFRESH), b"X-WR-TIMEZONE:UTC\r\n",
    ))  # fmt: skip


def placeholder(feed: Feed, flavour: str, settings: Settings, as_of: datetime) -> bytes:
    """The one VEVENT of a feed without any (rule 16), on the day on which that was last known to be so."""
    own = words(feed.language)
    title = own["no_exact_dates" if flavour == "exact" else "no_dates"]
    uid = f"no-dates-{feed.slug}-{flavour}@{settings.site.host}"
    stamp, day = instant_value(as_of), as_of.date()
    return b"".join((
        b"BEGIN:VEVENT\r\n", line("SUMMARY", title),
        b"DTSTART;VALUE=DATE:", day_value(day), b"\r\nDTEND;VALUE=DATE:", day_value(day + ONE_DAY),
        b"\r\nDTSTAMP:", stamp,
        b"\r\n", _uid_line(uid), b"SEQUENCE:0\r\nCLASS:PUBLIC\r\nCREATED:", stamp, b"\r\nLAST-MODIFIED:", stamp,
        b"\r\nSTATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\n", raw_line("URL", f"{settings.site.url}/"),
        b"X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nEND:VEVENT\r\n",
    ))  # fmt: skip
