"""The tables of calfeed.toml that say what is published: who, from which sources, in which groups."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from calfeed.settings.forms import (
    Colour,
    Days,
    FilePath,
    Language,
    Partner,
    Slug,
    Table,
    Word,
    check_language,
    check_zone,
    public_address,
)


class Site(Table, frozen=True, kw_only=True):
    """Who publishes. `url` is the public https address (no trailing slash) that feeds and pages name; `host` stands
    behind the @ of every UID and must never change, even when the address does. `timezone` is that of times whose
    document names none (an IANA name); without one such times stay words. `activity_in_titles` puts the activity's
    heading before a title that says too little without it ("E-waste: webinars")."""

    name: str
    url: str = "http://127.0.0.1:8000"
    host: str = "calfeed.invalid"
    description: str = ""
    publisher: str = ""
    contact: str | None = None
    language: Language = "en"
    languages: tuple[Language, ...] = ("en",)
    frame_ancestors: tuple[Partner, ...] = ("*",)
    colour: Colour = "#1d5b8f"
    timezone: str | None = None
    activity_in_titles: bool = True

    def __post_init__(self) -> None:
        check_zone(self.timezone)
        for tag in (self.language, *self.languages):
            check_language(tag)


class Source(Table, frozen=True, kw_only=True):
    """A programme document: by `path` (relative to calfeed.toml) or `url`.

    `link` is the address that readers are sent to; `published` the day of this edition; `prefer` names rules whose
    reading is to be taken where an entry offers it ("each-year"); `timezone` is that of times without a zone of their
    own (an IANA name; None: the site's). `excerpt` says that the file is typed or condensed from the document at
    `link`: events then cite the document's heading, since the file's lines are not the document's. `private` lets
    the host of `url`, and no other, be of one's own network. `every` is how often it is read, in minutes (None: as
    the schedule says)."""

    id: Slug
    title: str
    path: FilePath | None = None
    url: str | None = None
    link: str | None = None
    published: date | None = None
    language: Language | None = None
    prefer: tuple[str, ...] = ()
    timezone: str | None = None
    excerpt: bool = False
    private: bool = False
    every: Annotated[int, Meta(ge=1)] | None = None

    def __post_init__(self) -> None:
        check_zone(self.timezone)
        if (self.path is None) == (self.url is None):
            raise ValueError(f"source {self.id!r} needs either a path or a url")
        if self.language is not None:
            check_language(self.language)

    @property
    def address(self) -> str | None:
        """The address that readers are told: `link`, else the document's own without what may be secret in it."""
        return self.link or (public_address(self.url) if self.url else None)

    @property
    def name(self) -> str:
        """What messages call the source: its path, or its address without secrets."""
        return self.path or public_address(self.url or "") or self.id


class Dates(Table, frozen=True, kw_only=True):
    """How loose dates are read where the text leaves it open. `fiscal_year` and `academic_year` are the month and day
    on which such a year begins ("07-01"); None keeps them unresolved. `day_first` settles 05/12/2014 where neither the
    document nor its language does; None leaves it for review. `default_minutes` is how long an event lasts that has a
    time and no end."""

    hemisphere: Annotated[str, Meta(pattern="^(north|south)$")] = "north"
    fiscal_year: Annotated[str, Meta(pattern=r"^\d\d-\d\d$")] | None = None
    academic_year: Annotated[str, Meta(pattern=r"^\d\d-\d\d$")] | None = None
    day_first: bool | None = None
    default_minutes: Annotated[int, Meta(ge=1, le=1440)] = 60

    def __post_init__(self) -> None:
        for name, begins in (("fiscal_year", self.fiscal_year), ("academic_year", self.academic_year)):
            try:
                # A common year: 29 February begins none.
                date.fromisoformat(f"2001-{begins or '01-01'}")
            except ValueError as error:
                raise ValueError(f'{name} is a month and a day like "07-01", not {begins!r}') from error


class Term(Table, frozen=True, kw_only=True):
    """One value of a facet: the id that is stored, the name on pages, and the words that speak for it in a document.

    Words match whole, without regard to case; a trailing * matches any ending. In addresses and file names a space in
    the id is a hyphen."""

    id: Word
    name: str
    words: tuple[str, ...] = ()
    colour: Colour | None = None
    names: dict[str, str] = field(default_factory=dict)


class Facet(Table, frozen=True, kw_only=True):
    """A dimension that events are grouped by. `titles` and `plurals` are its title and plural in other languages.

    `evidence` lists where its words are looked for, strongest first; the first place that names any value decides:
    `heading` (the nearest heading that names one), `everywhere` (a heading of that list: all values), `title` (the head
    of the entry's title), `entry`, or the canonical name of a section ("audience"). `outline` makes the values from the
    headings themselves, one each. `feeds` publishes a feed for each value; `none` names the feed of the events that
    have no value, which then stand in the feeds of all values too."""

    name: str
    plural: str
    title: str
    plurals: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    everywhere: tuple[str, ...] = ()
    outline: bool = False
    feeds: bool = False
    none: Slug | None = None
    values: tuple[Term, ...] = ()


class Place(Table, frozen=True, kw_only=True):
    """A place that documents name without its country."""

    name: str
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class Guard(Table, frozen=True, kw_only=True):
    """What may disappear at once. More removals than `removals` events and than `share` of the future events, in a
    source or feed, are held until an editor agrees; so is a slow loss beyond `share` in `window` days. Tombstones stay
    for `tombstone` days."""

    removals: Days = 3
    share: Annotated[float, Meta(ge=0, le=1)] = 0.2
    window: Days = 7
    tombstone: Days = 30
