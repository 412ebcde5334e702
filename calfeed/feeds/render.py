"""Events and a feed -> the bytes of one file, in each format and flavour."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from calfeed.errors import FeedError
from calfeed.feeds import atom, ics, jsonfeed, table
from calfeed.feeds.feed import Feed
from calfeed.feeds.ics import Vevent
from calfeed.feeds.selection import ASKED, FLAVOURS, Selection
from calfeed.feeds.wording import EditionDay, edition_day, words
from calfeed.model import Edition, Event
from calfeed.occurrences import exact
from calfeed.settings import Settings

if TYPE_CHECKING:
    from calfeed.feeds.standing import Standing

FORMATS = ("ics", "json", "csv", "atom")
# Rule 39. Google takes 1 MB or about 1,111 events of a feed, and drops the rest without a word.
MAX_EVENTS = 1000
MAX_BYTES = 900_000
# What a calendar's own properties take at most.
HEAD_BYTES = 4000
# What a cache keeps of JSON, CSV and Atom, which are quick to make again.
FRAGMENT_BYTES = 24_000_000
# Before any event was read there is no day that a placeholder could stand on.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


Size = Callable[[Vevent], int]


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
    """What events are rendered with. `lang` is the language of the words that calfeed adds; `same_editions` says that
    the cache was filled with these editions."""

    settings: Settings
    editions: tuple[Edition, ...]
    lang: str
    cache: RenderCache
    same_editions: bool = True

    @classmethod
    def of(cls, settings: Settings, editions: tuple[Edition, ...], cache: RenderCache) -> Book:
        """A book over a cache that stays from build to build."""
        if cache.settings != settings:
            cache.clear()
        same = cache.editions == editions
        if not same:
            cache.forget_fragments()
        cache.settings, cache.editions = settings, editions
        return cls(settings, editions, settings.site.language, cache, same)

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
    """A feed, what stood in it, and what came of that: its files, and its entry in the index."""

    feed: Feed
    vevents: tuple[Vevent, ...]
    undated: tuple[Event, ...]
    files: tuple[File, ...]
    entry: dict[str, Any]


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


def parts(vevents: Sequence[Vevent], size: Size) -> dict[str, tuple[Vevent, ...]]:
    """How a feed is split (rule 39): the suffix of each file -> its VEVENTs, which are given in order.

    What fits stands whole under "". Else "" holds the last that fit, and every VEVENT stands once under its year
    ("-2014"), or where a year does not fit its month ("-2014-03"), or a piece of that ("-2014-03-2")."""
    if _fits(vevents, size):
        return {"": tuple(vevents)}
    made = {"": last_that_fit(vevents, size)}
    for (year,), of_year in _grouped(vevents, lambda day: (day.year,)):
        if _fits(of_year, size):
            made[f"-{year:04}"] = of_year
            continue
        for (_, month), of_month in _grouped(of_year, lambda day: (day.year, day.month)):
            pieces = list(_pieces(of_month, size))
            for number, piece in enumerate(pieces, 1):
                suffix = f"-{year:04}-{month:02}"
                made[suffix if len(pieces) == 1 else f"{suffix}-{number}"] = piece
    return made


def last_that_fit(vevents: Sequence[Vevent], size: Size) -> tuple[Vevent, ...]:
    """The last VEVENTs, in order, that one file may hold."""
    backwards = next(_pieces(vevents[: -MAX_EVENTS - 1 : -1], size), ())
    return backwards[::-1]


def _fits(vevents: Sequence[Vevent], size: Size) -> bool:
    if len(vevents) > MAX_EVENTS:
        return False
    return sum(map(size, vevents)) <= MAX_BYTES - HEAD_BYTES


def _grouped(
    vevents: Sequence[Vevent], key: Callable[[date], tuple[int, ...]]
) -> Iterator[tuple[tuple[int, ...], tuple[Vevent, ...]]]:
    """Runs of VEVENTs whose first day has the same key; the ends of the runs are searched, not walked to."""
    start = 0
    while start < len(vevents):
        wanted = key(vevents[start].first)
        end = bisect_right(vevents, wanted, lo=start, key=lambda vevent: key(vevent.first))
        yield wanted, tuple(vevents[start:end])
        start = end


def _pieces(vevents: Sequence[Vevent], size: Size) -> Iterator[tuple[Vevent, ...]]:
    if vevents and _fits(vevents, size):
        yield tuple(vevents)
        return
    piece: list[Vevent] = []
    room = MAX_BYTES - HEAD_BYTES
    for vevent in vevents:
        octets = size(vevent)
        if piece and (len(piece) == MAX_EVENTS or octets > room):
            yield tuple(piece)
            piece, room = [], MAX_BYTES - HEAD_BYTES
        piece.append(vevent)
        room -= octets
    if piece:
        yield tuple(piece)


def render(
    events: Iterable[Event],
    feed: Feed,
    settings: Settings,
    format: str,
    flavour: str = "all",
    *,
    editions: Iterable[Edition] = (),
) -> bytes:
    """A feed of just these events, such as a custom selection gives, in `feed.language`.

    `editions` are the catalogue's: without them an event's description dates its source by the settings. More events
    than one .ics may hold: the last that fit, and its description says so. Raises FeedError for an unknown format."""
    known = FLAVOURS if format == "ics" else ASKED
    if flavour not in known:
        raise FeedError(f"there is no flavour {flavour!r} of .{format}.", mend=f"Known: {', '.join(known)}.")
    editions = tuple(editions)
    book = Book(settings, editions, feed.language, RenderCache())
    chosen = [event for event in events if flavour != "exact" or exact(event)]
    rendered = [book.rendered(event) for event in chosen]
    vevents = in_order(vevent for one in rendered for vevent in one.vevents)
    undated = tuple(sorted((one.event for one in rendered if not one.vevents), key=lambda event: event.uid))
    note = None
    size = sizes(flavour, book)
    if format == "ics" and not _fits(vevents, size):
        vevents = list(last_that_fit(vevents, size))
        note = words(feed.language)["part"]
    when = as_of(chosen, min((edition.read for edition in editions), default=NEVER))
    return file_bytes(File(feed, format, flavour, tuple(vevents), undated, note=note, as_of=when), book)


def event_ics(event: Event, settings: Settings, *, editions: Iterable[Edition] = (), lang: str | None = None) -> bytes:
    """A calendar of one event, its VEVENTs byte for byte as in the feeds."""
    language = lang or settings.site.language
    feed = Feed(event.uid, event.title, "", Selection(), settings.site.colour, language)
    return render([event], feed, settings, "ics", editions=editions)
