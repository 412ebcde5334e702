"""A made-up programme of any size, the same for every run: what the benchmarks of the feeds are measured on."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from calfeed.model import Catalogue, Edition, Event, Evidence, Period, Precision, Provenance, Revision, Where
from calfeed.settings import Facet, Settings, Site, Source, Term

READ = datetime(2013, 2, 1, 9, tzinfo=UTC)
KINDS = ("workshop", "webinar", "training", "meeting")
PLACES = ("Geneva, Switzerland", "Manama, Bahrain", "Dakar, Senegal", "Bratislava, Slovakia", None)
YEARS = 20


def settings(topics: int) -> Settings:
    """Three conventions and `topics` topics, each with a feed: with the feed of everything, `topics` + 4 feeds."""
    conventions = tuple(Term(id=id, name=f"{id.title()} Convention") for id in ("basel", "rotterdam", "stockholm"))
    named = tuple(Term(id=f"topic-{n}", name=f"Topic {n}") for n in range(topics))
    return Settings(
        site=Site(name="Benchmark", url="https://calendar.example.org", host="calendar.example.org"),
        sources=(
            Source(id="programme", title="Programme", path="programme.txt", link="https://example.org/programme"),
        ),
        facets=(
            Facet(name="convention", plural="conventions", title="Convention", feeds=True, values=conventions),
            Facet(name="kind", plural="kinds", title="Kind", values=tuple(Term(id=kind, name=kind) for kind in KINDS)),
            Facet(name="topic", plural="topics", title="Topic", feeds=True, values=named),
        ),
    )


def catalogue(size: int, topics: int) -> Catalogue:
    """`size` events over 20 years, each of one to three conventions and of two topics: 5 feeds each, on average."""
    chance = random.Random(size)
    events = tuple(event(number, topics, chance) for number in range(size))
    edition = Edition(source="programme", digest="0" * 64, read=READ, title="Programme", published=READ.date())
    return Catalogue(editions=(edition,), events=events)


def event(number: int, topics: int, chance: random.Random) -> Event:
    period = _period(chance)
    conventions = tuple(sorted(chance.sample(("basel", "rotterdam", "stockholm"), chance.randint(1, 3))))
    chosen = tuple(f"topic-{n}" for n in sorted(chance.sample(range(topics), 2)))
    kind = chance.choice(KINDS)
    title = f"Regional {kind} {number} on the environmentally sound management of wastes"
    told = f"{period.start:%B %Y}"
    return Event(
        uid=f"ev-{number:06}",
        title=title,
        period=period,
        facets={"convention": conventions, "kind": (kind,), "topic": chosen},
        place=chance.choice(PLACES),
        lang="en",
        reading="single",
        provenance=Provenance(
            source="programme",
            entry=f"{title}: {told}",
            outline=("Wastes", f"Activity {number % 300}", "Calendar of events"),
            where=Where(lines=(number, number)),
            date_text=told,
            evidence=(Evidence(facet="kind", value=kind, words="title"),),
        ),
        revision=Revision(created=READ, modified=READ),
    )


def _period(chance: random.Random) -> Period:
    """A month in five cases of ten, exact days in three, a quarter or a year in one each."""
    year, month = 2013 + chance.randrange(YEARS), chance.randint(1, 12)
    first = date(year, month, 1)
    match chance.randrange(10):
        case 0:
            return Period(start=date(year, 1, 1), end=date(year, 12, 31), precision=Precision.YEAR)
        case 1:
            begin = (month - 1) // 3 * 3 + 1
            last = (date(year, begin, 1) + timedelta(days=95)).replace(day=1) - timedelta(days=1)
            return Period(start=date(year, begin, 1), end=last, precision=Precision.QUARTER)
        case 2 | 3 | 4:
            day = first + timedelta(days=chance.randrange(25))
            return Period(start=day, end=day + timedelta(days=chance.randrange(4)), precision=Precision.DAY)
        case _:
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            return Period(start=first, end=last, precision=Precision.MONTH)
