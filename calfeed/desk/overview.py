"""The desk's first page, publishing, and the history with its undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session
from msgspec import Struct
from werkzeug.wrappers import Response

from calfeed.desk import speech
from calfeed.desk.access import me, needs
from calfeed.desk.people import Role
from calfeed.desk.preview import PARAMETER, preview_key
from calfeed.desk.publishing import What, editions, publish_draft
from calfeed.desk.shared import SHOWN, changes_waiting, desk, for_review, row, say, settings, when
from calfeed.desk.speech import gettext as _
from calfeed.desk.speech import ngettext
from calfeed.desk.steps import Step
from calfeed.errors import CalfeedError
from calfeed.status import read_status
from calfeed.web.mistakes import mistakes

blueprint = Blueprint("overview", __name__)
PER_PAGE = 50


class SourceRow(Struct, frozen=True, kw_only=True):
    """A source as the first page shows it."""

    id: str
    title: str
    events: int
    review: int
    read: Any
    state: str
    message: str
    known: bool


@blueprint.get("/")
@needs(Role.READER)
def home() -> str:
    return render_template(
        "home.html",
        sources=_sources(),
        steps=[_told(step) for step in reversed(desk().steps.all()[-6:])],
        undone=desk().steps.undone(),
        editions=editions(settings())[-1:],
        mistakes=len(mistakes(desk().folder, now=desk().clock())),
    )


def _sources() -> list[SourceRow]:
    catalogue = desk().catalogue()
    status = read_status(settings().state_path).sources
    read = {edition.source: edition for edition in catalogue.editions}
    ids = dict.fromkeys([*(source.id for source in settings().sources), *read])
    live: dict[str, list[Any]] = {name: [] for name in ids}
    for event in catalogue.events:
        if event.removed is None and event.provenance and event.provenance.source in live:
            live[event.provenance.source].append(event)
    rows = []
    for name in ids:
        source, state = settings().source(name), status.get(name)
        rows.append(
            SourceRow(
                id=name,
                title=source.title if source else (read[name].title or name),
                events=len(live[name]),
                review=len(for_review(live[name])),
                read=read[name].read if name in read else None,
                state=state.state if state else "",
                message=(state.message or "") if state else "",
                known=source is not None,
            )
        )
    return rows


class Told(Struct, frozen=True, kw_only=True):
    """A step for the history: what was done in a sentence, and to which events."""

    step: Step
    what: str
    lines: tuple[tuple[str, str], ...]
    more: int


def _told(step: Step) -> Told:
    titles = []
    for change in step.changes[:5]:
        event = change.after or change.before
        assert event is not None
        titles.append((event.uid if change.after is not None else "", event.title))
    return Told(step=step, what=step_words(step), lines=tuple(titles), more=max(0, len(step.changes) - 5))


def step_words(step: Step) -> str:
    """What a step did, in the reader's language."""
    count = len(step.changes)
    kinds = {
        "edited": _("edited"),
        "checked": _("found right"),
        "read": _("chose another reading"),
        "rejected": _("rejected"),
        "accepted": _("accepted a suggestion"),
        "split": _("split"),
        "merged": _("merged"),
        "added": _("added"),
        "imported": _("took in an edition"),
        "undone": _("took back a step"),
    }
    told = kinds.get(step.what, step.what)
    return told + " · " + ngettext("%(num)d event", "%(num)d events", count) if count else told


@blueprint.get("/history")
@needs(Role.READER)
def history() -> str:
    steps = desk().steps.all()
    page = max(0, request.args.get("page", 0, int))
    newest = list(reversed(steps))[page * PER_PAGE : (page + 1) * PER_PAGE]
    return render_template(
        "history.html",
        steps=[_told(step) for step in newest],
        undone=desk().steps.undone(),
        page=page,
        more=len(steps) > (page + 1) * PER_PAGE,
        editions=list(reversed(editions(settings()))),
    )


@blueprint.post("/undo/<int:number>")
@needs(Role.EDITOR)
def undo(number: int) -> Response:
    """Take back a step; 0 is the last one of one's own that still stands."""
    number = number or _last_of_mine()
    step, stays = desk().undo(me(), number)
    sentence = _("Taken back.")
    if stays:
        sentence += " " + _("What was changed since stays: %(what)s.", what="; ".join(stays))
    say(sentence, step=step.number if step.changes else None)
    return redirect(_back(), 303)


def _last_of_mine() -> int:
    undone = desk().steps.undone()
    mine = [step for step in desk().steps.all() if step.by == me().name and step.number not in undone]
    last = next((step.number for step in reversed(mine) if step.undoes is None), None)
    if last is None:
        raise CalfeedError(_("There is nothing of yours to take back."))
    return last


def _back() -> str:
    back = request.form.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/history"


@blueprint.get("/publish")
@needs(Role.READER)
def publish_page() -> str:
    waiting = changes_waiting()
    topics = [
        (What.ADDED, _("New")),
        (What.MOVED, _("Other dates")),
        (What.CHANGED, _("Changed")),
        (What.GONE, _("Cancelled")),
    ]
    groups = [(title, [one for one in waiting if one.what is what]) for what, title in topics]
    key = preview_key(current_app.secret_key)  # type: ignore[arg-type]
    address = current_app.config["PREVIEW"]
    return render_template(
        "publish.html",
        groups=[(title, ones[:SHOWN], len(ones)) for title, ones in groups if ones],
        reviews_left=[row(event) for event in for_review(desk().catalogue().events)[:5]],
        preview_address=f"{address}/?{PARAMETER}={key}" if address else "",
        next=(editions(settings())[-1].number + 1) if editions(settings()) else 1,
        when=when,
    )


@blueprint.post("/publish")
@needs(Role.PUBLISHER)
def publish_now() -> Response:
    edition = publish_draft(desk(), me(), request.form.get("sentence", ""))
    say(_("Edition %(number)d is published. Subscribers have it at their next look.", number=edition.number))
    return redirect("/", 303)


@blueprint.post("/language")
@needs(Role.ANYBODY)
def choose_language() -> Response:
    if request.form.get("lang") in speech.LANGUAGES:
        session["lang"] = request.form["lang"]
    return redirect(_back(), 303)


@blueprint.get("/mistakes")
@needs(Role.EDITOR)
def mistakes_page() -> str:
    found = mistakes(desk().folder, now=desk().clock())
    events = {event.uid: event for event in desk().catalogue().events}
    return render_template("mistakes.html", mistakes=[(one, events.get(one.uid)) for one in reversed(found)])


@blueprint.post("/mistakes/<name>")
@needs(Role.EDITOR)
def mistake_done(name: str) -> Response:
    from calfeed.web.mistakes import forget

    if not forget(desk().folder, name, now=desk().clock()):
        abort(404)
    say(_("Thank you. The report is deleted."))
    return redirect("/mistakes", 303)
