"""The values that calfeed works with: the stored form, the API's schema and the code share these definitions.

Words as in docs/architecture.md. Values are frozen, and a wrong one cannot be made: each checks its own invariants.
Days are calendar days without a time zone, and both ends of a period are included. Instants are UTC, whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field
from msgspec.structs import replace

# A moment in UTC; one without a zone is refused where it is read.
Instant = Annotated[datetime, Meta(tz=True)]


class Precision(StrEnum):
    """The unit that a period's text names: "July-September 2013" is told in months."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    HALF = "half"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


class Qualifier(StrEnum):
    """What the text says about a period beyond its days."""

    STARTING = "starting"  # begins within the named unit, end open
    ONGOING = "ongoing"
    UNTIL = "until"  # lasts to the named end, start open
    BY = "by"  # a deadline
    EARLY = "early"
    MID = "mid"
    LATE = "late"
    BEGINNING = "beginning"
    END = "end"
    ABOUT = "about"
    UNCERTAIN = "uncertain"
    TENTATIVE = "tentative"
    EXPECTED = "expected"
    PLANNED = "planned"


class Status(StrEnum):
    """What the text or an editor says of an event as a whole."""

    SCHEDULED = "scheduled"
    TENTATIVE = "tentative"
    POSTPONED = "postponed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Value(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """The base of every stored value: frozen, and without its defaults when written.

    Values never refer to themselves, so that the collector of cycles need not look at them."""


class Period(Value, frozen=True, kw_only=True):
    """Some days: first and last day, both included.

    `start` or `end` is None where that side is open; never both, unless the text gives a recurrence or only
    "ongoing" (then there is no period at all). `precision` is the unit that the text names. `rrule` is an RFC 5545
    recurrence (without RRULE:) within the days, `exdates` the days on which it does not take place (3.8.5.1),
    `duration` an ISO 8601 duration within them ("P3D", three days in June; "PT2H", two hours from `times` on).

    `times` are times of day of 24 hours, "09:00/17:00", or "09:00" where no end is named; they never move the days. An
    end that is not after its start ("22:00/02:00") is of the next day. Beside several days they are the hours of each
    ("12-14 May, 9:00-17:00"), unless `continuous` says that the first stands on the first day and the second on the
    last ("12 May 9:00 to 14 May 17:00"). `zone` is their time zone: an IANA name ("Europe/Zurich") or an offset
    ("+01:00"); None where none is known.
    """

    start: date | None = None
    end: date | None = None
    precision: Precision
    qualifier: Qualifier | None = None
    rrule: str | None = None
    exdates: tuple[date, ...] = ()
    duration: str | None = None
    times: str | None = None
    continuous: bool = False
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.start is None and self.end is None and self.rrule is None:
            raise ValueError("a period has a start, an end or a recurrence")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"the period ends ({self.end}) before it starts ({self.start})")


class Inferred(Value, frozen=True, kw_only=True):
    """A field that the text does not have, and where its value came from.

    `origin` is sibling, entry, heading, document or reference.
    """

    field: str
    value: str
    origin: str


class Reading(Value, frozen=True, kw_only=True):
    """One way to understand a date expression: its periods, in the text's order, and the rule that gave them."""

    rule: str
    periods: tuple[Period, ...] = ()
    inferred: tuple[Inferred, ...] = ()


class Token(Value, frozen=True, kw_only=True):
    """A piece of a date expression and what it was taken for; `start` and `end` are offsets in the text."""

    text: str
    start: int
    end: int
    role: str


class Interpretation(Value, frozen=True, kw_only=True):
    """Everything that a text says about when.

    `readings`: the default one first; empty where there is no date. `review`: a sensible reader could differ, and
    `reasons` says why, a sentence each. `unread`: words that no rule used. `spans`: offsets of the date words in
    `text`. `anchor`: the event that the text refers to ("COP-12"). `count`: how many events the text speaks of.
    """

    text: str
    lang: str | None = None
    readings: tuple[Reading, ...] = ()
    review: bool = False
    reasons: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    status: Status | None = None
    ongoing: bool = False
    anchor: str | None = None
    count: int | None = None
    spans: tuple[tuple[int, int], ...] = ()
    tokens: tuple[Token, ...] = ()


class Where(Value, frozen=True, kw_only=True):
    """A place in a source: first and last line, or first and last page, both from 1 and included.

    `box` is left, top, right, bottom on the first page, in points from its upper left corner. `sheet` and `cell`
    ("B7", or "B7:D7") are a workbook's, `path` is an element's place in a web page, as a CSS selector.
    """

    lines: tuple[int, int] | None = None
    pages: tuple[int, int] | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    cell: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        numbered = (("page", self.pages), ("line", self.lines))
        told = [f"{u} {s[0]}" if s[0] == s[1] else f"{u}s {s[0]}-{s[1]}" for u, s in numbered if s]
        told += [f"{unit} {name}" for unit, name in (("sheet", self.sheet), ("cell", self.cell)) if name]
        return ", ".join(told)


class Entry(Value, frozen=True, kw_only=True):
    """A record that was accepted, or (with `suggested`) one for an editor to decide.

    `outline` is theme, activity, section, without the theme or both where there is none ("" is a calendar without a
    heading); activities that share one calendar are joined with "; " in it and stand apart in `headings` (every heading
    above the entry, section excluded, outermost first). `sections` holds the other sections of the same activity by
    their canonical name ("audience"), as evidence for facets. `damage` says why the text may not be what the author
    wrote. `when` are the words that say when, as one date expression, "" where nothing does, and `lent` the fields
    that they were given; `spans` is where they stand in `text`. `found` is how they were read: None only for an entry
    that was stored, and is read again from `when` and `lent`. `title`, `place`, `country` and `status` are None where
    the text says nothing. `confidence` is the probability of an event, `why` the evidence that weighed most, in words.
    `reader`: "assistant" for what only a language model proposed, "both" where it agreed, None where calfeed read it
    alone; `proposed` are the assistant's own days ("2027-05-03..2027-05-05") where calfeed reads others or none.
    """

    source: str
    outline: tuple[str, ...]
    text: str
    where: Where
    headings: tuple[str, ...] = ()
    sections: dict[str, str] = field(default_factory=dict)
    damage: tuple[str, ...] = ()
    lang: str | None = None
    when: str = ""
    lent: tuple[Inferred, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    found: Interpretation | None = None
    title: str | None = None
    place: str | None = None
    country: str | None = None
    status: Status | None = None
    suggested: bool = False
    confidence: float = 1.0
    why: tuple[str, ...] = ()
    reader: str | None = None
    proposed: str | None = None


class Evidence(Value, frozen=True, kw_only=True):
    """Why an event has a value of a facet: `words` is a sentence, such as: heading names the Rotterdam Convention."""

    facet: str
    value: str
    words: str


class Provenance(Value, frozen=True, kw_only=True):
    """Where an event was read: `part` of `parts` counts the periods that its entry gave, from 1.

    `date_text` are the date's own words; `entry` is the whole item, verbatim. `told`: title and place as they were read
    where the entry's own words do not say them (a heading, a cell of their own). `sections`: what the document says of
    the activity for its readers, by the canonical name of the section ("audience"). `reader` as an entry's: who found
    the event.
    """

    source: str
    entry: str
    outline: tuple[str, ...] = ()
    where: Where = Where()
    date_text: str = ""
    told: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    part: int = 1
    parts: int = 1
    inferred: tuple[Inferred, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reader: str | None = None


class Revision(Value, frozen=True, kw_only=True):
    """SEQUENCE, CREATED and LAST-MODIFIED as RFC 5545 means them; `content` is the digest that they were given for.

    `where` is the place in the edition that gave this revision, set only once the event stands elsewhere in a newer
    edition and is otherwise as it was: feeds go on citing it, so that an unchanged event keeps its bytes."""

    sequence: Annotated[int, Meta(ge=0)] = 0
    created: Instant
    modified: Instant
    content: str = ""
    where: Where | None = None


class Change(Value, frozen=True, kw_only=True):
    """One step in an event's history: `fields` maps a field's name to its old and new value in words.

    `by` is who took it at the desk, None for an import or an edit of the file."""

    at: Instant
    sequence: int
    what: str
    by: str | None = None
    edition: str | None = None
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)


class Draft(Value, frozen=True, kw_only=True):
    """What calfeed reads of an event in its source: everything but its identity and its past.

    `facets` maps a facet's name to values of its vocabulary (the ids of its terms). `country` is ISO 3166-1 alpha-2.
    `reading` names the rule that the period was read by, None where there is no date. `review` holds a sentence for
    each thing that a person should look at. `moved_from` are the exact days that it had before those of `period`.
    `last_known`: the source no longer stands by `period`, it is the last that was known (postponed without a new date,
    or a date that can no longer be read).
    """

    title: str
    period: Period | None = None
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    place: str | None = None
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    status: Status = Status.SCHEDULED
    lang: str | None = None
    review: tuple[str, ...] = ()
    reading: str | None = None
    alternatives: tuple[Reading, ...] = ()
    provenance: Provenance | None = None
    moved_from: Period | None = None
    last_known: bool = False


class Instance(Value, frozen=True, kw_only=True):
    """An instance of a recurrence that stands in the feeds, by its first day.

    `mark` stands behind the event's uid, in its own UID, for as long as it lives: None is a hyphen and the day's
    digits ("-20270106"), "" the event's own UID. `removed` is when the rule stopped giving it, and `period` what it was
    then: a tombstone, as of an event that left its source."""

    day: date
    mark: Annotated[str, Meta(pattern="^(-[a-z0-9]+)?$", max_length=40)] | None = None
    removed: Instant | None = None
    period: Period | None = None

    @property
    def suffix(self) -> str:
        return f"-{self.day:%Y%m%d}" if self.mark is None else self.mark


class Event(Draft, frozen=True, kw_only=True):
    """What is published: a draft with an identity, an editor's additions and a past.

    `uid` is opaque, made once and never derived again. `over`: it took place, and then left
    its source: it stays. Setting `reading` to the rule of one of `alternatives` chooses
    that reading for the whole entry. `edited` names the fields that an editor has set: no import changes them; with
    "provenance" among them no import touches the event, whatever its source says.
    `removed` is when the event left its source (a tombstone since then). `note` and `url` are the editor's own.
    `instances` are those of its recurrence that stand in the feeds and what fell away of late, `recurred` the period
    that they were made of; calfeed keeps both.
    """

    uid: Annotated[str, Meta(min_length=1, max_length=200)]
    note: str | None = None
    url: str | None = None
    over: bool = False
    edited: tuple[str, ...] = ()
    removed: Instant | None = None
    instances: tuple[Instance, ...] = ()
    recurred: Period | None = None
    revision: Revision
    history: tuple[Change, ...] = ()

    @property
    def in_public(self) -> Event:
        """The event without who took the steps of its history: that is the editors' own matter."""
        if all(change.by is None for change in self.history):
            return self
        return replace(self, history=tuple(replace(change, by=None) for change in self.history))

    @property
    def taken(self) -> datetime:
        """The instant at which an import last gave the event its content."""
        return max((change.at for change in self.history if change.edition), default=self.revision.created)

    def edition(self, editions: Iterable[Edition]) -> Edition | None:
        """The edition that it was taken from, of those that are on record."""
        source = self.provenance.source if self.provenance else None
        until = self.taken
        known = (edition for edition in editions if edition.source == source and edition.read <= until)
        return max(known, default=None, key=lambda edition: edition.read)


class Proposal(Value, frozen=True, kw_only=True):
    """An entry, normalised: the drafts that each of its readings gives, by the reading's rule, the default first.

    An entry without a date gives one undated draft under the rule "undated".
    """

    entry: Entry
    interpretation: Interpretation
    drafts: dict[str, tuple[Draft, ...]]


class Edition(Value, frozen=True, kw_only=True):
    """The version of a source that the catalogue was read from: `digest` is the SHA-256 of its bytes."""

    source: str
    digest: str
    read: Instant
    title: str | None = None
    published: date | None = None


class FormerFeed(Value, frozen=True, kw_only=True):
    """A name under which a feed was published that now has another: it goes on answering under it.

    `facet` and `value` are what it was made of, `name` what it was called; `now` is the value that it is made of
    `since`, None where nothing makes it any more."""

    slug: str
    facet: str
    value: str
    name: str = ""
    now: str | None = None
    since: Instant


class Catalogue(Value, frozen=True, kw_only=True):
    """All events, as stored in data/events.toml. `schema` is the version of that file's form."""

    schema: int = 1
    editions: tuple[Edition, ...] = ()
    former: tuple[FormerFeed, ...] = ()
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for event in self.events:
            if event.uid in seen:
                raise ValueError(f"two events have the UID {event.uid}")
            seen.add(event.uid)
