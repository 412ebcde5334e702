"""Catalogue -> generation: all published files that belong together, with one id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec

from calfeed.errors import FeedError
from calfeed.feeds.feed import Feed, feeds_of
from calfeed.feeds.ics import Vevent
from calfeed.feeds.index import feed_entry, index_document
from calfeed.feeds.names import aliases, ended
from calfeed.feeds.render import NEVER, Book, File, RenderCache, RenderedFeed, as_of, file_bytes, sizes, window_note
from calfeed.feeds.selection import FLAVOURS
from calfeed.feeds.splitting import parts
from calfeed.feeds.standing import Standing
from calfeed.feeds.vocabulary import words
from calfeed.model import Catalogue, Event
from calfeed.settings import Settings

INDEX = "index.json"
MANIFEST = "generation.json"
# What is added to the uid of an event for a recurrence and for the flavour of starts.
_ADDED = re.compile(r"(?:(-\d{8})(?:-start)?|-start)$")
# How many bytes of files a generation keeps once they are made; beyond that they are made again when asked for.
KEPT_BYTES = 24_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Generation:
    """`files` maps a path below feeds/ to its bytes, sorted by path; `digests` maps it to their SHA-256 in hex.

    `modified` is when the bytes of each last changed, known of a generation that was read from its folder: it never
    goes back. `id` is a short digest of all files. One of them, generation.json, lists id and digests, so that a
    folder can be checked against itself."""

    id: str
    files: Mapping[str, bytes]
    digests: Mapping[str, str] = field(default_factory=dict, compare=False)
    modified: Mapping[str, datetime] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Generation:
        """The generation of these files, with its manifest added."""
        return _sealed(dict(files), {path: _digest(octets) for path, octets in files.items()})


class _Files(Mapping[str, bytes]):
    """Files by path, made when they are asked for: a large generation never stands in memory as a whole."""

    def __init__(self, recipes: Mapping[str, File], book: Book) -> None:
        self._recipes = recipes
        self._book = book
        self._made: dict[str, bytes] = {}
        self._room = KEPT_BYTES
        self._paths: list[str] = sorted(recipes)

    def add(self, path: str, octets: bytes) -> None:
        """A file that no recipe makes."""
        self._made[path] = octets
        self._paths = sorted({*self._paths, path})

    def __getitem__(self, path: str) -> bytes:
        made = self._made.get(path)
        if made is None:
            made = file_bytes(self._recipes[path], self._book)
            if len(made) <= self._room:
                self._room -= len(made)
                self._made[path] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def build(
    catalogue: Catalogue,
    settings: Settings,
    *,
    today: date | None = None,
    cache: RenderCache | None = None,
    progress: Progress | None = None,
) -> Generation:
    """All feeds of a catalogue in all formats and flavours, with their index.

    The same catalogue, settings and month of `today` give the same bytes; the month (None: that of the catalogue's
    last change) counts only where a feed is too large for one file. `cache`, kept from one build to the next, spares
    what did not change. `progress` is called with the number of files made and their total. Raises FeedError where an
    event would break a rule of docs/feeds.md."""
    cache = cache or RenderCache()
    try:
        return _build(catalogue, settings, today or as_of(catalogue.events).date(), cache, progress)
    except BaseException:
        # What was prepared of a generation that did not come about must not be taken for a part of the next.
        cache.clear()
        raise


def _build(
    catalogue: Catalogue, settings: Settings, today: date, cache: RenderCache, progress: Progress | None
) -> Generation:
    book = Book.of(settings, catalogue.editions, cache, today)
    feeds = feeds_of(catalogue, settings)
    # A feed without events has a placeholder, which keeps its day when a new edition is read.
    since = min(map(attrgetter("revision.created"), catalogue.events), default=NEVER)
    _check_uids(catalogue.events)
    if cache.standing is None or cache.standing.feeds != feeds:
        cache.standing = Standing(feeds, settings)
    touched = cache.standing.take(map(book.rendered, catalogue.events))
    rendered = [_feed(feed, feed.slug in touched, book, since) for feed in feeds]
    cache.feeds = {one.feed.slug: one for one in rendered}
    recipes = {str(file.path): file for one in rendered for file in one.files}
    for slug, feed in aliases(catalogue, feeds).items():
        named = cache.feeds[feed.slug].files
        recipes |= {f"{slug}{str(file.path).removeprefix(feed.slug)}": file for file in named}
    for feed, gone in ended(catalogue, settings, today):
        recipes |= {str(file.path): file for file in _notices(feed, gone)}
    files = _Files(recipes, book)
    digests = _file_digests(recipes, files, cache, progress)
    known = cache.digests
    entries = [one.entry | {"bytes": known[f"{one.feed.slug}.ics"][2]} for one in rendered]
    body = index_document(catalogue, settings, entries)
    generation_id = _id_of({**digests, INDEX: _digest(_json(body))})
    index = _json({"generation": generation_id} | body)
    files.add(INDEX, index)
    return _sealed(files, {**digests, INDEX: _digest(index)}, generation_id)


def _feed(feed: Feed, touched: bool, book: Book, since: datetime) -> RenderedFeed:
    """The files of a feed; those of the last build where the same events stand in it."""
    standing = book.cache.standing
    assert standing is not None
    kept = book.cache.feeds.get(feed.slug)
    if kept is not None and kept.month not in (None, book.month):
        kept = None
    if kept is not None and not touched and (kept.vevents or kept.undated or kept.files[0].as_of == since):
        return kept
    vevents, undated = tuple(standing.dated[feed.slug]), tuple(standing.undated[feed.slug])
    same = kept is not None and (kept.feed, kept.vevents, kept.undated) == (feed, vevents, undated)
    if kept is not None and same and (vevents or undated or kept.files[0].as_of == since):
        return kept
    files = tuple(_files_of(feed, vevents, undated, book, since))
    month = book.month if any(file.parts for file in files) else None
    return RenderedFeed(feed, vevents, undated, files, feed_entry(feed, files, book.settings, book.month), month)


def _files_of(
    feed: Feed, vevents: tuple[Vevent, ...], undated: tuple[Event, ...], book: Book, since: datetime
) -> Iterator[File]:
    """The files of a feed: each flavour of .ics, split where it must be, and the other formats split like "all"."""
    exact = tuple(vevent for vevent in vevents if vevent.exact)
    when = as_of([*map(attrgetter("event"), vevents), *undated], since)
    for flavour in FLAVOURS:
        split = parts(exact if flavour == "exact" else vevents, sizes(flavour, book), book.month)
        stem = feed.slug if flavour == "all" else f"{feed.slug}-{flavour}"
        for format in ("ics", "json", "csv") if flavour == "all" else ("ics",):
            paths = tuple(f"{stem}{suffix}.{format}" for suffix in split)
            for path, (suffix, chosen) in zip(paths, split.items(), strict=True):
                also = () if suffix or format == "ics" else undated
                note, siblings = (_note(feed, suffix, chosen, book.month), paths) if len(paths) > 1 else (None, ())
                yield File(feed, format, flavour, chosen, also, path, note, siblings, when)
    yield File(feed, "atom", "all", vevents, undated, f"{feed.slug}.atom", as_of=when)


def _notices(feed: Feed, since: datetime) -> Iterator[File]:
    """The files of a feed that has ended: the notice in each flavour of .ics, and nothing in the other formats."""
    for flavour in FLAVOURS:
        stem = feed.slug if flavour == "all" else f"{feed.slug}-{flavour}"
        yield File(feed, "ics", flavour, (), path=f"{stem}.ics", as_of=since)
    for format in ("json", "csv", "atom"):
        yield File(feed, format, "all", (), path=f"{feed.slug}.{format}", as_of=since)


def _note(feed: Feed, suffix: str, vevents: Iterable[Vevent], month: date) -> str:
    """What a part of a split feed says of itself."""
    if not suffix:
        return window_note(vevents, month, feed.language)
    return f"{words(feed.language)['part']}: {suffix[1:]}"


def _file_digests(
    recipes: Mapping[str, File], files: Mapping[str, bytes], cache: RenderCache, progress: Progress | None
) -> dict[str, str]:
    """The digest of each file; only a file whose recipe is not the cached one is made."""
    known = {}
    for number, (path, file) in enumerate(recipes.items(), 1):
        kept = cache.digests.get(path)
        if kept is None or (kept[0] is not file and kept[0] != file):
            octets = files[path]
            kept = file, _digest(octets), len(octets)
        known[path] = kept
        if progress:
            progress(number, len(recipes))
    cache.digests = known
    return {path: digest for path, (_, digest, _) in known.items()}


def _check_uids(events: Iterable[Event]) -> None:
    """No UID is what a flavour or a recurrence makes of another one (rule 3)."""
    by_uid = {event.uid: event for event in events}
    for uid in by_uid:
        # Few can be: the pattern is for those alone.
        found = _ADDED.search(uid) if uid[-6:] == "-start" or uid[-9:-8] == "-" else None
        other = by_uid.get(uid[: found.start()]) if found else None
        if found and other and (not found[1] or (other.period and other.period.rrule)):
            raise FeedError(
                f"the UID {uid} is one that calfeed makes of {other.uid} (rule 3 of feeds).",
                mend="Give one of the two events another uid.",
            )


def _sealed(files: Mapping[str, bytes], digests: Mapping[str, str], generation_id: str | None = None) -> Generation:
    """The generation of files with known digests; its manifest is one more file."""
    chosen = generation_id or _id_of(digests)
    listed = {path: {"sha256": digest} for path, digest in sorted(digests.items())}
    manifest = _json({"id": chosen, "files": listed})
    if isinstance(files, _Files):
        files.add(MANIFEST, manifest)
    else:
        files = dict(sorted({**files, MANIFEST: manifest}.items()))
    return Generation(chosen, files, dict(sorted({**digests, MANIFEST: _digest(manifest)}.items())))


def _id_of(digests: Mapping[str, str]) -> str:
    return _digest("".join(f"{path} {digest}\n" for path, digest in sorted(digests.items())).encode())[:16]


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
