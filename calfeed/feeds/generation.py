"""Catalogue -> generation: all published files that belong together, with one id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from calfeed.errors import FeedError
from calfeed.feeds.feed import Feed, distribute, feeds_of
from calfeed.feeds.ics import Vevent
from calfeed.feeds.index import feed_entry, index_document
from calfeed.feeds.occurrences import exact
from calfeed.feeds.render import Book, File, RenderCache, as_of, file_bytes, in_order, parts
from calfeed.feeds.selection import FLAVOURS
from calfeed.feeds.wording import words
from calfeed.model import Catalogue, Event
from calfeed.settings import Settings

INDEX = "index.json"
MANIFEST = "generation.json"
# How many bytes of files a generation keeps once they are made; beyond that they are made again when asked for.
KEPT_BYTES = 64_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Generation:
    """`files` maps a path below feeds/ to its bytes, sorted by path; `digests` maps it to their SHA-256 in hex.

    `id` is a short digest of all files. One of them, generation.json, lists id and digests, so that a folder can be
    checked against itself."""

    id: str
    files: Mapping[str, bytes]
    digests: Mapping[str, str] = field(default_factory=dict, compare=False)

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
    catalogue: Catalogue, settings: Settings, *, cache: RenderCache | None = None, progress: Progress | None = None
) -> Generation:
    """All feeds of a catalogue in all formats and flavours, with their index.

    The same catalogue and settings give the same bytes. `cache`, kept from one build to the next, spares what did not
    change. `progress` is called with the number of files made and their total. Raises FeedError where an event would
    break a rule of docs/feeds.md."""
    book = Book.of(settings, catalogue.editions, cache or RenderCache())
    feeds = feeds_of(catalogue, settings)
    vevents = in_order(vevent for event in catalogue.events for vevent in book.vevents(event))
    _check_uids(vevents, settings)
    undated = sorted((event for event in catalogue.events if not book.vevents(event)), key=lambda event: event.uid)
    dated_by = distribute(vevents, lambda vevent: vevent.event, settings, feeds)
    undated_by = distribute(undated, lambda event: event, settings, feeds)
    recipes: dict[str, File] = {}
    by_feed: dict[str, list[File]] = {}
    for feed in feeds:
        by_feed[feed.slug] = list(_files_of(feed, dated_by[feed.slug], undated_by[feed.slug], book))
        recipes |= {str(file.path): file for file in by_feed[feed.slug]}
    files = _Files(recipes, book)
    digests = _digests(recipes, files, book.cache, progress)
    sizes = {path: book.cache.files[path][2] for path in recipes}
    entries = [feed_entry(feed, by_feed[feed.slug], sizes, settings) for feed in feeds]
    body = index_document(catalogue, settings, entries)
    generation_id = _id_of({**digests, INDEX: _digest(_json(body))})
    index = _json({"generation": generation_id} | body)
    files.add(INDEX, index)
    return _sealed(files, {**digests, INDEX: _digest(index)}, generation_id)


def _files_of(feed: Feed, vevents: list[Vevent], undated: list[Event], book: Book) -> Iterator[File]:
    """The files of a feed: each flavour of .ics, split where it must be, and the other formats split like "all"."""
    vevents_of = dict.fromkeys(FLAVOURS, vevents)
    vevents_of["exact"] = [vevent for vevent in vevents if exact(vevent.event)]
    when = as_of([*(vevent.event for vevent in vevents), *undated], book.editions)
    without_date = tuple(undated)
    for flavour in FLAVOURS:
        split = parts(vevents_of[flavour], flavour, book)
        stem = feed.slug if flavour == "all" else f"{feed.slug}-{flavour}"
        for suffix, chosen in split.items():
            yield _part(File(feed, "ics", flavour, chosen, as_of=when), stem, suffix, split)
            if flavour == "all":
                for format in ("json", "csv"):
                    also = () if suffix else without_date
                    yield _part(File(feed, format, "all", chosen, also, as_of=when), stem, suffix, split)
    yield File(feed, "atom", "all", tuple(vevents), without_date, f"{feed.slug}.atom", as_of=when)


def _part(file: File, stem: str, suffix: str, split: Iterable[str]) -> File:
    """The file with its path, and what it says of the other parts."""
    path = f"{stem}{suffix}.{file.format}"
    others = tuple(f"{stem}{other}.{file.format}" for other in split if other != suffix)
    note = f"{words(file.feed.language)['part']}{': ' + suffix[1:] if suffix else ''}" if others else None
    return replace(file, path=path, note=note, others=others)


def _digests(
    recipes: Mapping[str, File], files: Mapping[str, bytes], cache: RenderCache, progress: Progress | None
) -> dict[str, str]:
    """The digest of each file; only a file whose recipe is not the cached one is made."""
    digests = {}
    for number, (path, file) in enumerate(sorted(recipes.items()), 1):
        kept = cache.files.get(path)
        if kept is None or kept[0] != file:
            octets = files[path]
            kept = cache.files[path] = file, _digest(octets), len(octets)
        digests[path] = kept[1]
        if progress:
            progress(number, len(recipes))
    for path in cache.files.keys() - recipes.keys():
        del cache.files[path]
    return digests


def _check_uids(vevents: Iterable[Vevent], settings: Settings) -> None:
    """No two VEVENTs share a UID, whatever a flavour or a recurrence adds to it (rule 3)."""
    seen: set[str] = set()
    for vevent in vevents:
        for uid in (vevent.uid, vevent.start_uid(settings)):
            if uid in seen:
                raise FeedError(
                    f"the UID {uid} would stand for two events (rule 3 of feeds).",
                    mend=f"Give the event {vevent.event.uid} another uid, without an ending that calfeed adds.",
                )
            seen.add(uid)


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
