"""From a source's bytes to the catalogue: the one line of steps that `import`, `diff`, `approve` and the refresh share.

    bytes --sources.read_source--> entries --reconcile--> catalogue --store.save-->

In: settings, sources, the instant, a maker of UIDs and a fetcher. Out: a `Plan`; `carry_out` writes it. Must not know:
feeds, the web, terminals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from calfeed import store
from calfeed.errors import CalfeedError, DocumentError, Spot
from calfeed.fetch import Fetched
from calfeed.model import Catalogue, Entry, Proposal
from calfeed.normalise import propose, slug
from calfeed.normalise.activities import activity_of, with_activity
from calfeed.reconcile import (
    Conflict,
    Difference,
    Held,
    Kind,
    Proposer,
    Reconciliation,
    depart,
    reconcile,
    resume,
    settle,
)
from calfeed.reconcile.decided import Decided, Decision
from calfeed.reconcile.match import plain
from calfeed.settings import Settings, Source
from calfeed.sources import SourceReading, day_of, read_source

# A document is a new edition where so large a share of its entries, and so many at least, are known by their titles.
SAME_EDITION = 0.6
SAME_AT_LEAST = 2

Fetcher = Callable[[Source], Fetched]


def new_uid() -> str:
    """A UID that was never used: 122 random bits (RFC 4122 version 4)."""
    return str(uuid4())


class Plan(Struct, frozen=True, kw_only=True):
    """What an import would do: the catalogue as it is stored, and as it would be. `results` and `readings` are by
    source id. `missing` are the UIDs of what was published and is not in the file any more, `departure` what becomes of
    them. `decisions` are those of editors, about entries of any source."""

    stored: store.Stored
    catalogue: Catalogue
    differences: tuple[Difference, ...] = ()
    results: dict[str, Reconciliation] = {}
    missing: frozenset[str] = frozenset()
    departure: Reconciliation | None = None
    readings: dict[str, SourceReading] = {}
    decisions: tuple[Decision, ...] = ()

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(conflict for result in self.results.values() for conflict in result.conflicts)

    @property
    def held(self) -> tuple[Held, ...]:
        left = (self.departure,) if self.departure else ()
        return tuple(held for result in (*left, *self.results.values()) for held in result.held)


def begin(settings: Settings, *, now: datetime, uids: Callable[[], str] = new_uid) -> Plan:
    """The catalogue on disk with what editors did to it by hand taken in, and what was published put back where it is
    missing, until `finish` says what becomes of that.

    An event that cannot be read keeps the version that was published, until its editor has mended it; `stored.faults`
    names it. Raises CatalogueError that names file, line, column and field where nothing can be used."""
    on_disk = store.load(settings.catalogue_path, strict=False)
    stored = store.complete(on_disk, now=now, new_uid=uids)
    published = store.published(settings.feeds_path, settings.state_path)
    catalogue, missing = stored.catalogue, frozenset[str]()
    if published is not None:
        catalogue, missing = resume(catalogue, published, now=now, settings=settings)
        missing -= stored.unread
    read_again = proposer(catalogue, settings, now.date())
    by_hand = settle(catalogue, now=now, new_uid=uids, settings=settings, base=read_again)
    known = {event.uid for event in on_disk.catalogue.events} | missing
    seen = {difference.event.uid for difference in by_hand.differences}
    own = by_hand.catalogue.events if on_disk.unfinished else ()
    written = (
        Difference(kind=Kind.ADDED, after=event) for event in own if event.uid not in known and event.uid not in seen
    )
    differences = (*by_hand.differences, *written)
    decisions = store.load_decisions(settings.decisions_path)
    return Plan(
        stored=stored, catalogue=by_hand.catalogue, differences=differences, missing=missing, decisions=decisions
    )


def add(
    plan: Plan,
    source: Source,
    fetched: Fetched,
    settings: Settings,
    *,
    now: datetime,
    uids: Callable[[], str] = new_uid,
    approved: bool = False,
    asking: bool = False,
) -> Plan:
    """The plan with one source's new edition in it. `fetched.content` is not None; with `asking`, the
    settings' language model is asked about it.

    Raises DocumentError for what is no document, or could not be read within its limits."""
    read = read_source(source, fetched, settings, known=plan.catalogue.editions, now=now, asking=asking)
    if not read.accepted and not read.suggested:
        raise DocumentError(
            "nothing in this document reads like an event.",
            spot=Spot(source.name),
            mend="See what calfeed makes of it with `calfeed entries FILE --explain`.",
        )
    read = _decided(read, Decided(plan.decisions, source.id))
    result = reconcile(
        plan.catalogue,
        read.accepted,
        source=source.id,
        edition=read.edition,
        now=now,
        new_uid=uids,
        settings=settings if settings.source(source.id) else replace(settings, sources=(*settings.sources, source)),
        base=proposer(plan.catalogue, settings, now.date()),
        approved=approved,
    )
    return replace(
        plan,
        catalogue=result.catalogue,
        differences=(*plan.differences, *result.differences),
        results=plan.results | {source.id: result},
        readings=plan.readings | {source.id: read},
    )


def _decided(read: SourceReading, decided: Decided) -> SourceReading:
    """What was read, as editors decided on entries: rejected ones are out, suggestions that they took are in."""
    taken = tuple(one for one in read.suggested if decided.accepts(one) and not decided.rejects(one))
    open_ = tuple(one for one in read.suggested if not decided.accepts(one) and not decided.rejects(one))
    return replace(read, accepted=decided.left((*read.accepted, *taken)), suggested=open_)


class Likeness(Struct, frozen=True, kw_only=True):
    """A source that a document seems to be a new edition of: `alike` of the document's `entries` are in it already."""

    source: Source
    alike: int
    entries: int


def likely_edition(
    plan: Plan, source: Source, fetched: Fetched, settings: Settings, *, now: datetime
) -> Likeness | None:
    """The known source that a document under another name is most likely a new edition of: most of its entries have
    the titles of that source's events. None where there is no such source, or where the document is a known one."""
    known = {edition.source for edition in plan.catalogue.editions}
    if source.id in known or settings.source(source.id):
        return None
    proposals = read_source(source, fetched, settings, known=plan.catalogue.editions, now=now).accepted
    titles = [plain(next(iter(proposal.drafts.values()))[0].title) for proposal in proposals]
    events: dict[str, set[str]] = defaultdict(set)
    for event in plan.catalogue.events:
        if event.provenance and event.removed is None:
            events[event.provenance.source].add(plain(event.title))
    alike = {name: sum(title in events[name] for title in titles) for name in sorted(known & events.keys())}
    best = max(alike, key=alike.__getitem__, default=None)
    if best is None or alike[best] < max(SAME_AT_LEAST, SAME_EDITION * len(titles)):
        return None
    named = settings.source(best) or Source(id=best, title=best, path=source.path)
    same = replace(named, path=source.path, url=source.url)
    return Likeness(source=same, alike=alike[best], entries=len(titles))


def finish(plan: Plan, settings: Settings, *, now: datetime, approved: bool = False) -> Plan:
    """The plan with what becomes of the events that are missing in the file: what a source has again stays."""
    read = plan.results.keys()
    missing = {
        event.uid
        for event in plan.catalogue.events
        if event.uid in plan.missing and (event.provenance is None or event.provenance.source not in read)
    }
    empty = not plan.stored.catalogue.events
    left = depart(plan.catalogue, missing, empty=empty, now=now, settings=settings, approved=approved)
    return replace(plan, catalogue=left.catalogue, differences=(*plan.differences, *left.differences), departure=left)


def carry_out(plan: Plan, settings: Settings) -> bool:
    """Write the plan's catalogue; whether that changed a byte. What is only suggested is kept beside it."""
    for source, read in plan.readings.items():
        store.suggest(source, read.suggested, settings.suggested_path)
    return store.save(plan.stored, plan.catalogue, settings.catalogue_path)


def proposer(catalogue: Catalogue, settings: Settings, today: date) -> Proposer:
    """Reads a stored entry again, alone, as of the day of its edition, its title as the catalogue has it: with the
    activity or without."""
    days = {edition.source: day_of(edition) for edition in catalogue.editions}
    under = {
        (told.source, told.outline, told.entry)
        for event in catalogue.events
        if (told := event.provenance) and event.title.startswith(f"{activity_of(told.outline)}: ")
    }

    def read_again(entry: Entry) -> Proposal:
        reference, source = days.get(entry.source, today), settings.source(entry.source)
        proposal = propose(entry, settings, reference=reference, source=source)
        return with_activity(proposal, settings) if (entry.source, entry.outline, entry.text) in under else proposal

    return read_again


def sources_of(
    settings: Settings, names: Sequence[str], *, folder: Path, edition_of: str | None = None
) -> list[Source]:
    """The sources that a command names: by id, or by a path from `folder`; without any, those of the settings.

    `edition_of` is the id of the source that a path is a new edition of. A path that no source has becomes a source of
    its own, named after the file. Raises CalfeedError for an id that is not configured or where nothing is."""
    if edition_of is not None:
        known = settings.source(edition_of)
        if known is None:
            raise _unknown(edition_of, settings)
        if len(names) != 1:
            raise CalfeedError("an edition is one file.", mend="Name one file with --as.")
        return [replace(known, path=str((folder / names[0]).resolve()), url=None)]
    if not names:
        if not settings.sources:
            raise CalfeedError("no source is configured.", mend="Name a file, or add [[sources]] to calfeed.toml.")
        return list(settings.sources)
    return [_source(settings, name, folder) for name in names]


def _source(settings: Settings, name: str, folder: Path) -> Source:
    known = settings.source(name)
    path = (folder / name).resolve()
    if known is not None and not path.exists():
        return known
    for source in settings.sources:
        if source.path is not None and (Path(settings.folder) / source.path).resolve() == path:
            return source
    if known is not None:
        return known
    if "://" in name:
        raise CalfeedError(
            "an address is fetched only as a configured source.",
            spot=Spot(name[:200]),
            mend="Add it to [[sources]] in calfeed.toml with `url`.",
        )
    made = slug(path.stem)[:120].strip("-") or "document"
    while settings.source(made):
        made += "-2"
    return Source(id=made, title=path.stem, path=str(path))


def _unknown(name: str, settings: Settings) -> CalfeedError:
    ids = ", ".join(source.id for source in settings.sources) or "none"
    return CalfeedError(f"there is no source {name!r}.", mend=f"The sources of calfeed.toml are: {ids}.")
