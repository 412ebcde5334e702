"""Events and a feed -> the bytes of one file, in each format and flavour."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from calfeed.errors import FeedError
from calfeed.feeds import atom, ics, jsonfeed, table
from calfeed.feeds.citation import EditionDay, edition_day
from calfeed.feeds.feed import Feed
from calfeed.feeds.ics import Vevent
from calfeed.feeds.selection import ASKED, FLAVOURS, Selection
from calfeed.feeds.splitting import MAX_BYTES, MAX_EVENTS, Size, fits, held, window
from calfeed.feeds.vocabulary import words
from calfeed.feeds.when import in_words
from calfeed.model import Edition, Event, Period, Precision
from calfeed.occurrences import exact
from calfeed.settings import Settings

if TYPE_CHECKING:
    from calfeed.feeds.standing import Standing

FORMATS = ("ics", "json", "csv", "atom")
# What a cache keeps of JSON, CSV and Atom, which are quick to make again.
FRAGMENT_BYTES = 24_000_000
# Before any event was read there is no day that a placeholder could stand on.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Rendered(NamedTuple):
    """An event, the day of the edition that it cites, and its VEVENTs: none where it has no date."""

    event: Event
    day: EditionDay | None
    vevents: tuple[Vevent, ...]


class RenderCache:
    """What has been rendered, by event and by file: what did not change is not rendered again.

    Belongs to one thread and one settings; with others it empties itself."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self.editions: tuple[Edition, ...] = ()
        self.rendered: dict[str, Rendered] = {}
        self.feeds: dict[str, RenderedFeed] = {}
        self.standing: Standing | None = None
        self.digests: dict[str, tuple[File, str, int]] = {}
        self._fragments: dict[tuple[str, str], tuple[Event, bytes]] = {}
        self._room = FRAGMENT_BYTES

    def clear(self) -> None:
        self.rendered.clear()
        self.feeds.clear()
        self.standing = None
        self.digests.clear()
        self.forget_fragments()

    def forget_fragments(self) -> None:
        self._fragments.clear()
        self._room = FRAGMENT_BYTES

    def fragment(self, format: str, event: Event, make: Callable[[Event], bytes]) -> bytes:
        """An event in a format other than .ics; as many are kept as there is room for."""
        key = (event.uid, format)
        kept = self._fragments.get(key)
        if kept is not None and kept[0] is event:
            return kept[1]
        made = make(event)
        if kept is not None or len(made) <= self._room:
            self._room -= len(made) - (len(kept[1]) if kept else 0)
            self._fragments[key] = event, made
        return made


@dataclass(frozen=True)
class Book:
    """What events are rendered with. `lang` is the language of the words that calfeed adds; `month` is the first day
    of the month in which what is coming begins; `same_editions` says that the cache was filled with these editions."""

    settings: Settings
    editions: tuple[Edition, ...]
    lang: str
    cache: RenderCache
    month: date
    same_editions: bool = True

    @classmethod
    def of(cls, settings: Settings, editions: tuple[Edition, ...], cache: RenderCache, today: date) -> Book:
        """A book over a cache that stays from build to build."""
        if cache.settings != settings:
            cache.clear()
        same = cache.editions == editions
        if not same:
            cache.forget_fragments()
        cache.settings, cache.editions = settings, editions
        return cls(settings, editions, settings.site.language, cache, today.replace(day=1), same)

    def rendered(self, event: Event) -> Rendered:
        """The event rendered; the same object as in the build before while nothing about it is another."""
        kept = self.cache.rendered.get(event.uid)
        if (
            kept is not None
            and (kept.event is event or kept.event == event)
            and (self.same_editions or kept.day == self.day(event))
        ):
            return kept
        made = Rendered(event, self.day(event), ics.vevents(event, self.settings, self.editions, self.lang))
        self.cache.rendered[event.uid] = made
        return made

    def day(self, event: Event) -> EditionDay | None:
        return edition_day(event, self.settings, self.editions)


@dataclass(frozen=True)
class File:
    """One file of a feed: the recipe of its bytes, which are the same whenever the recipe is.

    `vevents` in order; `undated` events are in every format but ics. `parts` are the paths of all parts of a split
    feed, `note` the sentence that says which part this is, `as_of` the last change of what the feed is made of."""

    feed: Feed
    format: str
    flavour: str
    vevents: tuple[Vevent, ...]
    undated: tuple[Event, ...] = ()
    path: str | None = None
    note: str | None = None
    parts: tuple[str, ...] = ()
    as_of: datetime = NEVER

    @property
    def events(self) -> list[Event]:
        """Each event once, in the order of its first day in this file."""
        if not self.parts:
            return [*(vevent.event for vevent in self.vevents if vevent.nth == 0), *self.undated]
        return [*{vevent.event.uid: vevent.event for vevent in self.vevents}.values(), *self.undated]


@dataclass(frozen=True)
class RenderedFeed:
    """A feed, what stood in it, and what came of that: its files, and its entry in the index.

    `month` is the one that its files were split for, None where none is."""

    feed: Feed
    vevents: tuple[Vevent, ...]
    undated: tuple[Event, ...]
    files: tuple[File, ...]
    entry: dict[str, Any]
    month: date | None = None


def in_order(vevents: Iterable[Vevent]) -> list[Vevent]:
    return sorted(vevents, key=attrgetter("order"))


def file_bytes(file: File, book: Book) -> bytes:
    """The bytes of a file. Raises FeedError where an .ics breaks rule 39."""
    settings, lang = book.settings, book.lang
    if file.format == "ics":
        return _ics(file, book)
    events = file.events
    fragment = book.cache.fragment
    if file.format == "json":
        item = partial(jsonfeed.item, settings=settings, editions=book.editions, lang=lang)
        items = [fragment("json", event, item) for event in events]
        return jsonfeed.document(file.feed, items, settings, file.path, file.parts)
    if file.format == "csv":
        rows = [fragment("csv", event, partial(table.row, settings=settings, lang=lang)) for event in events]
        return table.header(settings) + b"".join(rows)
    if file.format == "atom":
        entry = partial(atom.entry, settings=settings, editions=book.editions, lang=lang)
        entries = [fragment("atom", event, entry) for event in atom.latest(events)]
        return atom.document(file.feed, entries, settings, file.path, file.as_of)
    raise FeedError(f"there is no format {file.format!r}.", mend=f"Known: {', '.join(FORMATS)}.")


def _ics(file: File, book: Book) -> bytes:
    body = list(_components(file, book))
    if not body:
        body = [ics.placeholder(file.feed, file.flavour, book.settings, file.as_of)]
    made = b"".join((ics.calendar_head(file.feed, book.settings, file.path, file.note), *body, ics.END))
    if len(body) > MAX_EVENTS or len(made) > MAX_BYTES:
        raise FeedError(
            f"{file.path or file.feed.slug} would have {len(body)} events and {len(made):,} bytes: Google drops what"
            f" is beyond {MAX_EVENTS:,} events or {MAX_BYTES:,} bytes (rule 39 of feeds)."
        )
    return made


def _components(file: File, book: Book) -> Iterator[bytes]:
    settings = book.settings
    if file.flavour == "starts":
        # Another UID is another place in the order of rule 17.
        for vevent in sorted(file.vevents, key=lambda vevent: (vevent.first, vevent.start_uid(settings))):
            yield vevent.start(settings)
    elif file.flavour == "rich":
        for vevent in file.vevents:
            yield vevent.rich(settings, book.lang)
    else:
        for vevent in file.vevents:
            yield vevent.plain()


def as_of(events: Iterable[Event], otherwise: datetime = NEVER) -> datetime:
    """The last change of any event; without events, `otherwise`."""
    return max(map(attrgetter("revision.modified"), events), default=otherwise)


def sizes(flavour: str, book: Book) -> Size:
    """How many octets at most a VEVENT takes in a flavour."""
    if flavour == "rich":
        return lambda vevent: vevent.rich_size(book.settings, book.lang)
    return attrgetter("size")


def window_note(vevents: Iterable[Vevent], month: date, lang: str) -> str:
    """What a file says of itself that holds what is coming and the recent past."""
    first, last = held(vevents, month)
    months = Period(start=first, end=last.replace(day=monthrange(last.year, last.month)[1]), precision=Precision.MONTH)
    return f"{words(lang)['part']}: {in_words(months, lang, long=True)}"


def render(
    events: Iterable[Event],
    feed: Feed,
    settings: Settings,
    format: str,
    flavour: str = "all",
    *,
    editions: Iterable[Edition] = (),
    today: date | None = None,
) -> bytes:
    """A feed of just these events, such as a custom selection gives, in `feed.language`.

    `editions` are the catalogue's: without them an event's description dates its source by the settings. More events
    than one .ics may hold: what is coming in the month of `today` (the day of the last change) and later, then the
    recent past, and its description says so. Raises FeedError for an unknown format."""
    known = FLAVOURS if format == "ics" else ASKED
    if flavour not in known:
        raise FeedError(f"there is no flavour {flavour!r} of .{format}.", mend=f"Known: {', '.join(known)}.")
    editions = tuple(editions)
    events = tuple(events)
    month = (today or as_of(events).date()).replace(day=1)
    book = Book(settings, editions, feed.language, RenderCache(), month)
    chosen = [event for event in events if flavour != "exact" or exact(event)]
    rendered = [book.rendered(event) for event in chosen]
    vevents = in_order(vevent for one in rendered for vevent in one.vevents)
    undated = tuple(sorted((one.event for one in rendered if not one.vevents), key=lambda event: event.uid))
    note = None
    size = sizes(flavour, book)
    if format == "ics" and not fits(vevents, size):
        vevents = list(window(vevents, size, month))
        note = window_note(vevents, month, feed.language)
    when = as_of(chosen, min((edition.read for edition in editions), default=NEVER))
    return file_bytes(File(feed, format, flavour, tuple(vevents), undated, note=note, as_of=when), book)


def event_ics(event: Event, settings: Settings, *, editions: Iterable[Edition] = (), lang: str | None = None) -> bytes:
    """A calendar of one event, its VEVENTs byte for byte as in the feeds."""
    language = lang or settings.site.language
    feed = Feed(event.uid, event.title, "", Selection(), settings.site.colour, language)
    return render([event], feed, settings, "ics", editions=editions)
