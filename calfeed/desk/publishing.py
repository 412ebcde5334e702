"""From the draft to what everybody sees: the difference, the numbered editions, and their change log.

`data/published.toml` has a table for each edition that was published at the desk: number, instant, person, a sentence
for the change log, and what it changed in figures.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from enum import StrEnum
from pathlib import Path

import msgspec
import tomlkit
from msgspec import Struct

from calfeed import issuing
from calfeed.desk.draft import Desk, Made, Now
from calfeed.desk.edits import by_uid
from calfeed.desk.letter import width
from calfeed.desk.people import Person
from calfeed.errors import CalfeedError, Spot
from calfeed.feeds import RenderCache
from calfeed.model import Catalogue, Event, Instant
from calfeed.reconcile.life import fields_changed
from calfeed.reconcile.underway import under_way
from calfeed.settings import Settings
from calfeed.store.disk import replace_file

FILE = "published.toml"
LONGEST_SENTENCE = 300
_HEADER = "# The editions that were published at the desk, the newest last: the calendar's change log.\n\n"


class What(StrEnum):
    """How an event of the draft differs from what was published."""

    GONE = "cancelled"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"


class Unpublished(Struct, frozen=True, kw_only=True):
    """An event that the draft has otherwise than what was published. `by` are the persons whose steps those are."""

    what: What
    event: Event
    fields: dict[str, tuple[str, str]]
    by: tuple[str, ...]


class PublishedEdition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A numbered edition. The counts are of events."""

    number: int
    at: Instant
    by: str
    sentence: str = ""
    generation: str
    added: int = 0
    moved: int = 0
    changed: int = 0
    cancelled: int = 0


def unpublished(draft: Catalogue, published: Catalogue) -> tuple[Unpublished, ...]:
    """What *Publish* would change, in the draft's order."""
    before = by_uid(published.events)
    found = []
    for event in draft.events:
        old = before.pop(event.uid, None)
        if old is event or (old is not None and _alike(old, event)):
            continue
        if old is None and event.removed is not None:
            continue
        fields = fields_changed(old, event) if old else {}
        known = {(step.at, step.by) for step in old.history} if old else set()
        by = tuple(dict.fromkeys(step.by for step in event.history if step.by and (step.at, step.by) not in known))
        found.append(Unpublished(what=_what(old, event), event=event, fields=fields, by=by))
    left = (event for event in before.values() if event.removed is None)
    return (*found, *(Unpublished(what=What.GONE, event=event, fields={}, by=()) for event in left))


def _alike(old: Event, new: Event) -> bool:
    """Whether subscribers would see no difference."""
    return old.removed == new.removed and not fields_changed(old, new) and not under_way(new, old)


def _what(old: Event | None, new: Event) -> What:
    if old is None:
        return What.ADDED
    if new.removed is not None and old.removed is None:
        return What.GONE
    return What.MOVED if width(old.period) != width(new.period) or old.period != new.period else What.CHANGED


def editions_path(settings: Settings) -> Path:
    return settings.catalogue_path.with_name(FILE)


def editions(settings: Settings) -> tuple[PublishedEdition, ...]:
    """The numbered editions, the oldest first. Raises CalfeedError where the file cannot be read."""
    path = editions_path(settings)
    try:
        return msgspec.convert(
            tomllib.loads(path.read_text("utf-8-sig")).get("edition", []), tuple[PublishedEdition, ...]
        )
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CalfeedError(f"the change log cannot be read: {error}.", spot=Spot(path), mend="Correct it.") from error


def publish_draft(desk: Desk, person: Person, sentence: str) -> PublishedEdition:
    """Make everything of the draft public as a new edition. Raises CalfeedError; then the old one stays."""
    sentence = " ".join(sentence.split())
    if len(sentence) > LONGEST_SENTENCE:
        raise CalfeedError(
            f"the sentence has {len(sentence)} characters, {LONGEST_SENTENCE} at most are kept.",
            mend="Make it shorter.",
        )
    settings, cache = desk.settings, RenderCache()

    def work(catalogue: Catalogue, now: Now) -> Made:
        return Made(catalogue=issuing.prepared(catalogue, settings, now=now.at, cache=cache))

    desk.change(person, "published", work)
    catalogue = desk.catalogue()
    counts = Counter(one.what for one in unpublished(catalogue, desk.published()))
    generation, _changed = issuing.issue(catalogue, settings, now=desk.clock(), cache=cache)
    known = editions(settings)
    edition = PublishedEdition(
        number=known[-1].number + 1 if known else 1,
        at=desk.clock(),
        by=person.name,
        sentence=sentence,
        generation=generation.id,
        added=counts[What.ADDED],
        moved=counts[What.MOVED],
        changed=counts[What.CHANGED],
        cancelled=counts[What.GONE],
    )
    _write((*known, edition), editions_path(settings))
    return edition


def _write(known: tuple[PublishedEdition, ...], path: Path) -> None:
    tables = tomlkit.aot()
    for edition in known:
        table = tomlkit.table()
        for name, value in msgspec.structs.asdict(edition).items():
            if value or name in ("number", "generation"):
                table.add(name, value)
        tables.append(table)
    document = tomlkit.document()
    document.add("edition", tables)
    replace_file(path, (_HEADER + tomlkit.dumps(document)).encode("utf-8"))
