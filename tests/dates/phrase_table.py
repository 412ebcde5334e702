"""Tables of phrases, one line a case: phrase | days | notes.

Days: "2014-05-12", "2014-05-05 to 2014-05-09", "from 2013-06-01", "until 2015-12-31"; several with "; " between;
"no date". Notes, with ", " between them and in any order: the qualifier, "review", "ongoing", "or RULE" for each
alternative, a status, a count ("2 events"), a recurrence, "not DAY" that it leaves out, a duration, times of day,
"relative to EVENT", "unread WORDS".
A line "# lang: fr" or "# reference: 2013-03-13" sets what follows; other lines with # are comments.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from calfeed.dates import Context
from calfeed.model import Interpretation, Period

FOLDER = Path(__file__).parent / "phrases"


class Case(NamedTuple):
    place: str
    phrase: str
    days: str
    notes: frozenset[str]
    context: Context


def cases(name: str) -> list[Case]:
    """The cases of one table."""
    settings: dict[str, str] = {"reference": "2013-03-13"}
    found = []
    for number, line in enumerate((FOLDER / name).read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            key, colon, value = line[1:].partition(":")
            if colon and key.strip() in ("lang", "reference", "span"):
                settings[key.strip()] = value.strip()
            continue
        if not line.strip():
            continue
        phrase, days, notes = (part.strip() for part in line.split(" | "))
        span = settings.get("span", "").split("-")
        context = Context(
            reference=date.fromisoformat(settings["reference"]),
            lang=settings.get("lang") or None,
            span=(int(span[0]), int(span[1])) if len(span) == 2 else None,
        )
        found.append(Case(f"{name}:{number}", phrase, days, frozenset(filter(None, notes.split(", "))), context))
    return found


def days_of(told: Interpretation) -> str:
    """The default reading's days, as the tables have them."""
    periods = told.readings[0].periods if told.readings else ()
    return "; ".join(_days(period) for period in periods if period.start or period.end) or "no date"


def _days(period: Period) -> str:
    if period.end is None:
        return f"from {period.start}"
    if period.start is None:
        return f"until {period.end}"
    return str(period.start) if period.start == period.end else f"{period.start} to {period.end}"


def notes_of(told: Interpretation) -> frozenset[str]:
    """All else that the tables have."""
    periods = told.readings[0].periods if told.readings else ()
    notes = {str(period.qualifier) for period in periods if period.qualifier}
    notes |= {note for period in periods for note in (period.rrule, period.duration, period.times) if note}
    notes |= {f"not {day}" for period in periods for day in period.exdates}
    notes |= {f"or {reading.rule}" for reading in told.readings[1:]}
    if told.review:
        notes.add("review")
    if told.ongoing:
        notes.add("ongoing")
    if told.status:
        notes.add(str(told.status))
    if told.count:
        notes.add(f"{told.count} events")
    if told.anchor:
        notes.add(f"relative to {told.anchor}")
    if told.unread:
        notes.add(f"unread {' '.join(told.unread)}")
    return frozenset(notes)
