"""What the page /embed shows: the choices, the line to paste for them, and the address of a preview."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import msgspec
from markupsafe import Markup
from msgspec import Struct
from werkzeug.datastructures import MultiDict

from calfeed.feeds.feed import ALL
from calfeed.web.api.query import own_part, refuse_unknown
from calfeed.web.embed import snippet
from calfeed.web.embed.options import Options
from calfeed.web.embed.target import CUSTOM, NARROWING, Target, read_target, title_of
from calfeed.web.site import Site


class Form(StrEnum):
    """The two lines that can be pasted."""

    FRAME = "frame"
    SCRIPT = "script"


class Choice(Struct, frozen=True, kw_only=True):
    """What the form sends beside an embed's own options. `language` is the embed's; `lang` is the page's, as on all."""

    feed: str = ""
    language: str = ""
    form: Form = Form.FRAME


class FormWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of the page."""

    heading: str
    lead: str
    calendar: str
    chosen: str
    view: str
    lang: str
    reader: str
    theme: str
    themes: dict[str, str]
    accent: str
    limit: str
    height: str
    form: str
    forms: dict[str, str]
    told: dict[str, str]
    apply: str
    line: str
    copy: str
    copied: str
    preview: str
    policy: str


class Offer(Struct, frozen=True, kw_only=True):
    """The page: what was chosen, and what follows from it. `feeds` are slugs and names under their facets' titles;
    `kept` are the fields of a selection that is no feed. `policy` is what a host's Content-Security-Policy needs."""

    choice: Choice
    target: Target
    title: str
    accent: str
    feeds: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    kept: tuple[tuple[str, str], ...]
    line: Markup
    preview: str
    policy: str


@cache
def _table() -> dict[str, FormWords]:
    text = resources.files("calfeed.web.embed").joinpath("configure.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, FormWords])


def form_words(lang: str) -> FormWords:
    """The words in `lang` (BCP 47), or in the language without its region, or in English."""
    table = _table()
    return table.get(lang) or table.get(lang.partition("-")[0]) or table["en"]


def offer(args: MultiDict[str, str], site: Site, lang: str) -> Offer:
    """The page for the query that its form sends, or that another page's link names. Raises as `read_target` does."""
    facets = tuple(facet.name for facet in site.settings.facets)
    refuse_unknown(args, (*Choice.__struct_fields__, *Options.__struct_fields__, *facets, *NARROWING, "lang"))
    choice = own_part(args, Choice)
    slug = choice.feed or (CUSTOM if any(args.get(name) for name in facets) else ALL)
    left_out = (*Choice.__struct_fields__, "lang") + (() if slug == CUSTOM else facets)
    kept = MultiDict((name, value) for name, value in args.items(multi=True) if name not in left_out and value)
    if choice.language:
        kept["lang"] = choice.language
    if kept.get("accent", "").lower().removeprefix("#") == site.settings.site.colour.lower().removeprefix("#"):
        # A colour field always sends its value; the site's own needs no mention.
        del kept["accent"]
    target = read_target(slug, kept, site)
    title = title_of(target, site, target.lang or lang)
    make = snippet.script if choice.form is Form.SCRIPT else snippet.framed_script
    return Offer(
        choice=msgspec.structs.replace(choice, feed=slug),
        target=target,
        title=title,
        accent="#" + (target.options.accent or site.settings.site.colour).removeprefix("#"),
        feeds=_feeds(site),
        kept=tuple((name, value) for name, value in kept.items(multi=True) if name in (*facets, *NARROWING)),
        line=make(target, site, title),
        preview=target.path(),
        policy=_policy(choice.form, site),
    )


def _feeds(site: Site) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for feed in site.feeds:
        facet = site.settings.facet(feed.facet) if feed.facet else None
        groups.setdefault(facet.title if facet else "", []).append((feed.slug, feed.name))
    return tuple((title, tuple(feeds)) for title, feeds in groups.items())


def _policy(form: Form, site: Site) -> str:
    parts = urlsplit(site.settings.site.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if form is Form.SCRIPT:
        return f"script-src {origin}; connect-src {origin}"
    return f"frame-src {origin}; script-src {origin}"
