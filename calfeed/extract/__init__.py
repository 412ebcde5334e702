"""Document -> entries: the items of its calendar sections, each with the outline above it.

In: a `Document` and the names of sections. Out: `Entry` values, in the document's order. Must not know: how dates are
read (only where one stands, `dated.py`), facets, settings, disk and network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from calfeed.errors import NoCalendarError, Spot
from calfeed.extract.calendar import Calendar, Item, Leftover, calendar_of
from calfeed.extract.dated import DateWords, date_words
from calfeed.extract.headings import TITLE, Heading, may_be_heading
from calfeed.extract.joining import vocabulary_of
from calfeed.extract.lines import Line, lines_of
from calfeed.extract.outline import BACKGROUND, Section, sections_of, text_of
from calfeed.extract.sections import CALENDAR, SectionNames
from calfeed.model import BlockKind, Document, Entry

# So many headings are enough for a message.
_NAMED = 3

__all__ = ["Extraction", "extract", "survey"]


class Extraction(Struct, frozen=True, kw_only=True):
    """What the calendar sections of a document hold: the entries, and the lines that are none."""

    entries: tuple[Entry, ...]
    leftovers: tuple[Leftover, ...]


class _Activity(Struct):
    """A heading's sections, gathered."""

    path: tuple[Heading, ...]
    texts: dict[str, str]
    calendars: list[tuple[Section, Calendar]]
    stacked: bool = False
    named: bool = False


def extract(document: Document, sections: Mapping[str, Sequence[str]], *, anywhere: bool = False) -> tuple[Entry, ...]:
    """The entries of a document's calendar sections.

    `sections` maps a section's canonical name ("calendar", "audience") to the names that documents give it. With
    `anywhere`, items that name a date count outside calendar sections too.

    Raises NoCalendarError where no part of the document is a calendar section.
    """
    return survey(document, sections, anywhere=anywhere).entries


def survey(document: Document, sections: Mapping[str, Sequence[str]], *, anywhere: bool = False) -> Extraction:
    """As `extract`, with the lines of calendar sections that are no entry."""
    dates = date_words(document.lang)
    lines = lines_of(document, dates)
    vocabulary = vocabulary_of([line.text for line in lines])
    measure = _measure(lines)
    found = sections_of(lines, SectionNames(sections), dates, measure, vocabulary)
    if not anywhere and not any(section.name and section.name.canonical == CALENDAR for section in found):
        raise NoCalendarError(
            "no part of this document is a calendar section.",
            spot=Spot(document.source),
            mend="Give its heading a name that [sections] calendar in calfeed.toml lists"
            f"{_over_dates(lines, dates)}, or take any dated item with --anywhere.",
        )
    activities = _activities(found, dates, measure, vocabulary, anywhere=anywhere)
    above = _common(activities)
    entries: list[Entry] = []
    leftovers: list[Leftover] = []
    waiting: list[_Activity] = []
    for activity in activities:
        if not activity.calendars:
            waiting.append(activity)
            continue
        shared = [other for other in waiting if _shares(other, activity)]
        # Only those directly before it: one that shares nothing ends the run.
        shared = shared[-_run(waiting, activity) :] if _run(waiting, activity) else []
        waiting.clear()
        for section, calendar in activity.calendars:
            entries.extend(_entry(document, item, activity, shared, section, above) for item in calendar.items)
            leftovers.extend(calendar.leftovers)
    return Extraction(entries=tuple(entries), leftovers=tuple(leftovers))


def _over_dates(lines: Sequence[Line], dates: DateWords) -> str:
    """Which headings stand directly over dated items, for a message: " (dated items stand below ...)", or ""."""
    found: dict[str, None] = {}
    for line, below in pairwise(lines):
        dated = dates.has_date(below.text) and (below.marker or below.kind is BlockKind.ROW or ":" in below.text)
        short = (
            may_be_heading(line, dates) and not dates.has_date(line.text) and not line.marker and ":" not in line.text
        )
        if dated and short and not below.text.endswith("."):
            found.setdefault(line.text)
    named = ", ".join(f'"{text}"' for text in list(found)[:_NAMED])
    return f" (dated items stand below {named})" if named else ""


def _activities(
    sections: Sequence[Section], dates: DateWords, measure: int, vocabulary: frozenset[str], *, anywhere: bool
) -> list[_Activity]:
    found: list[_Activity] = []
    for section in sections:
        if not found or found[-1].path != section.path:
            found.append(_Activity(section.path, {}, [], stacked=section.name is None and not section.lines))
        activity = found[-1]
        activity.named = activity.named or section.name is not None
        if section.name is None and section.lines and not section.path:
            canonical = None
        else:
            canonical = section.name.canonical if section.name else BACKGROUND if section.lines else None
        if canonical == CALENDAR:
            activity.calendars.append((section, calendar_of(section.lines, dates, measure, vocabulary)))
        elif anywhere and section.lines:
            calendar = calendar_of(section.lines, dates, measure, vocabulary)
            items = tuple(item for item in calendar.items if _is_dated(item.text, dates))
            activity.calendars.append((section, Calendar(items=items, leftovers=())))
        if canonical in (None, CALENDAR):
            continue
        if canonical not in activity.texts:
            activity.texts[canonical] = text_of(section, vocabulary)
        else:
            activity.texts[canonical] += f" {text_of(section, vocabulary)}"
    return found


def _is_dated(text: str, dates: DateWords) -> bool:
    """Whether a date stands where the date of an item does, and the text is no sentence about the past."""
    sentence = text.endswith((".", "。")) and ":" not in text
    fields = text.replace("：", ":").split(":")
    return not sentence and (dates.ends(text) or any(dates.starts(field) for field in fields))


def _common(activities: Sequence[_Activity]) -> int:
    """How many headings stand above the themes: the document's title, and what all activities stand under where two
    more levels remain."""
    paths = [activity.path for activity in activities if activity.calendars and activity.path]
    titled = min((sum(heading.style == TITLE for heading in path) for path in paths), default=0)
    depth = min(map(len, paths), default=0)
    same = 0
    while len(paths) > 1 and same < depth - 2 and len({path[same].text for path in paths}) == 1:
        same += 1
    return max(titled, same)


def _run(waiting: Sequence[_Activity], activity: _Activity) -> int:
    """How many activities directly before this one share its calendar."""
    count = 0
    for other in reversed(waiting):
        if not _shares(other, activity):
            break
        count += 1
    return count


def _shares(other: _Activity, activity: _Activity) -> bool:
    """Whether an activity without a calendar stands under the one of a later activity: a sibling that only has an
    introduction, or sections that the later one lacks."""
    if not other.path or other.path[:-1] != activity.path[:-1]:
        return False
    if other.stacked and not other.texts:
        return True
    return other.named and not (set(other.texts) & set(activity.texts) - {BACKGROUND})


def _entry(
    document: Document, item: Item, activity: _Activity, shared: Sequence[_Activity], section: Section, above: int
) -> Entry:
    higher = [heading.text for heading in activity.path[:-1]]
    title, themes = higher[:above], higher[above:]
    names = [other.path[-1].text for other in shared] + [heading.text for heading in activity.path[-1:]]
    texts: dict[str, str] = {}
    for other in (*shared, activity):
        for canonical, text in other.texts.items():
            texts[canonical] = f"{texts[canonical]} {text}" if canonical in texts else text
    own = section.name.heading if section.name else ""
    return Entry(
        source=document.source,
        outline=(*themes[:1], *(["; ".join(names)] if names else []), own),
        text=item.text,
        where=item.where,
        headings=(*title, *themes, *names, *item.headings),
        sections=texts,
        columns=item.columns,
        damage=item.damage,
        lang=document.lang,
    )


def _measure(lines: Sequence[Line]) -> int:
    """The width of the document's text: that which all but the widest twentieth of its full lines keep."""
    widths = sorted(line.width for line in lines if line.width > 30)
    return widths[min(len(widths) - 1, int(len(widths) * 0.95))] if widths else 80
