"""Try it: paste a text or drop a file, see what is read, take the calendar along. Nothing is kept."""

from __future__ import annotations

import base64
import math
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from flask import Blueprint, Response, abort, current_app, render_template, request

from calfeed.desk import speech
from calfeed.desk.access import access_of_app, needs, person
from calfeed.desk.arrivals import file_name
from calfeed.desk.people import Role
from calfeed.desk.reading import Read, read, tree_of
from calfeed.desk.shared import desk, settings, told
from calfeed.desk.speech import gettext as _
from calfeed.documents.child import Limits
from calfeed.errors import CalfeedError
from calfeed.feeds import Selection, render
from calfeed.feeds.feed import Feed
from calfeed.fetch import Fetched
from calfeed.model import Event
from calfeed.reconcile.life import create
from calfeed.settings import Source
from calfeed.web.flood import client_of

blueprint = Blueprint("trying", __name__)
LONGEST_TEXT = 200_000
LIMITS = Limits(total=60.0)
EXAMPLE = """Programme 2027

Webinars
- New rules for e-waste: 12 May 2027, 14:00-15:30 CET
- Used oils: July-September 2027, 2028
- Inventories: mid-June 2027 (to be confirmed)

Workshops
- Training of customs officers, Nairobi, end of 2027
"""


@blueprint.get("/try")
@needs(Role.ANYBODY)
def try_page() -> str:
    _let_in()
    return render_template("try.html", text="", example=EXAMPLE, read=None, trouble="")


@blueprint.post("/try")
@needs(Role.ANYBODY)
def try_it() -> str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Read what was pasted or dropped, and show it."""
    _let_in()
    if person() is None and (
        wait := access_of_app().try_brake.wait(client_of(request.environ, settings().limits.proxies))
    ):
        trouble = _("Too many tries. Wait a little, then try again.")
        page = render_template("try.html", text="", example=EXAMPLE, read=None, trouble=trouble)
        return page, 429, {"Retry-After": str(math.ceil(wait))}
    text = EXAMPLE if request.form.get("example") else request.form.get("text", "")[:LONGEST_TEXT]
    try:
        fetched = _sent(text)
        source = Source(id="try", title=fetched.name, path=fetched.name)
        found = read(
            tree_of(fetched, source, limits=LIMITS, keep=False), source, settings(), reference=desk().clock().date()
        )
    except CalfeedError as error:
        return render_template("try.html", text=text, example=EXAMPLE, read=None, trouble=told(error)), 400
    events = events_of(found)
    suggested = [(one, next(iter(one.proposal.drafts.values()))) for one in found.entries if one.suggested]
    return render_template(
        "try.html",
        text=text,
        example=EXAMPLE,
        name=fetched.name,
        read=found,
        events=events,
        suggested=suggested,
        ics=base64.b64encode(calendar_of(events)).decode("ascii") if events else "",
        trouble="",
    )


@blueprint.post("/try/calendar.ics")
@needs(Role.ANYBODY)
def take_along() -> Response:
    """The calendar that the page holds, as a file: it comes with the form, since nothing of it is kept here."""
    _let_in()
    try:
        octets = base64.b64decode(request.form.get("calendar", ""), validate=True)
    except ValueError:
        abort(400)
    if not octets.startswith(b"BEGIN:VCALENDAR"):
        abort(400)
    answer = Response(octets, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return answer


def _sent(text: str) -> Fetched:
    if (file := request.files.get("document")) and file.filename:
        return Fetched(content=file.read(), name=file_name(file.filename), media_type=file.mimetype or None)
    if not text.strip():
        raise CalfeedError(_("No document came."), mend=_("Paste a text, or choose a file."))
    return Fetched(content=text.encode("utf-8"), name="text", media_type="text/plain; charset=utf-8")


def events_of(found: Read) -> list[Event]:
    """The events of the accepted entries, by their default readings."""
    now = datetime.now(UTC).replace(microsecond=0)
    made = []
    for one in found.entries:
        if not one.suggested:
            for part, draft in enumerate(next(iter(one.proposal.drafts.values()))):
                made.append(create(draft, uid=str(uuid5(NAMESPACE_URL, f"try:{one.key}:{part}")), now=now))
    return made


def calendar_of(events: list[Event]) -> bytes:
    """The events as one .ics."""
    feed = Feed("try", _("Tried with calfeed"), "", Selection(), settings().site.colour, speech.language())
    return render(events, feed, settings(), "ics")


def _let_in() -> None:
    """Nobody but people of the desk, unless a setting opens the page."""
    if person() is None and not (settings().desk.trying or current_app.config.get("TRY_ONLY")):
        abort(401)
