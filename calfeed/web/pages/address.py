"""The addresses of pages: a selection, how it is shown, and the language, in one canonical order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import quote, urlencode

from calfeed.feeds.selection import Selection, canonical_query

# Parameters that say how a page shows its selection, and are no part of it. The flavour "all" is one where it was
# chosen: a canonical selection leaves it out.
SHOWN = ("view", "year", "month", "page", "flavour")


@dataclass(frozen=True)
class Address:
    """A place on the site. `lang` is the language that the address names, None where the browser decides;
    `shown` holds the other parameters of `SHOWN`."""

    selection: Selection = field(default_factory=Selection)
    lang: str | None = None
    shown: tuple[tuple[str, str], ...] = ()

    def path(self, path: str = "/") -> str:
        """`path` with everything that this address says."""
        query = "&".join(part for part in (canonical_query(self.selection), urlencode(self._shown())) if part)
        return f"{path}?{query}" if query else path

    def _shown(self) -> list[tuple[str, str]]:
        return [*self.shown, *([("lang", self.lang)] if self.lang else [])]

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """The fields that a form carries along, but for those that it asks for itself."""
        pairs = [(name, quote(value)) for name, values in sorted(self.selection.facets.items()) for value in values]
        pairs = [(name, value.replace("%20", "-")) for name, value in pairs]
        told = (("from", _day(self.selection.from_)), ("to", _day(self.selection.to)), ("q", self.selection.q))
        return [(name, value) for name, value in (*pairs, *told, *self._shown()) if value and name not in left_out]

    def showing(self, **shown: str | None) -> Address:
        """The same selection, shown otherwise; None takes a parameter away."""
        merged = dict(self.shown) | shown
        return replace(self, shown=tuple((name, merged[name] or "") for name in SHOWN if merged.get(name)))

    def shown_value(self, name: str) -> str | None:
        return dict(self.shown).get(name)

    def bare(self) -> Address:
        """Only the language stays."""
        return Address(lang=self.lang)

    def choosing(self, facet: str, value: str | None) -> Address:
        """One value of a facet, or with None any."""
        facets = {name: values for name, values in self.selection.facets.items() if name != facet}
        return self._selecting(facets=facets | ({facet: (value,)} if value is not None else {}))

    def toggling(self, facet: str, value: str) -> Address:
        """With `value` where it was missing, without it where it was chosen."""
        chosen = self.selection.facets.get(facet, ())
        values = tuple(sorted(set(chosen) ^ {value}))
        facets = {name: kept for name, kept in self.selection.facets.items() if name != facet}
        return self._selecting(facets=facets | ({facet: values} if values else {}))

    def within(self, first: date | None, last: date | None) -> Address:
        return self._selecting(from_=first, to=last)

    def asking(self, q: str) -> Address:
        return self._selecting(q=q)

    def speaking(self, lang: str | None) -> Address:
        return replace(self, lang=lang)

    def flavoured(self, flavour: str) -> Address:
        return self._selecting(flavour=flavour)

    def _selecting(self, **changes: object) -> Address:
        shown = tuple((name, value) for name, value in self.shown if name not in ("page", "month"))
        changed: Selection = replace(self.selection, **changes)  # type: ignore[arg-type]
        return replace(self, selection=changed, shown=shown)


def feed_path(selection: Selection, slugs: Mapping[str, str], suffix: str = ".ics") -> str:
    """Where the feed of `selection` is: the published file where there is one of the same content, else the filter.

    `slugs` are those of the published feeds, by canonical query. The flavour is part of a file's name, and a parameter
    of the filter."""
    flavour = selection.flavour
    slug = slugs.get(canonical_query(replace(selection, flavour="all", lang=None)))
    if slug is not None and (suffix == ".ics" or flavour == "all") and selection.lang is None:
        return f"/feeds/{slug}{'' if flavour == 'all' else '-' + flavour}{suffix}"
    query = canonical_query(selection)
    return f"/feeds/custom{suffix}" + (f"?{query}" if query else "")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
