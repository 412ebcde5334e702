"""What an editor does to events, as functions from values to values: forms, three-way merges, undo.

In: events, what a form shows and what came back. Out: events that `reconcile.settle` takes in. Must not know: requests,
files, who asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from calfeed.dates import Context, interpret
from calfeed.dates.words import words
from calfeed.errors import CalfeedError
from calfeed.model import Change, Draft, Event, Interpretation, Period, Revision, Status
from calfeed.reconcile import Kind
from calfeed.reconcile.life import SEEN, cancel, fields_changed, revise, stamp, value_of
from calfeed.settings import Facet, Settings
from calfeed.store.values import misfit
from calfeed.zones import zone

# The fields of the form, in its order; facets follow, each as "facet.NAME".
FIELDS = ("title", "date", "times", "zone", "place", "country", "status", "note", "url")
LONGEST = 2_000
# What undoing a step puts back.
RESTORED = (
    "title", "period", "facets", "place", "country", "status", "note", "url", "lang", "review", "reading",
    "alternatives", "edited", "provenance", "removed", "moved_from", "last_known", "over",
)  # fmt: skip
_CLOCK = re.compile(r"\s*(\d{1,2})[:.h](\d\d)\s*")


class FieldError(CalfeedError):
    """What stands in a field of a form cannot be taken."""

    code = "field"

    def __init__(self, field: str, what: str, *, mend: str | None = None) -> None:
        super().__init__(what, mend=mend)
        self.field = field


class Clash(NamedTuple):
    """A field that two people changed: what it was when the form was made, what this one wants, what it is now."""

    field: str
    base: str
    mine: str
    theirs: str


def form_of(event: Event | Draft, settings: Settings, lang: str) -> dict[str, str]:
    """What the form shows of an event, each field as the text that stands in it."""
    period = event.period
    days = replace(period, times=None, zone=None, continuous=False) if period else None
    shown = {
        "title": event.title,
        "date": words(days, lang, long=True) if days else "",
        "times": (period.times or "").replace("/", "–") if period else "",
        "zone": (period.zone or "") if period else "",
        "place": event.place or "",
        "country": event.country or "",
        "status": event.status.value,
        "note": (event.note or "") if isinstance(event, Event) else "",
        "url": (event.url or "") if isinstance(event, Event) else "",
    }
    return shown | {f"facet.{facet.name}": ", ".join(event.facets.get(facet.name, ())) for facet in settings.facets}


def three_way(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Clash, ...]]:
    """What a form changes, `base` being what it showed and `theirs` what is there now; and where both sides did.

    A field that both have brought to the same text is no clash."""
    changed, clashes = {}, []
    for name, text in mine.items():
        before, now = base.get(name, ""), theirs.get(name, "")
        if _plain(text) == _plain(before) or _plain(text) == _plain(now):
            continue
        if _plain(now) != _plain(before):
            clashes.append(Clash(name, before, text, now))
        else:
            changed[name] = text
    return changed, tuple(clashes)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def read_date(text: str, *, lang: str | None, today: date, settings: Settings) -> Interpretation:
    """What calfeed makes of a date that an editor types. Raises DateTextError for a text that is far too long."""
    return interpret(text.strip(), Context(reference=today, lang=lang, settings=settings.dates))


def changed_by(
    event: Event, changed: Mapping[str, str], settings: Settings, *, lang: str, today: date
) -> tuple[Event, tuple[Period, ...]]:
    """The event with the fields of a form that were changed, and further periods where its date names several.

    Raises CalfeedError that names the field, for what cannot be read or published."""
    values: dict[str, Any] = {}
    for name, text in changed.items():
        if len(text) > LONGEST:
            raise _refused(name, f"it has {len(text):,} characters, {LONGEST:,} at most are kept")
        if name.startswith("facet."):
            facet = settings.facet(name.removeprefix("facet."))
            if facet is None:
                raise _refused(name, "there is no such facet")
            facets = values.get("facets", event.facets)
            values["facets"] = facets | {facet.name: _values(text, facet)}
        elif name in _READERS:
            values[_READERS[name][0]] = _READERS[name][1](_plain(text))
    period, more = _period(event.period, changed, lang, today, settings)
    if set(changed) & {"date", "times", "zone"}:
        values["period"] = period
        if "date" in changed and event.review:
            values["review"] = ()
    after = replace(event, **values)
    if (wrong := misfit(after)) is not None:
        raise _refused(".".join(wrong.path), wrong.what)
    return after, more


def _title(text: str) -> str:
    if not text:
        raise _refused("title", "an event needs a title")
    return " ".join(text.split())


def _country(text: str) -> str | None:
    if text and not re.fullmatch(r"[A-Za-z]{2}", text):
        raise _refused("country", "a country is two letters such as CH (ISO 3166)")
    return text.upper() or None


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError as error:
        raise _refused("status", f"it is one of {', '.join(Status)}") from error


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "title": ("title", _title),
    "place": ("place", lambda text: text or None),
    "country": ("country", _country),
    "status": ("status", _status),
    "note": ("note", lambda text: text or None),
    "url": ("url", lambda text: text or None),
}


def _values(text: str, facet: Facet) -> tuple[str, ...]:
    """The values of a facet in a form's text, each known to the settings where those name any."""
    named = {term.name.casefold(): term.id for term in facet.values} | {term.id: term.id for term in facet.values}
    found = [part.strip() for part in text.split(",") if part.strip()]
    values = tuple(dict.fromkeys(named.get(part.casefold(), part) for part in found))
    strange = [value for value in values if facet.values and value not in named.values()]
    if strange and not facet.outline:
        raise _refused(f"facet.{facet.name}", f"{strange[0]!r} is none of {', '.join(t.id for t in facet.values)}")
    return values


def _period(
    before: Period | None, changed: Mapping[str, str], lang: str, today: date, settings: Settings
) -> tuple[Period | None, tuple[Period, ...]]:
    """The period that the fields date, times and zone give together, and the further ones that the date names."""
    period: Period | None = before
    more: tuple[Period, ...] = ()
    if "date" in changed:
        period, more = _dates(_plain(changed["date"]), lang, today, settings)
        if period and before and period.times is None and before.times and not period.rrule:
            period = replace(period, times=before.times, zone=before.zone)
    if period is None:
        if any(_plain(changed.get(name, "")) for name in ("times", "zone")):
            raise _refused("times", "an event without a date has no time of day")
        return None, ()
    if "times" in changed:
        times = clock_times(changed["times"])
        period = replace(period, times=times, zone=period.zone if times else None)
        more = tuple(replace(one, times=times, zone=period.zone) for one in more)
    if "zone" in changed:
        name = _plain(changed["zone"]) or None
        try:
            zone(name or "UTC")
        except ValueError as error:
            raise _refused("zone", str(error)) from error
        period, more = replace(period, zone=name), tuple(replace(one, zone=name) for one in more)
    return period, more


def _dates(text: str, lang: str, today: date, settings: Settings) -> tuple[Period | None, tuple[Period, ...]]:
    if not text:
        return None, ()
    found = read_date(text, lang=lang, today=today, settings=settings)
    if not found.readings or not found.readings[0].periods:
        raise _refused("date", f"no date is read in {text[:80]!r}; “mid-June 2027” or “5 May 2027” are")
    first, *more = found.readings[0].periods
    return first, tuple(more)


def clock_times(text: str) -> str | None:
    """ "9:00-17.30" as "09:00/17:30", None where nothing stands there. Raises CalfeedError for what is no time."""
    if not text.strip():
        return None
    found = [_CLOCK.fullmatch(part) for part in re.split(r"[-–—/]", text, maxsplit=1)]
    if not all(found) or any(int(one[1]) > 23 or int(one[2]) > 59 for one in found if one):
        raise _refused("times", f"{text[:40]!r} is no time of day; 9:00 or 9:00–17:30 are")
    return "/".join(f"{int(one[1]):02}:{one[2]}" for one in found if one)


def _refused(field: str, why: str) -> FieldError:
    return FieldError(field, f"{why}.", mend="Nothing was changed.")


def beside(event: Event, period: Period | None, *, uid: str, now: datetime, by: str, what: str) -> Event:
    """Another event like this one, which stands by an editor's word whatever the document says."""
    kept = tuple(dict.fromkeys([*event.edited, "provenance"])) if event.provenance else ()
    return _born(
        replace(event, uid=uid, period=period, edited=kept, instances=(), recurred=None, removed=None), now, by, what
    )


def added(draft: Draft, *, uid: str, now: datetime, by: str) -> Event:
    """An event that an editor adds."""
    known = {name: getattr(draft, name) for name in Draft.__struct_fields__}
    edited = ("provenance",) if draft.provenance else ()
    revision = Revision(created=now, modified=now)
    return _born(Event(**known, uid=uid, edited=edited, revision=revision), now, by, "added")


def taken(draft: Draft, *, uid: str, now: datetime, by: str) -> Event:
    """An event of an entry that was only suggested, and that an editor accepts: later editions bring it up to date."""
    known = {name: getattr(draft, name) for name in Draft.__struct_fields__}
    return _born(Event(**known, uid=uid, revision=Revision(created=now, modified=now)), now, by, "added")


def _born(event: Event, now: datetime, by: str, what: str) -> Event:
    revision = Revision(created=now, modified=now)
    return stamp(replace(event, revision=revision, history=(Change(at=now, sequence=0, what=what, by=by),)))


def gone(event: Event, *, now: datetime, by: str, published: bool, what: str = "rejected") -> Event | None:
    """What is left of an event that an editor takes out: a tombstone where subscribers have it, else nothing."""
    if not published:
        return None
    after, _ = cancel(event, now=now, edition=None)
    return signed(replace(after, history=(*after.history[:-1], replace(after.history[-1], what=what))), event, by)


def signed(after: Event, before: Event | None, by: str) -> Event:
    """The event with its new steps in the name of a person."""
    old = len(before.history) if before else 0
    if len(after.history) <= old:
        return after
    steps = tuple(step if step.by else replace(step, by=by) for step in after.history[old:])
    return replace(after, history=(*after.history[:old], *steps))


def restored(now_there: Event, before: Event, after: Event, *, now: datetime, by: str) -> tuple[Event, tuple[str, ...]]:
    """The event as it was `before` a step that made it `after`; and the fields that somebody changed since, which
    stay as they are. It is a new revision: subscribers see the way back too."""
    values: dict[str, Any] = {}
    since = []
    for name in RESTORED:
        old, new, here = (getattr(one, name) for one in (before, after, now_there))
        if old == new:
            continue
        if here == new:
            values[name] = old
        elif name != "edited":
            since.append(name)
    back = replace(now_there, **values)
    seen = any(value_of(now_there, name) != value_of(back, name) for name in SEEN)
    if not seen:
        return stamp(back), tuple(since)
    made, _ = revise(
        now_there, back, kind=Kind.EDITED, now=now, what="undone", fields=fields_changed(now_there, back), anyway=True
    )
    return signed(made, now_there, by), tuple(since)


def by_uid(events: Iterable[Event]) -> dict[str, Event]:
    return {event.uid: event for event in events}
