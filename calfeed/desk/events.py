"""Events at the desk: lists, what is for review, one event's form, and what is done to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from calfeed.dates.plain import plain_readings
from calfeed.dates.words import words
from calfeed.desk import actions, speech
from calfeed.desk.access import me, needs
from calfeed.desk.edits import FIELDS, form_of, read_date, three_way
from calfeed.desk.people import Role
from calfeed.desk.shared import SHOWN, desk, row, say, settings, told, when
from calfeed.desk.speech import gettext as _
from calfeed.desk.speech import ngettext
from calfeed.errors import CalfeedError
from calfeed.model import Draft, Event, Interpretation, Status
from calfeed.reconcile.match import groups, plain

blueprint = Blueprint("events", __name__)


class Choice(Struct, frozen=True, kw_only=True):
    """A way in which an entry can be read: the rule's name and its dates in words."""

    rule: str
    dates: tuple[str, ...]


class Question(Struct, frozen=True, kw_only=True):
    """An entry that is for review: its text cut around its date's words, what was read, and how else it could be."""

    uid: str
    uids: tuple[str, ...]
    title: str
    before: str
    date_text: str
    behind: str
    where: str
    source: str
    read: tuple[str, ...]
    reasons: tuple[str, ...]
    choices: tuple[Choice, ...]


class Family(Struct, frozen=True, kw_only=True):
    """Questions of one kind, which can be answered at once."""

    reasons: tuple[str, ...]
    questions: tuple[Question, ...]
    rules: tuple[str, ...]


@blueprint.get("/review")
@needs(Role.READER)
def review() -> str:
    source = request.args.get("source", "")
    events = [event for event in desk().catalogue().events if event.removed is None]
    if source:
        events = [event for event in events if event.provenance and event.provenance.source == source]
    found = families(events)
    total = sum(len(family.questions) for family in found)
    return render_template("review.html", families=_first(found), total=total, source=source)


def _first(found: Iterable[Family]) -> list[Family]:
    """As many questions as a page holds."""
    shown, left = [], SHOWN
    for family in found:
        if left > 0:
            shown.append(replace(family, questions=family.questions[:left]))
            left -= len(family.questions)
    return shown


def families(events: Iterable[Event]) -> list[Family]:
    """The entries that are for review, those with the same doubts and readings together, the largest family first."""
    events = list(events)
    entries = [group.events for group in groups(events)] + [(one,) for one in events if one.provenance is None]
    kinds: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Question]] = {}
    for members in entries:
        if any(event.review for event in members):
            asked = question(members)
            rules = tuple(choice.rule for choice in asked.choices)
            kinds.setdefault((tuple(map(_shape, asked.reasons)), rules), []).append(asked)
    found = [
        Family(reasons=questions[0].reasons, questions=tuple(questions), rules=rules)
        for (_shapes, rules), questions in kinds.items()
    ]
    return sorted(found, key=lambda family: -len(family.questions))


def _shape(reason: str) -> str:
    """A reason without the words that it quotes."""
    return "".join("“”" if at % 2 else part for at, part in enumerate(reason.replace("”", "“").split("“")))


def question(members: tuple[Event, ...]) -> Question:
    first = next((event for event in members if event.review), members[0])
    provenance = first.provenance
    entry = provenance.entry if provenance else ""
    date_text = provenance.date_text if provenance else ""
    at = entry.find(date_text) if date_text else -1
    before, behind = (entry[:at], entry[at + len(date_text) :]) if at >= 0 else (entry, "")
    return Question(
        uid=first.uid,
        uids=tuple(event.uid for event in members),
        title=first.title,
        before=before,
        date_text=date_text if at >= 0 else "",
        behind=behind,
        where=str(provenance.where) if provenance else "",
        source=provenance.source if provenance else "",
        read=tuple(when(event.period) for event in members),
        reasons=tuple(dict.fromkeys(reason for event in members for reason in event.review)),
        choices=tuple(
            Choice(rule=reading.rule, dates=tuple(when(period) for period in reading.periods))
            for reading in first.alternatives
        ),
    )


@blueprint.get("/events")
@needs(Role.READER)
def event_list() -> str:
    show, asked = request.args.get("show", "all"), request.args.get("q", "")[:100]
    source = request.args.get("source", "")
    page = max(0, request.args.get("page", 0, int))
    tests: dict[str, Callable[[Event], bool]] = {
        "all": lambda event: event.removed is None,
        "review": lambda event: bool(event.review) and event.removed is None,
        "undated": lambda event: event.period is None and event.removed is None,
        "gone": lambda event: event.removed is not None,
    }
    wanted = tests.get(show, tests["all"])
    sought = plain(asked)
    found = [
        event
        for event in desk().catalogue().events
        if wanted(event)
        and (not source or (event.provenance is not None and event.provenance.source == source))
        and (
            not sought or sought in plain(event.title) or (event.provenance and sought in plain(event.provenance.entry))
        )
    ]
    tabs = [("all", _("All")), ("review", _("For review")), ("undated", _("Without a date")), ("gone", _("Cancelled"))]
    return render_template(
        "events.html",
        rows=[row(event) for event in found[page * SHOWN : (page + 1) * SHOWN]],
        total=len(found),
        show=show if show in tests else "all",
        tabs=tabs,
        asked=asked,
        source=source,
        page=page,
        more=len(found) > (page + 1) * SHOWN,
    )


@blueprint.get("/events/<uid>")
@needs(Role.READER)
def event_page(uid: str) -> str:
    event = desk().event(uid)
    if event is None:
        abort(404)
    return _form_page(event)


def _form_page(
    event: Event,
    *,
    mine: dict[str, str] | None = None,
    base: dict[str, str] | None = None,
    trouble: str = "",
    clashes: tuple[object, ...] = (),
) -> str:
    shown = form_of(event, settings(), speech.language())
    members = next(
        (
            group.events
            for group in groups(desk().catalogue().events)
            if any(one.uid == event.uid for one in group.events)
        ),
        (event,),
    )
    template = "part_event.html" if request.args.get("part") else "event.html"
    return render_template(
        template,
        event=event,
        question=question(members),
        members=[row(one) for one in members],
        base=json.dumps(base or shown, ensure_ascii=False),
        shown=mine or shown,
        fields=FIELDS,
        statuses=[(status.value, status_name(status)) for status in Status],
        facets=[(facet, f"facet.{facet.name}") for facet in settings().facets],
        trouble=trouble,
        clashes=clashes,
        steps=sorted(event.history, key=lambda change: change.at, reverse=True)[:20],
        evidence=event.provenance.evidence if event.provenance else (),
        inferred=event.provenance.inferred if event.provenance else (),
    )


def status_name(status: Status) -> str:
    names = {
        Status.SCHEDULED: _("scheduled"),
        Status.TENTATIVE: _("tentative"),
        Status.POSTPONED: _("postponed"),
        Status.COMPLETED: _("completed"),
        Status.CANCELLED: _("cancelled"),
    }
    return names[status]


def form_fields() -> dict[str, str]:
    """What a form sent of an event."""
    names = (*FIELDS, *(f"facet.{facet.name}" for facet in settings().facets))
    return {name: request.form[name] for name in names if name in request.form}


@blueprint.post("/events/<uid>")
@needs(Role.EDITOR)
def save_event(uid: str) -> AnyResponse | tuple[str, int]:
    """Take over the form. Where somebody else changed the same field since, nothing is written and both are shown."""
    mine, base = form_fields(), _base()
    lang = speech.language()
    try:
        step = desk().change(me(), "edited", actions.edit(uid, base, mine, settings(), lang))
    except actions.ClashError as error:
        event = desk().event(uid)
        assert event is not None
        theirs = form_of(event, settings(), lang)
        changed, _clashes = three_way(base, mine, theirs)
        page = _form_page(event, mine=theirs | changed | _chosen(mine, error), base=theirs, clashes=error.clashes)
        return page, 409
    except CalfeedError as error:
        event = desk().event(uid)
        if event is None:
            raise
        return _form_page(event, mine=base | mine, base=base, trouble=told(error)), 400
    if step.changes:
        say(_("Saved: %(title)s.", title=step.about), step=step.number)
    return redirect(request.form["back"] if _safe_back() else f"/events/{uid}", 303)


def _chosen(mine: dict[str, str], error: actions.ClashError) -> dict[str, str]:
    """In disputed fields the form shows this person's own text again: saving it is now done with open eyes."""
    return {clash.field: mine[clash.field] for clash in error.clashes}


def _base() -> dict[str, str]:
    """What the form showed when it was made."""
    try:
        found = json.loads(request.form.get("base", "{}"))
    except ValueError:
        abort(400)
    if not isinstance(found, dict):
        abort(400)
    return {str(name): str(value) for name, value in found.items()}


def _safe_back() -> bool:
    back = request.form.get("back", "")
    return back.startswith("/") and not back.startswith(("//", "/\\"))


@blueprint.post("/do/<what>")
@needs(Role.EDITOR)
def act(what: str) -> AnyResponse:
    """What buttons do to one event or to all that are ticked."""
    uids = list(dict.fromkeys(request.form.getlist("uid")))[:10_000]
    works: dict[str, Callable[[], actions.Work]] = {
        "checked": lambda: actions.checked(uids),
        "read": lambda: actions.read_as(uids, request.form.get("rule", "")),
        "rejected": lambda: actions.rejected(uids),
        "split": lambda: actions.split(uids[0] if uids else ""),
        "merged": lambda: actions.merged(uids),
    }
    if what not in works:
        abort(404)
    step = desk().change(me(), what, works[what]())
    count = len(step.changes)
    sentences = {
        "checked": ngettext("%(num)d event is right as it is.", "%(num)d events are right as they are.", count),
        "read": ngettext("%(num)d event is read the other way.", "%(num)d events are read the other way.", count),
        "rejected": ngettext("%(num)d event is rejected.", "%(num)d events are rejected.", count),
        "split": _("The second event stands below the first."),
        "merged": _("They are one event now."),
    }
    if request.headers.get("Accept") == "application/json":
        return jsonify({"said": sentences[what], "step": step.number if count else None})
    say(sentences[what], step=step.number if count or step.decided else None)
    if what == "split":
        other = next((one.uid for one in step.changes if one.before is None), uids[0])
        return redirect(f"/events/{other}", 303)
    return redirect(request.form["back"] if _safe_back() else "/review", 303)


@blueprint.get("/new")
@needs(Role.EDITOR)
def new_event() -> str:
    """A form for an event that no document has."""
    empty = dict.fromkeys((*FIELDS, *(f"facet.{facet.name}" for facet in settings().facets)), "")
    return _new_page(
        empty | {"status": "scheduled"} | {name: request.args[name] for name in empty if name in request.args}
    )


def _new_page(shown: dict[str, str], trouble: str = "") -> str:
    return render_template(
        "new.html",
        shown=shown,
        statuses=[(status.value, status_name(status)) for status in Status],
        facets=[(facet, f"facet.{facet.name}") for facet in settings().facets],
        trouble=trouble,
    )


@blueprint.post("/new")
@needs(Role.EDITOR)
def add_event() -> AnyResponse | tuple[str, int]:
    fields, lang = form_fields(), speech.language()
    draft = Draft(title="-", lang=settings().site.language)
    try:
        step = desk().change(me(), "added", actions.new(draft, fields, settings(), lang))
    except CalfeedError as error:
        return _new_page(fields, told(error)), 400
    say(_("Added: %(title)s.", title=step.about), step=step.number)
    return redirect(request.form["back"] if _safe_back() else f"/events/{step.changes[0].uid}", 303)


@blueprint.get("/date")
@needs(Role.READER)
def typed_date() -> Response:
    """What is read of a date while it is typed."""
    text = request.args.get("text", "")[:500]
    return jsonify(as_typed(text))


def as_typed(text: str) -> dict[str, object]:
    """The reading of a typed date: dates in words, doubts, other readings, and words that were not used."""
    if not text.strip():
        return {"dates": [], "doubts": [], "others": [], "unread": [], "empty": _("no date yet")}
    lang = speech.language()
    found: Interpretation = read_date(text, lang=lang, today=desk().clock().date(), settings=settings())
    readings = [reading for reading in found.readings if reading.periods]
    first = readings[0].periods if readings else ()
    return {
        "dates": [words(period, lang, long=True) for period in first],
        "doubts": list(found.reasons),
        "others": [[words(period, lang, long=True) for period in reading.periods] for reading in readings[1:]],
        "unread": list(found.unread),
        "empty": _("No date is read in this."),
        "plain": plain_readings(found)[:1],
    }
