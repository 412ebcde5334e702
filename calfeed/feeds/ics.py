"""Events -> iCalendar (RFC 5545, 7986), after the rules of docs/feeds.md.

Components are joined as bytes, in the order in which icalendar writes properties, so that reading and writing a feed
with it gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from calfeed.feeds.colours import css_name
from calfeed.feeds.feed import Feed
from calfeed.feeds.lines import day_value, instant_value, line, raw_line
from calfeed.feeds.rich import rich_lines
from calfeed.feeds.text import LINE_LIMIT, checked_uid, clean_line, clean_name, clean_url
from calfeed.feeds.vocabulary import words
from calfeed.feeds.when import edtf, is_exact
from calfeed.feeds.wording import cancelled, description, event_address, location, summary, value_names
from calfeed.model import Edition, Event
from calfeed.occurrences import Occurrence, exact, occurrences, span
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

    `nth` counts the VEVENTs of the event, from 0. `first` and `last` are the days of DTSTART and of the end that it
    shows, of an event with `span` (two instants) in UTC. `order` is the place in a feed (rule 17), `size` a little
    more octets than it takes in any flavour but rich."""

    __slots__ = (
        "_rich_size", "cancelled", "event", "exact", "first", "head", "last", "long", "nth", "occurrence", "order",
        "size", "span", "tail", "uid",
    )  # fmt: skip

    def __init__(self, event: Event, one: Occurrence, nth: int, head: bytes, tail: bytes, settings: Settings) -> None:
        self.event = event
        self.occurrence = one
        self.nth = nth
        self.span = span(one, settings)
        self.first = self.span[0].date() if self.span else one.first
        self.last = self.span[1].date() if self.span else one.first if one.endless else one.last
        self.long = one.long
        self.exact = is_exact(one.period)
        self.cancelled = cancelled(event) or one.removed
        self.uid = uid_of(event, settings, one.suffix)
        self.order = (self.span[0] if self.span else datetime.combine(one.first, time(), UTC), self.uid)
        self.head = head
        self.tail = tail
        self.size = len(head) + len(tail) + len(self.uid) + 140
        self._rich_size = 0

    def plain(self) -> bytes:
        return self._joined(self.uid, self.last, b"")

    def start(self, settings: Settings) -> bytes:
        """The same for the flavour of starts: what is longer than a month takes its first day only (rule 27)."""
        return self._joined(self.start_uid(settings), self.first if self.long and not self.span else self.last, b"")

    def start_uid(self, settings: Settings) -> str:
        return uid_of(self.event, settings, f"{self.occurrence.suffix}-start")

    def rich(self, settings: Settings, lang: str) -> bytes:
        """The same with the properties of RFC 9073 and 9253."""
        return self._joined(self.uid, self.last, b"".join(rich_lines(self.event, self.occurrence, settings, lang)))

    def rich_size(self, settings: Settings, lang: str) -> int:
        """`size` for the flavour rich."""
        if not self._rich_size:
            self._rich_size = self.size + sum(map(len, rich_lines(self.event, self.occurrence, settings, lang)))
        return self._rich_size

    def _joined(self, uid: str, last: date, more: bytes) -> bytes:
        return b"".join((
            b"BEGIN:VEVENT\r\n", self.head,
            *(_instants(*self.span) if self.span else _days(self.first, last)),
            b"DTSTAMP:", instant_value(self.event.revision.modified), b"\r\n", _uid_line(uid), self.tail, more,
            b"END:VEVENT\r\n",
        ))  # fmt: skip


def _days(first: date, last: date) -> tuple[bytes, ...]:
    """DTSTART and DTEND of whole days (rule 10)."""
    return b"DTSTART;VALUE=DATE:", day_value(first), b"\r\nDTEND;VALUE=DATE:", day_value(last + ONE_DAY), b"\r\n"


def _instants(begin: datetime, end: datetime) -> tuple[bytes, ...]:
    """DTSTART and DTEND in UTC (rule 49)."""
    return b"DTSTART:", instant_value(begin), b"\r\nDTEND:", instant_value(end), b"\r\n"


def _uid_line(uid: str) -> bytes:
    return b"UID:" + uid.encode() + b"\r\n" if len(uid) <= 70 and uid.isascii() else line("UID", uid)


def vevents(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> tuple[Vevent, ...]:
    """The VEVENTs of an event, one an occurrence; none where it has no date."""
    days = occurrences(event)
    if not days:
        checked_uid(event.uid)
        return ()
    shared = _shared(event, settings, lang)
    made = []
    for nth, one in enumerate(days):
        head = line("SUMMARY", summary(event, lang, one))
        told = line("DESCRIPTION", description(event, settings, editions, lang, one))
        # X-CALFEED-EDTF stands where the alphabet puts it: before X-MICROSOFT-CDO-BUSYSTATUS.
        tail = b"".join((
            shared.before, told, shared.between, b"STATUS:", status(event, one).encode(), b"\r\n", shared.after,
            line("X-CALFEED-EDTF", edtf(one.period)), b"X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n",
        ))  # fmt: skip
        made.append(Vevent(event, one, nth, head, tail, settings))
    return tuple(made)


def status(event: Event, one: Occurrence | None = None) -> str:
    """Rule 8: CONFIRMED needs exact days and a plain yes. Of one occurrence, or of the event as a whole."""
    if cancelled(event) or (one is not None and one.removed):
        return "CANCELLED"
    known = is_exact(one.period) if one is not None else exact(event)
    stands = event.status in ("scheduled", "completed") and not event.last_known
    return "CONFIRMED" if known and stands else "TENTATIVE"


class _Shared(NamedTuple):
    """The lines that all occurrences and flavours of an event share, in icalendar's order: those before DESCRIPTION,
    between it and STATUS, and after that."""

    before: bytes
    between: bytes
    after: bytes


def _shared(event: Event, settings: Settings, lang: str) -> _Shared:
    categories = [name for facet in settings.facets for name in value_names(event, facet, lang)]
    place = location(event)
    before = [b"SEQUENCE:%d\r\n" % event.revision.sequence]
    if categories:
        before.append(raw_line("CATEGORIES", ",".join(dict.fromkeys(categories))))
    before.append(b"CLASS:PUBLIC\r\nCREATED:" + instant_value(event.revision.created) + b"\r\n")
    modified = b"LAST-MODIFIED:" + instant_value(event.revision.modified) + b"\r\n"
    address = raw_line("URL", clean_url(event.url) or event_address(event, settings))
    return _Shared(
        b"".join(before), modified + (line("LOCATION", place) if place else b""), b"TRANSP:TRANSPARENT\r\n" + address
    )


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
    if feed.ended:
        title = clean_line(own["ended"].format(feed.name))
    uid = f"{'ended' if feed.ended else 'no-dates'}-{feed.slug}-{flavour}@{settings.site.host}"
    stamp, day = instant_value(as_of), as_of.date()
    return b"".join((
        b"BEGIN:VEVENT\r\n", line("SUMMARY", title),
        b"DTSTART;VALUE=DATE:", day_value(day), b"\r\nDTEND;VALUE=DATE:", day_value(day + ONE_DAY),
        b"\r\nDTSTAMP:", stamp,
        b"\r\n", _uid_line(uid), b"SEQUENCE:0\r\nCLASS:PUBLIC\r\nCREATED:", stamp, b"\r\nLAST-MODIFIED:", stamp,
        b"\r\nSTATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\n", raw_line("URL", f"{settings.site.url}/"),
        b"X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nEND:VEVENT\r\n",
    ))  # fmt: skip
