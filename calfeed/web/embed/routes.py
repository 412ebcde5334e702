"""The addresses of embeds."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup
from msgspec import Meta, Struct
from werkzeug.exceptions import NotFound

from calfeed.errors import CalfeedError, QueryError
from calfeed.web.api.answers import IMMUTABLE, answer, json_answer
from calfeed.web.api.prepared import selected
from calfeed.web.api.problems import problem
from calfeed.web.api.query import own_part
from calfeed.web.embed.assets import ELEMENT, assets, find_asset
from calfeed.web.embed.board import Board, Source, make_board
from calfeed.web.embed.configure import form_words, offer
from calfeed.web.embed.labels import labels
from calfeed.web.embed.oembed import describe
from calfeed.web.embed.target import NoTargetError, Target, read_target, title_of
from calfeed.web.freshness import freshness_of
from calfeed.web.headers import PAGE_POLICY
from calfeed.web.pages.language import settle
from calfeed.web.pages.page import page_of
from calfeed.web.pages.wire import asset
from calfeed.web.site import Site, current_site

blueprint = Blueprint("embed", __name__, template_folder="templates")

SHORT = "public, max-age=3600"


class Consumer(Struct, frozen=True, kw_only=True):
    """What an oEmbed consumer sends; other parameters are left alone, as oEmbed has it."""

    url: Annotated[str, Meta(max_length=2000)] = ""
    maxwidth: Annotated[int, Meta(ge=1)] | None = None
    maxheight: Annotated[int, Meta(ge=1)] | None = None
    format: str = "json"


@blueprint.get("/embed")
def configurator() -> Response:
    """The page that makes the line to paste."""
    site = current_site()
    page = page_of(site, datetime.now(UTC).date())
    fresh = freshness_of(site)
    told = render_template(
        "embed/configure.html",
        page=page,
        fresh=fresh,
        settings=site.settings,
        asset=asset,
        offer=offer(request.args, site, page.lang),
        words=form_words(page.lang),
        labels=labels(page.lang),
        files=assets(),
    )
    policy = f"{PAGE_POLICY}; frame-src 'self'"
    response = answer(told.encode(), "text/html; charset=utf-8", fresh=fresh, policy=policy)
    response.headers["X-Frame-Options"] = "DENY"
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/oembed")
def oembed() -> Response:
    """Section 2 of oEmbed 1.0: 404 for what is not ours, 501 for another format than JSON."""
    site = current_site()
    asked = own_part(request.args, Consumer)
    if asked.format != "json":
        error = QueryError("oEmbed is answered in JSON only.", mend="Ask for format=json.")
        return problem(error, HTTPStatus.NOT_IMPLEMENTED, base=site.settings.site.url)
    if not asked.url:
        raise QueryError("oEmbed needs the address of a page.", mend=f"Add url={site.url('/')}.")
    found = describe(asked.url, site, width=asked.maxwidth, height=asked.maxheight)
    if found is None:
        error = QueryError(
            "The address is none of this site's calendars.", mend=f"They begin with {site.url('/embed/')}."
        )
        return problem(error, HTTPStatus.NOT_FOUND, base=site.settings.site.url)
    return json_answer(found, fresh=freshness_of(site))


@blueprint.app_template_global("oembed_discovery")
def discovery(path: str) -> Markup:
    """The link by which a page at `path` (below the site's address, with its query) names its oEmbed answer."""
    site = current_site()
    query = urlencode({"url": site.url(path), "format": "json"})
    return Markup('<link rel="alternate" type="application/json+oembed" href="{}">').format(
        site.url(f"/oembed?{query}")
    )


@blueprint.get("/embed/<slug>")
def frame(slug: str) -> Response:
    """The document of an iframe."""
    site = current_site()
    target = read_target(slug, request.args, site)
    board = board_of(target, site, today=datetime.now(UTC).date())
    hues = style_of(board)
    told = render_template(
        "embed/frame.html", board=board, target=target, style=Markup(hues), files=assets(), site=site
    )
    response = answer(told.encode(), "text/html; charset=utf-8", fresh=freshness_of(site), policy=policy_of(site, hues))
    return _framed(response, varies=target.lang is None)


@blueprint.get("/embed/<slug>.json")
def board(slug: str) -> Response:
    """The same for the custom element."""
    site = current_site()
    target = read_target(slug, request.args, site)
    response = json_answer(board_of(target, site, today=datetime.now(UTC).date()), fresh=freshness_of(site))
    if target.lang is None:
        response.vary.add("Accept-Language")
    return response


@blueprint.get("/embed.js")
def element() -> Response:
    """The newest element, for pages that do not pin it."""
    file = assets()[ELEMENT]
    return answer(file.octets, file.media_type, cache=SHORT)


@blueprint.get("/embed/<version>/<name>")
def file(version: str, name: str) -> Response:
    """A file that never changes under its address."""
    found = find_asset(version, name)
    if found is None:
        raise NotFound("There is no such file.")
    return answer(found.octets, found.media_type, cache=IMMUTABLE)


@blueprint.errorhandler(CalfeedError)
def refused(error: CalfeedError) -> Response:
    """A sentence: as a document in a frame, as problem+json to scripts."""
    site = current_site()
    status = HTTPStatus.NOT_FOUND if isinstance(error, NoTargetError) else HTTPStatus.BAD_REQUEST
    if not request.path.startswith("/embed") or request.path.endswith(".json"):
        return problem(error, status, base=site.settings.site.url)
    told = render_template("embed/refused.html", error=error, files=assets(), site=site)
    response = Response(told, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = policy_of(site, "")
    return _framed(response, varies=False)


def board_of(target: Target, site: Site, *, today: date) -> Board:
    """The board that an embed of `target` shows on the day `today`."""
    lang = settle(site.settings, target.lang, request.accept_languages)
    fresh = freshness_of(site)
    return make_board(
        selected(site, target.selection),
        title=title_of(target, site, lang),
        options=target.options,
        lang=lang,
        labels=labels(lang),
        settings=site.settings,
        source=Source(
            generation=fresh.generation,
            editions=fresh.editions,
            # Reading it was looking at it, where nothing has looked since.
            checked=fresh.checked or max((edition.read for edition in site.catalogue.editions), default=None),
        ),
        bounds=(target.selection.from_, target.selection.to),
        today=today,
        page=site.url(target.page()),
        subscribe=site.url(target.page("/subscribe")),
    )


def style_of(board: Board) -> str:
    """The colours of one embed as a style sheet: #rrggbb and numbers only."""
    rules = [f".calfeed{{--accent-light:{board.accent.light};--accent-dark:{board.accent.dark}}}"]
    rules += [f".hue-{at}{{--hue:light-dark({one.light},{one.dark})}}" for at, one in enumerate(board.hues, 1)]
    if board.height:
        rules.append(f".inner{{max-block-size:{board.height}px;overflow-y:auto}}")
    return "".join(rules)


def policy_of(site: Site, style: str) -> str:
    """Let the partners of the settings frame the document, and nothing in it reach out; `style` is its own sheet."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    partners = " ".join(dict.fromkeys(("'self'", *site.settings.site.frame_ancestors)))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{digest}'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {partners}"
    )


def _framed(response: Response, *, varies: bool) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    if varies:
        response.vary.add("Accept-Language")
    return response
