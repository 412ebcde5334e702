"""The addresses of the public site. Each view takes the request apart, asks a function, and fills a template."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from calfeed.condition import troubles
from calfeed.errors import CalfeedError
from calfeed.feeds import event_ics, jsonld
from calfeed.feeds.text import clean_line
from calfeed.publish.http import CACHE_CONTROL
from calfeed.settings import Settings
from calfeed.web.flood import Brake, client_of
from calfeed.web.freshness import freshness_of
from calfeed.web.mistakes import FOLDER, report
from calfeed.web.pages import calendar, event, stylesheet, wire
from calfeed.web.pages.language import asked_language, init_babel, is_rtl, language
from calfeed.web.pages.language import gettext as _
from calfeed.web.pages.page import Page, page_of
from calfeed.web.pages.status import sources_status
from calfeed.web.pages.subscription import subscription
from calfeed.web.site import Site, current_site, holder
from calfeed.web.subscribe import google_event, outlook_event

blueprint = Blueprint("pages", __name__)
# A reader may report five mistakes at once, and one more every two minutes.
_mistakes = Brake(tries=5, seconds=120.0)
blueprint.record_once(init_babel)
blueprint.after_app_request(wire.finish)


@blueprint.get("/")
def home() -> str:
    """The calendar: as timeline and list, as a month, or as a year to print."""
    page = page_of(current_site(), today())
    view = calendar.view_of(request.args.get("view"))
    return _fill(f"pages/{view}.html", page, **calendar.shown(page, view, request.args))


@blueprint.get("/events/<uid>")
def event_page(uid: str) -> str | Response:
    """One event; with .ics behind its UID, the event as a calendar of its own."""
    site = current_site()
    page = page_of(site, today())
    item = page.index.by_uid.get(uid)
    if item is None and uid.endswith(".ics") and uid.removesuffix(".ics") in page.index.by_uid:
        return _event_file(uid.removesuffix(".ics"))
    if item is None:
        abort(404)
    single = event.single(item, site.settings, site.catalogue.editions, page.lang)
    structured = jsonld(item.event, site.settings)
    return _fill(
        "pages/event.html",
        page,
        item=item,
        details=event.details(item, page.index, site.settings, page.lang),
        when=page.long_when(item),
        groups=page.groupings(item),
        google=google_event(single) if single else None,
        outlook=outlook_event(single, "outlook.live.com") if single else None,
        microsoft=outlook_event(single, "outlook.office.com") if single else None,
        file=page.href(f"/events/{uid}.ics") if item.first else None,
        public=site.url(f"/events/{uid}"),
        # "<" would end the script element, whatever stands in a title.
        jsonld=json.dumps(structured, ensure_ascii=False).replace("<", "\\u003c") if structured else None,
    )


@blueprint.post("/events/<uid>/mistake")
def report_mistake(uid: str) -> tuple[str, int, dict[str, str]]:
    """What a reader reports as wrong, kept for the editors. Nothing of who sent it is."""
    site = current_site()
    if uid not in site.events or not site.settings.desk.mistakes:
        abort(404)
    page = page_of(site, today())
    text, wait = request.form.get("text", "").strip(), _mistakes.wait(client_of(request.environ, _proxies(site)))
    if wait:
        what, code = _("Too many reports at once. Please try again later."), 429
    elif not text:
        what, code = _("Nothing was written."), 400
    else:
        try:
            report(site.settings.state_path / FOLDER, uid, text, now=datetime.now(UTC).replace(microsecond=0))
            what, code = _("Thank you. The editors will look at it."), 200
        except OSError:
            what, code = _("The report could not be kept. Please try again later."), 503
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(math.ceil(wait))} if wait else {})
    return _fill("pages/reported.html", page, what=what, uid=uid), code, headers


def _proxies(site: Site) -> int:
    return site.settings.limits.proxies


@blueprint.get("/subscribe")
def subscribe() -> str:
    """How to subscribe to a selection."""
    page = page_of(current_site(), today())
    return _fill("pages/subscribe.html", page, **subscription(page))


@blueprint.get("/status")
def status() -> str:
    """Which sources were read, when, and what went wrong."""
    page = page_of(current_site(), today())
    found = troubles(page.site.settings, now=datetime.now(UTC))
    told = [clean_line(trouble.message) for trouble in found if trouble.source is None]
    fault = holder().fault
    faults = dict.fromkeys([*([fault] if fault else []), *told])
    return _fill("pages/status.html", page, sources=sources_status(page), faults=list(faults))


@blueprint.get("/theme.css")
def theme() -> Response:
    """The colours of this site's settings as a stylesheet."""
    settings: Settings = current_app.config["CALFEED"]
    answer = Response(stylesheet.theme(settings), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = wire.IMMUTABLE if "v" in request.args else "no-cache"
    return answer


@blueprint.app_errorhandler(404)
def not_found(error: HTTPException) -> Response | tuple[str, int]:
    """A page for people; programs under /feeds/ and /api/ get the plain sentence."""
    if request.path.startswith(("/feeds/", "/api/")):
        return error.get_response()  # type: ignore[return-value]
    return _trouble(error, _("There is no such page."))


@blueprint.app_errorhandler(InternalServerError)
def broken(error: InternalServerError) -> tuple[str, int]:
    return _trouble(error, _("Something went wrong on our side. Your calendars are not affected."))


@blueprint.errorhandler(CalfeedError)
def refused(error: CalfeedError) -> tuple[str, int]:
    """A selection that does not exist: the sentence says what is nearest to it."""
    return _page_of_trouble(400, _("This selection does not exist."), str(error))


def today() -> date:
    return datetime.now(UTC).date()


def _event_file(uid: str) -> Response:
    site = current_site()
    octets = event_ics(site.events[uid], site.settings, editions=site.catalogue.editions, lang=asked_language())
    answer = Response(octets, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="event.ics"'
    answer.headers["Cache-Control"] = CACHE_CONTROL
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.last_modified = site.events[uid].revision.modified
    answer.set_etag(sha256(octets).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


def _fill(template: str, page: Page, **values: Any) -> str:
    fresh = freshness_of(page.site)
    return render_template(template, page=page, fresh=fresh, settings=page.site.settings, asset=wire.asset, **values)


def _trouble(error: HTTPException, what: str) -> tuple[str, int]:
    detail = "" if isinstance(error, NotFound | InternalServerError) else error.description or ""
    return _page_of_trouble(error.code or 500, what, detail)


def _page_of_trouble(code: int, what: str, detail: str) -> tuple[str, int]:
    """An error's page: it must not need what may be broken, so it knows the settings only."""
    settings: Settings = current_app.config["CALFEED"]
    lang = language()
    page = render_template(
        "pages/error.html",
        code=code,
        what=what,
        detail=detail,
        settings=settings,
        lang=lang,
        rtl=is_rtl(lang),
        asset=wire.asset,
    )
    return page, code
