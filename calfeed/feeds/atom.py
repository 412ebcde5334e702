"""Events -> Atom (RFC 4287): what changed, newest first, with the old date and the new one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from heapq import nlargest
from operator import attrgetter
from xml.sax.saxutils import escape, quoteattr

from calfeed.feeds.feed import Feed
from calfeed.feeds.ics import uid_of
from calfeed.feeds.selection import canonical_query
from calfeed.feeds.text import clean_line, clean_text
from calfeed.feeds.wording import description, event_address, summary, value_names
from calfeed.model import Edition, Event
from calfeed.settings import Settings

MAX_ENTRIES = 200


def latest(events: Iterable[Event]) -> list[Event]:
    """The events that changed last, newest first."""
    last = nlargest(MAX_ENTRIES, events, key=attrgetter("revision.modified"))
    return sorted(last, key=lambda event: (-event.revision.modified.timestamp(), event.uid))


def entry(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> bytes:
    """One event: its present title, and each step of its history as a line, newest first."""
    uid = uid_of(event, settings)
    steps = [
        f"{_instant(change.at)[:10]}: {clean_line(change.what)}{_fields(change.fields)}"
        for change in sorted(event.history, key=lambda change: (change.at, change.sequence), reverse=True)
    ]
    text = "\n".join([*steps, "", description(event, settings, editions, lang)] if steps else
                     [description(event, settings, editions, lang)])  # fmt: skip
    categories = "".join(
        f"<category term={quoteattr(name)}/>" for facet in settings.facets for name in value_names(event, facet, lang)
    )
    return (
        f"<entry><id>{escape(atom_id(uid, event))}</id><title>{escape(summary(event, lang))}</title>"
        f"<published>{_instant(event.revision.created)}</published>"
        f"<updated>{_instant(event.revision.modified)}</updated>"
        f'<link rel="alternate" href={quoteattr(event_address(event, settings))}/>{categories}'
        f'<content type="text">{escape(clean_text(text))}</content></entry>\n'
    ).encode()


def document(feed: Feed, entries: Iterable[bytes], settings: Settings, path: str | None, updated: datetime) -> bytes:
    """A feed of `entries`; `updated` is the last change of any event in it."""
    address = f"{settings.site.url}/feeds/{path or selected(feed)}"
    author = settings.site.publisher or settings.site.name
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>'
        f"<id>{escape(address)}</id><title>{escape(feed.name)}</title><updated>{_instant(updated)}</updated>"
        f"<author><name>{escape(clean_line(author))}</name></author>"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(address)}/>'
        f'<link rel="alternate" href={quoteattr(settings.site.url + "/")}/>\n'
    )
    return head.encode() + b"".join(entries) + b"</feed>\n"


def selected(feed: Feed) -> str:
    """Where a selection's own feed is asked for."""
    query = canonical_query(feed.selection)
    return f"custom.atom?{query}" if query else "custom.atom"


def atom_id(uid: str, event: Event) -> str:
    """The UID as an address that names without locating (RFC 4151): tag:HOST,DAY:UID."""
    return f"tag:{uid.rpartition('@')[2]},{_instant(event.revision.created)[:10]}:{uid}"


def _fields(fields: dict[str, tuple[str, str]]) -> str:
    told = [
        f"{name}: {clean_line(old) or '-'} -> {clean_line(new) or '-'}" for name, (old, new) in sorted(fields.items())
    ]
    return f" ({'; '.join(told)})" if told else ""


def _instant(instant: datetime) -> str:
    told = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return f"{told.replace(microsecond=0, tzinfo=None).isoformat()}Z"
