"""What the desk's pages share: the desk of the request, the values that every page shows, words for events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, g, request, session
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from calfeed.dates.words import words
from calfeed.desk import speech
from calfeed.desk.access import access_of_app, csrf, may, person
from calfeed.desk.draft import Desk
from calfeed.desk.edits import FieldError
from calfeed.desk.people import Role
from calfeed.desk.publishing import Unpublished, unpublished
from calfeed.desk.speech import gettext as _
from calfeed.errors import CalfeedError
from calfeed.feeds.wording import value_name
from calfeed.model import Event, Period
from calfeed.reconcile.life import period_of_words
from calfeed.settings import Settings
from calfeed.web.pages.language import autonym, instant_words, is_rtl

EXTENSION = "calfeed-desk"
SHOWN = 200


def desk() -> Desk:
    """The desk of the running application."""
    found: Desk = current_app.extensions[EXTENSION]
    return found


def settings() -> Settings:
    return desk().settings


def told(error: CalfeedError) -> str:
    """An error for the page: its file by name alone, the sentence with a capital."""
    spot = f"{field_name(error.field)}: " if isinstance(error, FieldError) else _place(error)
    text = f"{spot}{error.what}{' ' + error.mend if error.mend else ''}"
    return text[:1].upper() + text[1:]


def _place(error: CalfeedError) -> str:
    if error.spot is None or (isinstance(error.spot.source, str) and error.spot.source.startswith("event ")):
        return ""
    name = Path(str(error.spot.source)).name
    rest = str(error.spot).removeprefix(str(error.spot.source))
    return f"{name}{rest}: "


class Row(Struct, frozen=True, kw_only=True):
    """An event as lists show it."""

    uid: str
    title: str
    when: str
    tags: tuple[str, ...]
    review: tuple[str, ...]
    state: str
    entry: str
    source: str
    where: str


def when(period: Period | None, *, long: bool = True) -> str:
    """Dates in the words of the reader's language."""
    return words(period, speech.language(), long=long) if period else _("no date yet")


def row(event: Event) -> Row:
    """An event for a list. `state` is removed, review, undated or good."""
    provenance = event.provenance
    tags = [
        value_name(value, facet, event, speech.language())
        for facet in settings().facets
        if not facet.outline
        for value in event.facets.get(facet.name, ())
    ]
    state = "removed" if event.removed else "review" if event.review else "undated" if event.period is None else "good"
    return Row(
        uid=event.uid,
        title=event.title,
        when=when(event.period),
        tags=tuple(tags),
        review=event.review,
        state=state,
        entry=provenance.entry if provenance else "",
        source=provenance.source if provenance else "",
        where=str(provenance.where) if provenance else "",
    )


def field_words(name: str, value: str) -> str:
    """A field's value from a history or letter, dates in the reader's language."""
    period = period_of_words(value) if name == "period" else None
    return when(period) if period else value


def field_name(name: str) -> str:
    """A field in the reader's language."""
    if name.startswith("facet"):
        facet = settings().facet(name.partition(".")[2])
        return facet.titles.get(speech.language(), facet.title) if facet else name
    names = {
        "title": _("Title"),
        "period": _("Dates"),
        "date": _("Dates"),
        "times": _("Time of day"),
        "zone": _("Time zone"),
        "place": _("Place"),
        "country": _("Country"),
        "status": _("Status"),
        "note": _("Note"),
        "url": _("Link"),
        "entry": _("Text in the document"),
        "lang": _("Language"),
    }
    return names.get(name, name)


def instant(moment: datetime) -> str:
    return instant_words(moment, speech.language())


def changes_waiting() -> tuple[Unpublished, ...]:
    """What *Publish* would change, once a request."""
    if "waiting" not in g:
        draft, published = desk().catalogue(), desk().published()
        g.waiting = _waiting(draft, published)
    waiting: tuple[Unpublished, ...] = g.waiting
    return waiting


_last: list[Any] = []


def _waiting(draft: object, published: object) -> tuple[Unpublished, ...]:
    if not _last or _last[0] is not draft or _last[1] is not published:
        _last[:] = [draft, published, unpublished(draft, published)]  # type: ignore[arg-type]
    found: tuple[Unpublished, ...] = _last[2]
    return found


def for_review(events: Iterable[Event]) -> list[Event]:
    """One event of each entry that is for review: an entry is looked at once, however many dates it has."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for event in events:
        if not event.review or event.removed is not None:
            continue
        words = event.provenance
        key = (words.source, *words.outline, words.entry, str(words.where)) if words else (event.uid,)
        if key not in seen:
            seen.add(key)
            found.append(event)
    return found


def say(sentence: str, *, step: int | None = None) -> None:
    """A sentence for the next page, with a step that it offers to take back."""
    session["said"] = [sentence, step]


def describe(asset: Callable[[str], str]) -> dict[str, Any]:
    """What every template may use."""
    lang = speech.language()
    found = person()
    shown: dict[str, Any] = {
        "lang": lang,
        "rtl": is_rtl(lang),
        "asset": asset,
        "me": found,
        "Role": Role,
        "may": may,
        "csrf": csrf,
        "token": lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(csrf()),
        "settings": settings(),
        "by_name": access_of_app().by_name,
        "languages": [(tag, autonym(tag)) for tag in speech.LANGUAGES],
        "here": request.path,
        "when": when,
        "instant": instant,
        "field_name": field_name,
        "field_words": field_words,
        "said": None,
        "preview": current_app.config["PREVIEW"],
    }
    if found is not None:
        shown["said"] = session.pop("said", None)
        shown |= _counts()
    return shown


def _counts() -> dict[str, Any]:
    try:
        return {"waiting": len(changes_waiting()), "reviews": len(for_review(desk().catalogue().events)), "fault": None}
    except CalfeedError as error:
        return {"waiting": 0, "reviews": 0, "fault": told(error)}


def plain_settings(new: Settings) -> None:
    """Take new settings into use, after a source was added to calfeed.toml."""
    desk().settings = replace(new)
