"""The filters of a page: each value a link, with the number of events that it would show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from calfeed.feeds.vocabulary import words
from calfeed.feeds.wording import slug_of, value_name
from calfeed.settings import Facet
from calfeed.web.pages.address import Address
from calfeed.web.pages.index import Index

# A list longer than this is folded: the rest opens on demand.
SHORT = 12
# A vocabulary larger than this shows narrower values only under a wider one that is chosen, and at most as many of any.
LARGE = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A value: its link puts it into the selection, or takes it out where it is `chosen`. `within` are the narrower
    values under it; `accent` is the class of its colour."""

    name: str
    href: str
    count: int
    chosen: bool
    accent: str = ""
    within: tuple[Choice, ...] = ()

    @property
    def open(self) -> bool:
        """Whether what is within it is to be seen: it or some of it is chosen."""
        return bool(self.within) and (self.chosen or any(choice.chosen for choice in self.within))


@dataclass(frozen=True, slots=True)
class Filter:
    """A facet, or the years; `more` are the values behind those that a short list shows."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, with the link that takes it out."""

    title: str
    name: str
    href: str


class Names:
    """The names of facet values in one language, with the tree that the headings make of them."""

    def __init__(self, index: Index, lang: str) -> None:
        self.lang = lang
        self._names: dict[tuple[str, str], str] = {}
        self.parents: dict[tuple[str, str], str] = {}
        outlined = {facet.name for facet in index.settings.facets if facet.outline}
        for item in index.items:
            for facet in index.settings.facets:
                for value in item.event.facets.get(facet.name, ()):
                    if (facet.name, value) in self._names:
                        continue
                    self._names[facet.name, value] = value_name(value, facet, item.event, lang)
                    if facet.name in outlined and item.theme and slug_of(item.theme) != value:
                        self.parents[facet.name, value] = slug_of(item.theme)

    def title(self, facet: Facet) -> str:
        """What the facet is called."""
        return facet.titles.get(self.lang) or facet.titles.get(self.lang.partition("-")[0]) or facet.title

    def plural(self, facet: Facet) -> str:
        return facet.plurals.get(self.lang) or facet.plurals.get(self.lang.partition("-")[0]) or facet.plural

    def name(self, facet: Facet, value: str) -> str:
        if value == facet.none:
            return words(self.lang)["general"]
        found = self._names.get((facet.name, value))
        if found is None:
            found = self._names[facet.name, value] = value_name(value, facet, None, self.lang)
        return found


def facet_filters(index: Index, address: Address, names: Names, accents: dict[tuple[str, str], str]) -> list[Filter]:
    """One filter a facet, in the order of the settings; values without an event stay out unless they are chosen."""
    return [_facet_filter(index, address, names, accents, facet) for facet in index.settings.facets]


def _facet_filter(
    index: Index, address: Address, names: Names, accents: dict[tuple[str, str], str], facet: Facet
) -> Filter:
    counts = index.counts(address.selection, facet.name)
    chosen = address.selection.facets.get(facet.name, ())

    def choice(value: str, within: tuple[Choice, ...] = ()) -> Choice:
        return Choice(
            name=names.name(facet, value),
            href=address.toggling(facet.name, value).path(),
            count=counts.get(value, 0),
            chosen=value in chosen,
            accent=accents.get((facet.name, value), ""),
            within=within,
        )

    shown = [value for value, count in counts.items() if count or value in chosen]
    children: dict[str, list[str]] = {}
    for value in shown:
        parent = names.parents.get((facet.name, value))
        if parent in counts:
            children.setdefault(str(parent), []).append(value)
    below = {value for values in children.values() for value in values}
    if len(shown) > LARGE:
        children = {value: within for value, within in children.items() if {value, *within} & set(chosen)}
    if facet.outline:
        shown.sort(key=lambda value: names.name(facet, value).casefold())
    choices = [
        choice(
            value, tuple(sorted((choice(child) for child in children.get(value, ())), key=lambda c: c.name.casefold()))
        )
        for value in shown
        if value not in below
    ]
    if facet.none and facet.none in chosen:
        choices.append(replace(choice(facet.none), count=index.having[facet.name][None].bit_count()))
    first = [one for at, one in enumerate(choices) if at < SHORT or one.chosen]
    return Filter(
        facet.name, names.title(facet), tuple(first), tuple(one for one in choices if one not in first)[:LARGE]
    )


def year_filter(index: Index, address: Address, title: str) -> Filter:
    """The years that events touch; a chosen year is the selection from its first day to its last."""
    counts = index.year_counts(address.selection)
    choices = []
    for year, count in counts.items():
        first, last = date(year, 1, 1), date(year, 12, 31)
        chosen = (address.selection.from_, address.selection.to) == (first, last)
        href = (address.within(None, None) if chosen else address.within(first, last)).path()
        if count or chosen:
            choices.append(Choice(str(year), href, count, chosen))
    return Filter("year", title, tuple(choices[:SHORT]), tuple(choices[SHORT:]))


def chips(index: Index, address: Address, names: Names, *, search: str, time: str, time_words: str) -> list[Chip]:
    """Everything that narrows the selection; `search`, `time` and `time_words` are words of the page."""
    selection = address.selection
    made = []
    if selection.q:
        made.append(Chip(search, selection.q, address.asking("").path()))
    for facet in index.settings.facets:
        for value in selection.facets.get(facet.name, ()):
            href = address.toggling(facet.name, value).path()
            made += [Chip(names.title(facet), names.name(facet, value), href)]
    if selection.from_ or selection.to:
        made.append(Chip(time, time_words, address.within(None, None).path()))
    return made
