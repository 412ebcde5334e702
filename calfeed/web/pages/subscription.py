"""The subscribe page of a selection, put into words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from calfeed.feeds import MAX_EVENTS, Feed, canonical_query
from calfeed.feeds.vocabulary import words as feed_words
from calfeed.settings import Settings
from calfeed.web.pages.language import gettext as _
from calfeed.web.pages.language import ngettext
from calfeed.web.pages.page import Page
from calfeed.web.pages.subscribing import FLAVOURS, contents, overlaps, qr
from calfeed.web.subscribe import Client, clients, too_long, webcal_address


@dataclass(frozen=True, slots=True)
class Flavour:
    """A way to write the events of a selection, and its own page."""

    name: str
    title: str
    text: str
    href: str
    chosen: bool
    calmest: bool
    count: int


def subscription(page: Page) -> dict[str, Any]:
    """What the template shows."""
    selection = page.address.selection
    everything = contents(page.index, page.index.select(page.address.flavoured("all").selection))
    asked = selection.flavour if selection.flavour in FLAVOURS else "all"
    # The calmest is what one gets without choosing.
    chosen = asked if asked != "all" or page.address.shown_value("flavour") else everything.calmest
    address = page.site.url(page.feed(flavour=chosen))
    name = selection_name(page)
    overlapping = overlaps(page.index, page.site.feeds, selection)
    return {
        "name": name,
        "window": _window(page),
        "contents": everything,
        "flavours": [_flavour(page, flavour, chosen, everything) for flavour in FLAVOURS],
        "chosen": chosen,
        "file": address,
        "webcal": webcal_address(address),
        "clients": [(client, refresh_words(client)) for client in clients(address, name)],
        "qr": qr(address),
        "too_long": too_long(address),
        "overlaps": [
            (overlap, overlap_words(page, overlap.feed, overlap.shared, overlap.whole)) for overlap in overlapping
        ],
        "feeds": _published(page),
        "formats": [
            (title, page.feed(suffix, "all"))
            for title, suffix in (("Atom", ".atom"), ("JSON", ".json"), ("CSV", ".csv"))
        ],
    }


def _window(page: Page) -> str | None:
    """What the file holds of a selection that is too large for one; None where it holds all."""
    selection = replace(page.address.selection, flavour="all", lang=None)
    own = feed_words(page.lang)
    slug = page.known.slugs.get(canonical_query(selection))
    if slug in page.known.windows:
        first, last = page.known.windows[slug]
        return own["window"].format(MAX_EVENTS, f"{page.day(first)} – {page.day(last)}")
    shown = sum(len(item.spans) for item in page.index.members(page.index.select(selection)))
    return own["window_coming"].format(MAX_EVENTS) if slug is None and shown > MAX_EVENTS else None


def selection_name(page: Page) -> str:
    """A calendar's name for the selection: the values chosen, before the site's name."""
    selection = page.address.selection
    settings = page.site.settings
    parts = [
        page.names.name(facet, value) for facet in settings.facets for value in selection.facets.get(facet.name, ())
    ]
    if selection.q:
        parts.append(f"“{selection.q}”")
    return " – ".join([", ".join(parts), settings.site.name]) if parts else settings.site.name


def _flavour(page: Page, name: str, chosen: str, found: Any) -> Flavour:
    titles = {"all": _("Full spans"), "starts": _("Starts only"), "exact": _("Exact days only")}
    texts = {
        "all": _("Every period as a bar from its first day to its last."),
        "starts": _("Periods longer than a month become one day, their first."),
        "exact": _("Only events whose days are known; the others join when their dates are fixed."),
    }
    marked = page.address.flavoured(name).showing(flavour="all" if name == "all" else None)
    count = found.exact if name == "exact" else found.dated
    return Flavour(
        name, titles[name], texts[name], marked.path("/subscribe"), name == chosen, name == found.calmest, count
    )


def refresh_words(client: Client) -> str:
    """How often a program reads a calendar again."""
    refresh = client.refresh
    if client.id == "apple":
        return _("refreshes as often as you set, from every 5 minutes to weekly")
    if refresh.most < 1:
        return _("refreshes every %(minutes)d minutes, or as you set", minutes=round(refresh.most * 60))
    return _("refreshes every %(least)d to %(most)d hours", least=round(refresh.least), most=round(refresh.most))


def overlap_words(page: Page, feed: Feed, shared: int, whole: bool) -> str:
    name = feed_name(page, feed)
    if whole:
        return _("All of these events are in “%(feed)s” too.", feed=name)
    return ngettext(
        "%(num)d of these events is in “%(feed)s” too.",
        "%(num)d of these events are in “%(feed)s” too.",
        shared,
        feed=name,
    )


def feed_name(page: Page, feed: Feed) -> str:
    """A published feed's name in the reader's language."""
    settings: Settings = page.site.settings
    facet = settings.facet(feed.facet) if feed.facet else None
    return page.names.name(facet, feed.value) if facet and feed.value else feed.name


def _published(page: Page) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """The feeds that are published, by facet: name, subscribe page, number of events."""
    groups: dict[str, list[tuple[str, str, int]]] = {}
    for feed in page.site.feeds:
        facet = page.site.settings.facet(feed.facet) if feed.facet else None
        title = page.names.title(facet) if facet else _("Everything")
        address = page.address.bare()
        if feed.facet and feed.value:
            address = address.choosing(feed.facet, feed.value)
        count = page.index.select(feed.selection).bit_count()
        groups.setdefault(title, []).append((feed_name(page, feed), address.path("/subscribe"), count))
    return list(groups.items())
