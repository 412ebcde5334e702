"""A small programme in memory: entries as "title: month, month", read by a reader as plain as can be."""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from calfeed.model import (
    Catalogue,
    Draft,
    Edition,
    Entry,
    Evidence,
    Interpretation,
    Period,
    Precision,
    Proposal,
    Provenance,
    Reading,
    Where,
)
from calfeed.reconcile import Reconciliation, reconcile
from calfeed.settings import Settings, parse_settings

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ACTIVITY = ("Wastes", "E-waste", "Calendar of events")
SETTINGS_TEXT = """
[site]
name = "Sample"

[[sources]]
id = "programme"
title = "Programme"
path = "programme.txt"

[[facets]]
name = "convention"
plural = "conventions"
title = "Convention"
feeds = true
"""


def settings(text: str = "") -> Settings:
    return parse_settings(SETTINGS_TEXT + text, source="calfeed.toml", folder=Path())


def month(words: str) -> Period:
    year, _, number = words.partition("-")
    if not number:
        return Period(start=date(int(year), 1, 1), end=date(int(year), 12, 31), precision=Precision.YEAR)
    last = monthrange(int(year), int(number))[1]
    return Period(
        start=date(int(year), int(number), 1), end=date(int(year), int(number), last), precision=Precision.MONTH
    )


def propose(entry: Entry) -> Proposal:
    """`Title: 2013-07, 2014` gives an event each; where a month and a year stand together, "each-year" is offered."""
    title, _, date_text = entry.text.rpartition(": ") if re.search(r": \d", entry.text) else (entry.text, "", "")
    words = re.findall(r"\d{4}(?:-\d\d)?", date_text)
    plain = [month(word) for word in words]
    readings = {"list" if len(words) > 1 else "single" if words else "undated": plain}
    mixed = len(words) > 1 and "-" in words[0] and any("-" not in word for word in words[1:])
    if mixed:
        readings["each-year"] = [month(word if "-" in word else word + words[0][4:]) for word in words]
    review = ("Does the month hold in every year?",) if mixed else ()
    drafts = {
        rule: _drafts(entry, title, date_text, rule, periods, readings, review) for rule, periods in readings.items()
    }
    return Proposal(
        entry=entry, interpretation=Interpretation(text=entry.text, review=mixed, reasons=review), drafts=drafts
    )


def _drafts(
    entry: Entry,
    title: str,
    date_text: str,
    rule: str,
    periods: list[Period],
    readings: dict[str, list[Period]],
    review: tuple[str, ...],
) -> tuple[Draft, ...]:
    alternatives = tuple(Reading(rule=name, periods=tuple(each)) for name, each in readings.items() if name != rule)
    convention = next((name for name in ("basel", "rotterdam") if name in entry.text.lower()), None)
    return tuple(
        Draft(
            title=title,
            period=period,
            facets={"convention": (convention,)} if convention else {},
            reading=rule if date_text else None,
            alternatives=alternatives,
            review=review,
            provenance=Provenance(
                source=entry.source,
                entry=entry.text,
                outline=entry.outline,
                where=entry.where,
                date_text=date_text,
                part=part,
                parts=max(1, len(periods)),
                evidence=(Evidence(facet="convention", value=convention, words="the entry names it"),)
                if convention
                else (),
            ),
        )
        for part, period in enumerate(periods or [None], start=1)
    )


def entries(
    lines: Iterable[str | tuple[tuple[str, ...], str]], *, source: str = "programme", first: int = 1
) -> list[Entry]:
    """Entries of one activity, or of the outline that stands before the text."""
    found = []
    for number, line in enumerate(lines, start=first):
        outline, text = (ACTIVITY, line) if isinstance(line, str) else line
        found.append(Entry(source=source, outline=outline, text=text, where=Where(lines=(number, number))))
    return found


def uids() -> Callable[[], str]:
    counter = itertools.count(1)
    return lambda: f"uid-{next(counter)}"


def read(
    old: Catalogue,
    lines: Iterable[str | tuple[tuple[str, ...], str]],
    new_uid: Callable[[], str],
    *,
    now: datetime = NOW,
    first: int = 1,
    approved: bool = False,
    using: Settings | None = None,
) -> Reconciliation:
    """Import the programme that has these entries."""
    lines = list(lines)
    return reconcile(
        old,
        [propose(entry) for entry in entries(lines, first=first)],
        source="programme",
        edition=Edition(source="programme", digest=sha256(repr((first, lines)).encode()).hexdigest(), read=now),
        now=now,
        new_uid=new_uid,
        settings=using or settings(),
        base=propose,
        approved=approved,
    )
