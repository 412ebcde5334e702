"""Entries -> proposals: title, place, facets and, for each reading of the date, what would be published.

In: `Entry` values and the settings. Out: a `Proposal` for each, its drafts by reading, each value with its evidence.
Must not know: what the catalogue already has, disk, network and clock (the day of reading is an argument).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from itertools import pairwise
from textwrap import shorten

from msgspec.structs import replace

from calfeed.dates import MAX_LENGTH, Context, Field, Lent, find, interpret
from calfeed.dates.words import is_exact
from calfeed.errors import DateTextError
from calfeed.model import Draft, Entry, Interpretation, Period, Proposal, Provenance, Reading, Status, Token
from calfeed.normalise.facets import activities_of, facets_of, headings_within
from calfeed.normalise.slugs import slug
from calfeed.normalise.titles import date_text, title_of
from calfeed.places import Spot, place_in, place_of_cell
from calfeed.settings import Settings, Source
from calfeed.zones import in_words, offset, other_season

__all__ = ["UNDATED", "activities_of", "outline_terms", "propose", "propose_all", "slug"]

UNDATED = "undated"
# Sections of an activity that are told with its events, in the order of a page.
FOR_READERS = ("audience", "objectives", "registration", "contact")
SECTION_LIMIT = 600
# What stands between a word that opens a text ("CANCELLED") and the title.
_OPENING_ENDS = re.compile(r"\s*[\])}]?\s*(?:[:：|]|[-–—]\s)|\s*[\])}]")


def propose_all(
    entries: Sequence[Entry], settings: Settings, *, source: Source | None = None, reference: date
) -> tuple[Proposal, ...]:
    """The proposals of a source's entries, in order.

    `source` gives the readings that it prefers and its language; `reference` is the day on which the document is read.
    """
    return tuple(propose(entry, settings, reference=reference, source=source) for entry in entries)


def propose(entry: Entry, settings: Settings, *, reference: date, source: Source | None = None) -> Proposal:
    """What calfeed reads in an entry: drafts for each reading of its date, the default one first.

    The default is the date reader's own, unless the source prefers a rule that the entry offers. An entry that was
    stored is read again from its date words and the fields that were lent to them.
    """
    lang = (source.language if source else None) or entry.lang
    context = _context(entry, settings, reference, lang)
    found = entry.found or _read(entry, context)
    spans = found.spans or entry.spans
    alone = title_of(entry, entry.text, (*_opening(found), *spans))
    title = entry.title or alone
    spot = _place(entry, settings, lang, spans)
    facets, evidence = facets_of(entry, title, settings.facets, lang)
    zone = (source.timezone if source else None) or settings.site.timezone
    dated = [_zoned(reading, zone) for reading in found.readings if _has_days(reading)]
    readings = _preferred(dated, source)
    base = Draft(
        title=title,
        facets=facets,
        place=spot.name if spot else None,
        country=spot.country if spot else None,
        status=found.status or entry.status or Status.SCHEDULED,
        lang=lang,
        review=(*_review(entry, found), *_of_another_season(readings[:1], zone)),
        alternatives=readings[1:],
        provenance=Provenance(
            source=entry.source,
            entry=entry.text,
            outline=entry.outline,
            where=entry.where,
            date_text=entry.when or date_text(entry.text, found.spans),
            told=_told(entry, alone),
            sections=_for_readers(entry),
            evidence=evidence,
            reader=entry.reader,
        ),
    )
    drafts = {
        reading.rule: tuple(_standing(draft, found, context) for draft in _drafts(base, reading, readings))
        for reading in readings
    }
    return Proposal(entry=entry, interpretation=found, drafts=drafts or {UNDATED: (base,)})


def _context(entry: Entry, settings: Settings, reference: date, lang: str | None) -> Context:
    """What is known around an entry that stands alone; its section's own heading ("Calendar 2014") is one of its
    headings."""
    below = headings_within(entry)
    above = entry.headings[: len(entry.headings) - len(below)]
    lent = tuple(
        Lent(field=Field(one.field), value=int(one.value), origin=one.origin)
        for one in entry.lent
        if one.field in set(Field) and one.value.isdigit()
    )
    return Context(
        reference=reference,
        lang=lang,
        headings=tuple(reversed((*above, *entry.outline[-1:], *below))),
        settings=settings.dates,
        lent=lent,
    )


def _read(entry: Entry, context: Context) -> Interpretation:
    """How an entry that stands alone is understood: by its date words where they are known, else by its text."""
    told = _find(entry.text, context)
    if not entry.when:
        return told
    found = _find(entry.when, context)
    if not found.readings and len(entry.when) <= MAX_LENGTH:
        # A day that a heading gave its month: "6 & 7".
        found = interpret(entry.when, context)
    at = entry.text.find(entry.when)
    return replace(
        found,
        text=told.text,
        tokens=told.tokens,
        status=found.status or told.status,
        spans=((at, at + len(entry.when)),) if at >= 0 else (),
    )


def _for_readers(entry: Entry) -> dict[str, str]:
    """The sections that a page shows beside an event, each as far as a page has room for it."""
    said = ((name, " ".join(entry.sections.get(name, "").split())) for name in FOR_READERS)
    return {name: shorten(text, SECTION_LIMIT, placeholder=" …") for name, text in said if text}


def _told(entry: Entry, alone: str) -> dict[str, str]:
    """What the entry's own text does not say: it stood in a heading or a cell of its own."""
    told = {"title": entry.title if entry.title != alone else None, "place": entry.place}
    return {name: value for name, value in told.items() if value}


def outline_terms(drafts: Iterable[Draft]) -> dict[str, str]:
    """The headings behind the values of outline facets, by slug: "used-oils" is "Used Oils". Takes events too."""
    found: dict[str, str] = {}
    for draft in drafts:
        if draft.provenance is None:
            continue
        *themes, activity, _ = ("", "", *draft.provenance.outline)
        parts = activity.split("; ")
        headings = [*themes, activity]
        headings += ["; ".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)]
        named = {value for values in draft.facets.values() for value in values}
        for heading in headings:
            if heading and (key := slug(heading)) in named:
                found.setdefault(key, heading)
    return found


def _find(text: str, context: Context) -> Interpretation:
    try:
        return find(text, context)
    except DateTextError as error:
        return Interpretation(text=text, lang=context.lang, review=True, reasons=(str(error),))


def _opening(found: Interpretation) -> tuple[tuple[int, int], ...]:
    """Where a word such as "CANCELLED:" opens the text, which is no part of the event's name."""
    first = found.tokens[0] if found.tokens else None
    if first is None or first.role != "status" or not _OPENING_ENDS.match(found.text, first.end):
        return ()
    return ((first.start, first.end),)


def _standing(draft: Draft, found: Interpretation, context: Context) -> Draft:
    """The draft of what was postponed: with the exact date that it was moved to, from the one that its text names; or
    with the date that no longer holds."""
    if draft.status is not Status.POSTPONED or draft.period is None:
        return draft
    roles = [token.role for token in found.tokens]
    former = [token for token in found.tokens if token.role == "former"]
    if not former and not any(a == "status" and b in ("to", "from") for a, b in pairwise(roles)):
        return replace(draft, last_known=True)
    if not is_exact(draft.period):
        return draft
    return replace(draft, status=Status.SCHEDULED, moved_from=_former(draft.period, former, found.text, context))


def _former(period: Period, tokens: Sequence[Token], text: str, context: Context) -> Period | None:
    """The exact days that `tokens` name, with the year of `period` where they have none."""
    start = next((token.start for token in tokens if any(map(str.isdigit, token.text))), None)
    if start is None:
        return None
    year = str((period.start or period.end or context.reference).year)
    old = _find(text[start : tokens[-1].end], replace(context, headings=(year, *context.headings)))
    first = old.readings[0].periods[0] if old.readings and old.readings[0].periods else None
    return first if first is not None and is_exact(first) else None


def _has_days(reading: Reading) -> bool:
    """Whether each period of a reading has days; "monthly" alone is a recurrence without any."""
    return bool(reading.periods) and all(period.start or period.end for period in reading.periods)


def _zoned(reading: Reading, zone: str | None) -> Reading:
    """The reading with the zone of its source, or of the site, where its times have none of their own."""
    if zone is None or not any(period.times and period.zone is None for period in reading.periods):
        return reading
    periods = (
        replace(period, zone=zone) if period.times and period.zone is None else period for period in reading.periods
    )
    return replace(reading, periods=tuple(periods))


def _of_another_season(readings: Sequence[Reading], zone: str | None) -> Iterator[str]:
    """What is to be looked at where a text names the offset that its place has in the other half of the year."""
    for period in readings[0].periods if readings and zone else ():
        day, clock = period.start or period.end, (period.times or "").partition("/")[0]
        if not (day and clock and period.zone and zone) or period.zone == zone:
            continue
        at = time.fromisoformat(clock)
        if other_season(day, at, period.zone, zone):
            told, there = (in_words(offset(day, at, name)) for name in (period.zone, zone))
            yield f"The time is told by {told}, and {zone} has {there} on that day."
            return


def _preferred(readings: Sequence[Reading], source: Source | None) -> tuple[Reading, ...]:
    """The readings, that of the first rule which the source prefers put first."""
    for rule in source.prefer if source else ():
        chosen = next((reading for reading in readings if reading.rule == rule), None)
        if chosen is not None:
            return (chosen, *(reading for reading in readings if reading is not chosen))
    return tuple(readings)


def _drafts(base: Draft, reading: Reading, readings: Sequence[Reading]) -> tuple[Draft, ...]:
    assert base.provenance is not None
    parts = len(reading.periods)
    return tuple(
        replace(
            base,
            period=period,
            reading=reading.rule,
            alternatives=tuple(other for other in readings if other is not reading),
            provenance=replace(base.provenance, part=part, parts=parts, inferred=reading.inferred),
        )
        for part, period in enumerate(reading.periods, start=1)
    )


def _review(entry: Entry, found: Interpretation) -> tuple[str, ...]:
    reasons = [f"{note[0].upper()}{note[1:]}." for note in entry.damage]
    if found.review:
        reasons += found.reasons or ("The date can be understood in more than one way.",)
    return tuple(dict.fromkeys(reasons))


def _place(entry: Entry, settings: Settings, lang: str | None, spans: Sequence[tuple[int, int]]) -> Spot | None:
    if entry.place:
        known = place_of_cell(entry.place, lang, settings.places)
        return Spot(name=entry.place, country=(known.country if known else None) or entry.country)
    return place_in(entry.text, spans, lang, settings.places)
