"""Handing over a document, the letter about it, and the answer."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from calfeed import importing, store
from calfeed.desk.access import me, needs
from calfeed.desk.arrivals import Arrival, Arrivals, file_name, new_id, new_source, place, source_of
from calfeed.desk.draft import Made, Now
from calfeed.desk.letter import Letter, Topic, conceded, letter_of, take
from calfeed.desk.people import Role
from calfeed.desk.shared import desk, field_name, plain_settings, say, settings
from calfeed.desk.speech import gettext as _
from calfeed.desk.speech import ngettext
from calfeed.errors import CalfeedError
from calfeed.fetch import Fetched, fetch
from calfeed.importing import Plan
from calfeed.model import Catalogue, Proposal
from calfeed.settings import Source

blueprint = Blueprint("uploads", __name__)


def arrivals() -> Arrivals:
    return Arrivals(desk().folder)


@blueprint.get("/upload")
@needs(Role.EDITOR)
def upload_page() -> str:
    return render_template("upload.html", waiting=arrivals().waiting(), sources=settings().sources)


@blueprint.post("/upload")
@needs(Role.EDITOR)
def upload() -> AnyResponse:
    """Take a file, a text or an address; the letter about it comes next."""
    fetched, url = _sent()
    assert fetched.content is not None
    wanted = settings().source(request.form.get("source", ""))
    plan = desk().draft()
    source = wanted or _same_address(url) or new_source(fetched.name, settings(), url=url)
    alike = None
    if settings().source(source.id) is None:
        alike = importing.likely_edition(plan, source, fetched, settings(), now=desk().clock())
    if alike is not None and request.form.get("new") != "1":
        source = settings().source(alike.source.id) or source
    arrival = _arrived(fetched, source, url=url, alike=alike)
    # What cannot be read is told before anything is kept.
    _plan(arrival, source, fetched)
    arrivals().add(arrival)
    return redirect(f"/letters/{arrival.id}", 303)


def _sent() -> tuple[Fetched, str | None]:
    """The document that was sent, and its address where it was sent as one. Raises CalfeedError."""
    if (file := request.files.get("document")) and file.filename:
        return Fetched(content=file.read(), name=file_name(file.filename), media_type=file.mimetype or None), None
    if text := request.form.get("text", "").strip():
        return Fetched(content=text.encode("utf-8"), name="text.txt", media_type="text/plain; charset=utf-8"), None
    address = request.form.get("address", "").strip()
    if not address:
        raise CalfeedError(_("No document came."), mend=_("Choose a file, or give an address."))
    found = fetch(Source(id="asked", title=address, url=address), Path(settings().folder))
    return found, address


def _same_address(url: str | None) -> Source | None:
    return next((source for source in settings().sources if url and source.url == url), None)


def _plan(
    arrival: Arrival,
    source: Source,
    fetched: Fetched,
    *,
    plan: Plan | None = None,
    approved: bool = False,
) -> Plan:
    plan = plan or desk().draft()
    return importing.add(plan, source, fetched, settings(), now=desk().clock(), uids=desk().uids, approved=approved)


def _arrived(
    fetched: Fetched, source: Source, *, url: str | None = None, alike: importing.Likeness | None = None
) -> Arrival:
    """The document that somebody brought now, its bytes kept."""
    assert fetched.content is not None
    return Arrival(
        id=new_id(),
        digest=arrivals().keep(fetched.content),
        name=fetched.name,
        media_type=fetched.media_type,
        by=me().name,
        at=desk().clock(),
        source=source.id,
        title=source.title,
        url=url,
        known=settings().source(source.id) is not None,
        alike=alike.alike if alike else 0,
        entries=alike.entries if alike else 0,
    )


def _arrival(name: str) -> Arrival:
    found = arrivals().named(name)
    if found is None:
        abort(404)
    return found


@blueprint.post("/sources/<name>/read")
@needs(Role.EDITOR)
def read_again(name: str) -> AnyResponse:
    """Fetch a source now, and show what it would change."""
    source = settings().source(name)
    if source is None:
        abort(404)
    fetched = fetch(source, Path(settings().folder))
    assert fetched.content is not None
    arrival = _arrived(fetched, source)
    _plan(arrival, source, fetched)
    arrivals().add(arrival)
    return redirect(f"/letters/{arrival.id}", 303)


@blueprint.get("/letters/<name>")
@needs(Role.READER)
def letter_page(name: str) -> str:
    """What would change, as a letter."""
    arrival = _arrival(name)
    source = source_of(arrival, settings())
    plan = _plan(arrival, source, arrivals().fetched(arrival))
    letter = letter_of(plan, source.id)
    return render_template(
        "letter.html",
        arrival=arrival,
        source=source,
        letter=letter,
        topics=[
            (topic, heading(topic, len(letter.of(topic))), letter.of(topic)) for topic in Topic if letter.of(topic)
        ],
        summary=summary(letter),
        suggested=plan.readings[source.id].suggested,
        left=plan.readings[source.id].left,
        field_name=field_name,
    )


def summary(letter: Letter) -> str:
    """The letter's first sentence."""
    counts = [heading(topic, len(letter.of(topic))) for topic in reversed(Topic) if letter.of(topic)]
    told = ngettext("%(num)d event stays as it is", "%(num)d events stay as they are", letter.unchanged)
    return ", ".join([*counts, told]) if counts else told


def heading(topic: Topic, count: int) -> str:
    """How many events a topic is about."""
    sentences = {
        Topic.ADDED: lambda: ngettext("%(num)d new event", "%(num)d new events", count),
        Topic.MOVED: lambda: ngettext("%(num)d event moved", "%(num)d events moved", count),
        Topic.FIRMED_UP: lambda: ngettext("%(num)d date firmed up", "%(num)d dates firmed up", count),
        Topic.LOOSENED: lambda: ngettext("%(num)d date loosened", "%(num)d dates loosened", count),
        Topic.CHANGED: lambda: ngettext("%(num)d event changed otherwise", "%(num)d events changed otherwise", count),
        Topic.CAME_BACK: lambda: ngettext("%(num)d event came back", "%(num)d events came back", count),
        Topic.CANCELLED: lambda: ngettext(
            "%(num)d event is no longer in the document", "%(num)d events are no longer in the document", count
        ),
    }
    return sentences[topic]()


@blueprint.post("/letters/<name>")
@needs(Role.EDITOR)
def answer(name: str) -> AnyResponse:
    """Take all, what is ticked, or nothing."""
    arrival = _arrival(name)
    if request.form.get("answer") == "none":
        arrivals().answered(name)
        say(_("The document was put aside. Nothing was changed."))
        return redirect("/", 303)
    source, fetched = source_of(arrival, settings()), arrivals().fetched(arrival)
    ticked = set(request.form.getlist("take"))
    everything = request.form.get("answer") == "all"
    claims, approved = request.form.getlist("concede"), request.form.get("approve") == "1"

    suggested: list[Proposal] = []

    def work(catalogue: Catalogue, now: Now) -> Made:
        suggested.clear()
        plan = replace(desk().draft(), catalogue=conceded(catalogue, claims))
        plan = _plan(arrival, source, fetched, plan=plan, approved=approved)
        letter = letter_of(plan, source.id)
        keys = {one.key for one in letter.paragraphs if everything or one.key in ticked or one.key not in _asked()}
        taken = take(plan, letter, keys, by=now.by, now=now.at)
        suggested.extend(plan.readings[source.id].suggested)
        return Made(catalogue=taken.catalogue, decided=taken.decisions, about=source.title)

    assert fetched.content is not None
    step = desk().change(me(), "imported", work)
    store.suggest(source.id, suggested, settings().suggested_path)
    plain_settings(place(arrival, fetched.content, settings(), source))
    arrivals().answered(name)
    told = ngettext(
        "%(num)d event was taken into the draft.", "%(num)d events were taken into the draft.", len(step.changes)
    )
    say(told, step=step.number if step.changes else None)
    waits = any(change.after and change.after.review and not change.after.removed for change in step.changes)
    return redirect("/review" if waits else "/publish", 303)


def _asked() -> set[str]:
    """The paragraphs that the form showed: what came up since is taken as a refresh would take it."""
    return set(request.form.getlist("asked"))
