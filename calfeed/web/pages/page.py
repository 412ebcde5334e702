"""What all pages of one request share: the site, its index, the address asked for, the words of the language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

import msgspec
from flask import request
from msgspec import Struct

from calfeed.dates.words import vague, words
from calfeed.feeds.feed import ALL
from calfeed.feeds.generation import INDEX
from calfeed.feeds.selection import Selection, canonical_query, parse_selection
from calfeed.feeds.vocabulary import day_in_words
from calfeed.feeds.vocabulary import words as feed_words
from calfeed.web.pages.address import SHOWN, Address, feed_path
from calfeed.web.pages.filters import Names
from calfeed.web.pages.index import Index, Item
from calfeed.web.pages.language import asked_language, autonym, instant_words, is_rtl, language
from calfeed.web.pages.language import gettext as _
from calfeed.web.site import Site


class _Feed(Struct):
    slug: str
    window: tuple[date, date] | None = None


class _Published(Struct):
    """Of index.json, which feeds one file cannot hold, and what it reaches."""

    feeds: tuple[_Feed, ...] = ()


class Known:
    """What belongs to a generation: its index, the names in each language, the slugs of its feeds by query; `windows`
    are the days that a feed's file reaches, by slug, where it cannot hold the whole."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.index = Index(site.catalogue, site.settings)
        self.slugs: dict[str, str] = {}
        for feed in site.feeds:
            self.slugs.setdefault(canonical_query(feed.selection), feed.slug)
        self._names: dict[str, Names] = {}
        published = msgspec.json.decode(site.generation.files.get(INDEX, b"{}"), type=_Published)
        self.windows = {feed.slug: feed.window for feed in published.feeds if feed.window}

    def names(self, lang: str) -> Names:
        if lang not in self._names:
            self._names[lang] = Names(self.index, lang)
        return self._names[lang]


_newest: list[Known] = []


def known(site: Site) -> Known:
    """What belongs to the generation of `site`; one is kept, the newest that was asked for."""
    if not _newest or _newest[-1].site is not site:
        _newest[:] = [Known(site)]
    return _newest[-1]


@dataclass(frozen=True)
class Grouping:
    """A facet of an event: its title, and the name, link and colour class of each value."""

    title: str
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Page:
    """One request. `lang` is the language of the answer, `address` what was asked for, `today` the day (UTC)."""

    known: Known
    lang: str
    address: Address
    today: date

    @property
    def site(self) -> Site:
        return self.known.site

    @property
    def index(self) -> Index:
        return self.known.index

    @property
    def rtl(self) -> bool:
        return is_rtl(self.lang)

    @property
    def autonym(self) -> str:
        return autonym(self.lang)

    @property
    def last_read(self) -> datetime | None:
        """When any source was last read, None where none was."""
        return max((edition.read for edition in self.site.catalogue.editions), default=None)

    @property
    def source_lang(self) -> str | None:
        """The language of the headings: that of the first source which says it."""
        return next((source.language for source in self.site.settings.sources if source.language), None)

    @property
    def fullcalendar(self) -> str:
        """Where the month view's script finds the events of the selection."""
        query = canonical_query(replace(self.address.selection, lang=None, flavour="all"))
        return "&".join(part for part in (f"/api/v1/fullcalendar?lang={self.lang}", query) if part)

    @cached_property
    def names(self) -> Names:
        return self.known.names(self.lang)

    @property
    def own_time(self) -> str:
        """What stands before a time by the reader's own clock, {0}."""
        return feed_words(self.lang)["own_time"]

    def when(self, item: Item) -> str:
        """The dates of an event in words."""
        return words(item.event.period, self.lang) if item.event.period else _("no date yet")

    def full_when(self, item: Item) -> str:
        """The same with the months' whole names."""
        return words(item.event.period, self.lang, long=True) if item.event.period else _("no date yet")

    def long_when(self, item: Item) -> str:
        """The same in a sentence's worth: "September 2013, some days within it"."""
        return vague(item.event.period, self.lang) if item.event.period else _("no date yet")

    def day(self, day: date) -> str:
        return day_in_words(day, self.lang)

    def instant(self, moment: datetime) -> str:
        return instant_words(moment, self.lang)

    def event_href(self, uid: str) -> str:
        return f"/events/{uid}" + (f"?lang={self.lang}" if self.address.lang else "")

    def href(self, path: str) -> str:
        """A page that has no selection, in the same language."""
        return self.address.bare().path(path)

    def feed(self, suffix: str = ".ics", flavour: str | None = None) -> str:
        """Where the present selection is as a file, in the language that the address names."""
        return self.feed_of(self.address.selection, suffix, flavour)

    def feed_of(self, selection: Selection, suffix: str = ".ics", flavour: str | None = None) -> str:
        foreign = self.address.lang if self.address.lang != self.site.settings.site.language else None
        chosen = replace(selection, lang=foreign, flavour=flavour or selection.flavour)
        return feed_path(chosen, self.known.slugs, suffix)

    @property
    def embed(self) -> str:
        """The page that makes the line to paste for the present selection, a published feed by its name."""
        chosen = replace(self.address.selection, flavour="all", lang=None)
        slug = self.known.slugs.get(canonical_query(replace(chosen, q="", from_=None, to=None)))
        query = canonical_query(replace(chosen, facets={}) if slug else chosen)
        shown = [(name, value) for name, value in self.address.shown if name in ("view", "month")]
        told = [("feed", slug)] if slug and slug != ALL else []
        told += shown if ("view", "month") in shown else []
        told += [("lang", self.address.lang)] if self.address.lang else []
        parts = [part for part in (query, urlencode(told)) if part]
        return "/embed" + (f"?{'&'.join(parts)}" if parts else "")

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each language of the site: its tag, its own name, this page in it."""
        path = request.path
        return [
            (lang, autonym(lang), self.address.speaking(lang).path(path)) for lang in self.site.settings.site.languages
        ]

    @property
    def canonical(self) -> str:
        return self.site.url(self.address.path(request.path))

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """The same page in each language, for search engines; x-default lets the browser decide."""
        pairs = [(lang, self.address.speaking(lang)) for lang in self.site.settings.site.languages]
        return [
            (lang, self.site.url(at.path(request.path)))
            for lang, at in [*pairs, ("x-default", self.address.speaking(None))]
        ]

    def groupings(self, item: Item) -> list[Grouping]:
        """The facets of an event, each value with the page of its events."""
        made = []
        for facet in self.site.settings.facets:
            values = item.event.facets.get(facet.name, ())
            if not values:
                continue
            made.append(
                Grouping(
                    self.names.title(facet),
                    tuple(
                        (
                            self.names.name(facet, value),
                            self.address.bare().choosing(facet.name, value).path(),
                            self.index.accents.get((facet.name, value), ""),
                        )
                        for value in values
                    ),
                )
            )
        return made

    def tags(self, item: Item) -> list[tuple[str, str]]:
        """What a list says of an event in short: names of its values and their colour class, but for outline facets."""
        return self.known_tags(tuple((facet, item.event.facets.get(facet, ())) for facet in self._tagged))

    @cached_property
    def _tagged(self) -> tuple[str, ...]:
        return tuple(facet.name for facet in self.site.settings.facets if not facet.outline)

    def known_tags(self, chosen: tuple[tuple[str, tuple[str, ...]], ...]) -> list[tuple[str, str]]:
        found = []
        for name, values in chosen:
            facet = self.site.settings.facet(name)
            if facet is None:
                continue
            every = {term.id for term in facet.values if term.colour}
            if every and every <= set(values) and len(every) > 1:
                found.append((_("all %(plural)s", plural=self.names.plural(facet)), "c-0"))
                continue
            found += [(self.names.name(facet, value), self.index.accents.get((name, value), "")) for value in values]
        return found


def page_of(site: Site, today: date) -> Page:
    """The request, taken apart. Raises CalfeedError where it asks for a selection that does not exist."""
    shared = known(site)
    # Trackers add parameters to links; what is no part of a selection is no reason to refuse a page.
    names = (*(facet.name for facet in site.settings.facets), "q", "from", "to", "flavour")
    asked = {name: request.args.getlist(name) for name in names if name in request.args}
    selection = parse_selection(asked, site.settings, shared.index.vocabulary)
    shown = tuple((name, request.args[name][:20]) for name in SHOWN if request.args.get(name))
    if selection.flavour != "all":
        shown = tuple(pair for pair in shown if pair[0] != "flavour")
    return Page(shared, language(), Address(selection, asked_language(), shown), today)
