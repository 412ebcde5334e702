"""What an embed is of: a published feed by its slug, or a selection of the reader's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from calfeed.errors import QueryError
from calfeed.feeds.feed import ALL, Feed
from calfeed.feeds.selection import Selection, canonical_query, parse_selection
from calfeed.feeds.text import clean_line
from calfeed.feeds.wording import value_name
from calfeed.web.api.query import own_part, refuse_unknown
from calfeed.web.embed.options import Options, View
from calfeed.web.site import Site

CUSTOM = "custom"
# What may narrow a feed in its embed; the rest of a selection is the feed itself.
NARROWING = ("q", "from", "to")
_ORDER = (*NARROWING, *Options.__struct_fields__, "lang")


class NoTargetError(QueryError):
    """There is no feed of that name."""


@dataclass(frozen=True)
class Target:
    """`slug` is None for a selection that is no feed. `lang` is the language that the address names, None where the
    reader's browser decides."""

    slug: str | None
    selection: Selection
    options: Options
    lang: str | None = None

    def path(self, **changes: str) -> str:
        """The address of the embed below the site's, with `changes` to its query; "" takes a parameter away."""
        named = NARROWING if self.slug else None
        query = [pair for pair in _pairs(self.selection, named) if pair[0] not in changes]
        told = self.options.query() | ({"lang": self.lang} if self.lang else {}) | changes
        # The list is what an address without a view shows.
        kept = {name: value for name, value in told.items() if value and (name, value) != ("view", View.LIST)}
        query += sorted(kept.items(), key=lambda pair: _ORDER.index(pair[0]))
        return f"/embed/{self.slug or CUSTOM}" + (f"?{urlencode(query)}" if query else "")

    def page(self, path: str = "/") -> str:
        """A page of the site with this selection, below its address."""
        query = canonical_query(replace(self.selection, lang=self.lang, flavour="all"))
        return f"{path}?{query}" if query else path


def read_target(slug: str, args: MultiDict[str, str], site: Site) -> Target:
    """The target that an address /embed/<slug>?... names.

    Raises NoTargetError for an unknown slug; QueryError or SelectionError for a parameter or value that does not
    exist."""
    options = Options.__struct_fields__
    if slug == CUSTOM:
        refuse_unknown(args, (*options, *(facet.name for facet in site.settings.facets), *NARROWING, "lang"))
        selection = parse_selection(_rest(args, options), site.settings, site.vocabulary)
    else:
        feed = site.feeds_by_slug.get(slug)
        if feed is None:
            raise NoTargetError(
                f"There is no calendar {slug[:80]!r}.", mend=f"{site.url('/embed')} lists what there is."
            )
        refuse_unknown(args, (*options, *NARROWING, "lang"))
        narrow = parse_selection(_rest(args, options), site.settings, {})
        selection = replace(feed.selection, q=narrow.q, from_=narrow.from_, to=narrow.to)
    own = own_part(args, Options)
    return Target(None if slug == CUSTOM else slug, replace(selection, lang=None), own, args.get("lang") or None)


def target_of(selection: Selection, site: Site, *, lang: str | None = None) -> Target:
    """The target of a selection in the plainest look: the feed that has it, where there is one."""
    facets = {name: tuple(sorted(values)) for name, values in selection.facets.items()}
    for feed in site.feeds:
        if facets == dict(feed.selection.facets):
            return Target(feed.slug, selection, Options(), lang)
    return Target(None, selection, Options(), lang)


def title_of(target: Target, site: Site, lang: str) -> str:
    """What the embed is called: the feed's name in `lang`, else the values and words of the selection."""
    feed = site.feeds_by_slug.get(target.slug) if target.slug else None
    if feed is not None and (feed.slug == ALL or feed.facet is None):
        return feed.name
    if feed is not None and target.selection.q == "":
        return _name(feed, site, lang)
    names = [
        value_name(value, facet, None, lang)
        for facet in site.settings.facets
        for value in target.selection.facets.get(facet.name, ())
    ]
    told = [*names, *([f"“{clean_line(target.selection.q)}”"] if target.selection.q else [])]
    return " · ".join(told) or site.settings.site.name


def _name(feed: Feed, site: Site, lang: str) -> str:
    facet = site.settings.facet(feed.facet) if feed.facet else None
    term = next((term for term in facet.values if term.id == feed.value), None) if facet else None
    return value_name(term.id, facet, None, lang) if facet and term else feed.name


def _pairs(selection: Selection, names: tuple[str, ...] | None) -> list[tuple[str, str]]:
    """The query of a selection in pairs, of `names` alone unless None."""
    pairs = parse_qsl(canonical_query(replace(selection, lang=None, flavour="all")))
    return [(name, value) for name, value in pairs if names is None or name in names]


def _rest(args: MultiDict[str, str], own: tuple[str, ...]) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, value in args.items(multi=True) if name not in own)
