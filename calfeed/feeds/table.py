"""Events -> CSV (RFC 4180, UTF-8, with a header). A byte order mark says so to Excel, which else breaks its letters."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable

from calfeed.dates.spoken import rule_words
from calfeed.feeds.citation import place_of, source_of
from calfeed.feeds.ics import status, uid_of
from calfeed.feeds.text import clean_line, clean_title, clean_url
from calfeed.feeds.when import edtf
from calfeed.feeds.wording import event_address, location, value_names
from calfeed.model import Event
from calfeed.occurrences import exact, occurrences
from calfeed.settings import Settings

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def header(settings: Settings) -> bytes:
    """Names of the columns; a facet's name is one too."""
    facets = [facet.name for facet in settings.facets]
    return codecs.BOM_UTF8 + _row([
        "uid", "title", "start", "end", "times", "zone", "recurrence", "exact", "precision",
        "qualifier", "edtf", "date_text", "status", *facets,
        "place", "country", "url", "source", "where", "modified",
    ])  # fmt: skip


def row(event: Event, settings: Settings, lang: str) -> bytes:
    """One event. `start` and `end` are the days shown, both included, empty without a date."""
    days = occurrences(event)
    period, told = event.period, event.provenance
    return _row([
        uid_of(event, settings),
        clean_title(event.title),
        days[0].first.isoformat() if days else "",
        days[-1].last.isoformat() if days else "",
        (period.times or "") if period else "",
        (period.zone or "") if period else "",
        rule_words(period.rrule, lang) or period.rrule if period and period.rrule else "",
        "yes" if exact(event) else "no",
        str(period.precision) if period else "",
        str(period.qualifier or "") if period else "",
        (edtf(period) or "") if period else "",
        clean_line(told.date_text) if told else "",
        status(event),
        *("; ".join(value_names(event, facet, lang)) for facet in settings.facets),
        location(event) or "",
        event.country or "",
        clean_url(event.url) or event_address(event, settings),
        source_of(event, settings)[0] if told else "",
        place_of(event, settings, lang),
        f"{event.revision.modified:%Y-%m-%dT%H:%M:%SZ}",
    ])  # fmt: skip


def neutral(cell: str) -> str:
    """`cell`, which no spreadsheet takes for a formula: an apostrophe before what looks like one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([neutral(cell) for cell in cells])
    return out.getvalue().encode()
