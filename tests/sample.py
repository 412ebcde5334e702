"""A small catalogue that holds one of everything: each precision, qualifier, status, and odd text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from calfeed.model import (
    Catalogue,
    Change,
    Edition,
    Event,
    Evidence,
    Period,
    Precision,
    Provenance,
    Qualifier,
    Reading,
    Revision,
    Status,
    Where,
)
from calfeed.settings import Settings, parse_settings

CREATED = datetime(2013, 2, 1, 9, 0, tzinfo=UTC)
CHANGED = datetime(2013, 3, 5, 12, 30, tzinfo=UTC)

SETTINGS_TEXT = """
[site]
name = "Sample calendar"
url = "https://calendar.example.org"
host = "calendar.example.org"
languages = ["en", "fr", "ar"]

[[sources]]
id = "programme"
title = "Programme 2013-2015"
path = "programme.txt"
link = "https://example.org/programme"
published = 2013-01-15

[[facets]]
name = "convention"
plural = "conventions"
title = "Convention"
feeds = true
none = "general"
evidence = ["heading", "everywhere", "entry", "audience", "objectives", "background"]
everywhere = ["CROSS CUTTING"]
values = [
  { id = "basel", name = "Basel Convention", words = ["Basel"], colour = "#1d5b8f" },
  { id = "rotterdam", name = "Rotterdam Convention", words = ["Rotterdam"], colour = "#8a4b08" },
  { id = "stockholm", name = "Stockholm Convention", words = ["Stockholm"], colour = "#2d6a3e" },
]
"""


# A folder that is not there.
NOWHERE = Path(__file__).parent / "nowhere"


def settings(folder: Path | str = NOWHERE) -> Settings:
    """The sample's settings; without a folder of their own no file of this machine can have a part in a test."""
    return parse_settings(SETTINGS_TEXT, source="calfeed.toml", folder=Path(folder))


def period(
    start: str | None,
    end: str | None,
    precision: Precision,
    qualifier: Qualifier | None = None,
) -> Period:
    return Period(
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        precision=precision,
        qualifier=qualifier,
    )


def event(
    uid: str,
    title: str,
    when: Period | None,
    date_text: str = "",
    *,
    convention: tuple[str, ...] = ("basel",),
    kind: tuple[str, ...] = ("workshop",),
    topic: tuple[str, ...] = ("e-waste",),
    line: int = 1,
    **fields: object,
) -> Event:
    """An event with the provenance and revision that an import would have given it."""
    entry = f"{title}: {date_text}" if date_text else title
    given: dict[str, object] = {
        "uid": uid,
        "title": title,
        "period": when,
        "facets": {"convention": convention, "kind": kind, "topic": topic},
        "reading": "single" if when else None,
        "lang": "en",
        "provenance": Provenance(
            source="programme",
            entry=entry,
            outline=("Wastes", "E-waste", "Calendar of events"),
            where=Where(lines=(line, line)),
            date_text=date_text,
            evidence=tuple(
                Evidence(facet="convention", value=value, words=f"heading names the {value.title()} Convention")
                for value in convention
            ),
        ),
        "revision": Revision(created=CREATED, modified=CREATED),
    }
    return Event(**(given | fields))  # type: ignore[arg-type]


def catalogue() -> Catalogue:
    year_2014 = period("2014-01-01", "2014-12-31", Precision.YEAR)
    return Catalogue(
        editions=(
            Edition(source="programme", digest="0" * 64, read=CREATED, title="Programme 2013-2015", published=date(2013, 1, 15)),
        ),
        events=(
            event(
                "ev-exact", "Global expert meeting",
                period("2013-08-12", "2013-08-14", Precision.DAY), "12-14 August 2013",
                convention=("basel", "stockholm"), kind=("meeting",), topic=("pops-in-articles",),
                place="Geneva, Switzerland", country="CH", line=10,
            ),
            event("ev-day", "Submission of reports", period(None, "2013-10-31", Precision.DAY, Qualifier.BY), "by 31 October 2013", line=11),
            event("ev-month", "Third global workshop", period("2013-12-01", "2013-12-31", Precision.MONTH), "December 2013", line=12),
            event(
                "ev-months", "Webinars", period("2013-07-01", "2013-09-30", Precision.MONTH), "July-September 2013, 2014",
                kind=("webinar",), line=13, reading="list",
                review=("Does July-September hold in 2014 too?",),
                alternatives=(
                    Reading(
                        rule="each-year",
                        periods=(
                            period("2013-07-01", "2013-09-30", Precision.MONTH),
                            period("2014-07-01", "2014-09-30", Precision.MONTH),
                        ),
                    ),
                ),
            ),
            event("ev-year", "Webinars", year_2014, "July-September 2013, 2014", kind=("webinar",), line=13, reading="list"),
            event("ev-years", "Regional workshops", period("2013-01-01", "2015-12-31", Precision.YEAR), "2013-2015", line=14),
            event("ev-quarter", "National training", period("2014-04-01", "2014-06-30", Precision.QUARTER), "Q2 2014", kind=("training",), convention=("rotterdam",), line=15),
            event("ev-season", "Summer school", period("2014-06-01", "2014-08-31", Precision.SEASON), "summer 2014", kind=("training",), convention=("stockholm",), line=16),
            event("ev-starting", "Online meetings", period("2014-02-01", None, Precision.MONTH, Qualifier.STARTING), "starting in February 2014", kind=("meeting",), convention=("basel", "rotterdam", "stockholm"), topic=("clearing-house",), line=17),
            event("ev-ongoing", "Project activities", period("2013-01-01", "2013-12-31", Precision.YEAR, Qualifier.ONGOING), "ongoing in 2013", kind=("project",), line=18),
            event("ev-end", "E-learning platform", period("2013-10-01", "2013-12-31", Precision.YEAR, Qualifier.END), "available at the end of 2013", kind=("e-learning",), convention=(), line=19),
            event("ev-undated", "E-learning courses for police and enforcement officers", None, kind=("e-learning",), line=20),
            event(
                "ev-cancelled", "Sub-regional workshop", period("2014-05-05", "2014-05-09", Precision.DAY), "5-9 May 2014",
                place="Manama, Bahrain", country="BH", status=Status.CANCELLED, removed=CHANGED, line=21,
                revision=Revision(sequence=2, created=CREATED, modified=CHANGED),
                history=(Change(at=CHANGED, sequence=2, what="cancelled", fields={"status": ("scheduled", "cancelled")}),),
            ),
            event(
                "ev-odd", "Comma, semicolon; back\\slash \\N \"quotes\" – déjà vu, 会议, اجتماع <script>alert(1)</script>",
                period("2014-09-01", "2014-09-30", Precision.MONTH), "September 2014", topic=("odd-text",), line=22,
                url="https://example.org/odd?a=1&b=2",
                history=(Change(at=CHANGED, sequence=1, what="moved", fields={"period": ("July 2014", "September 2014")}),),
                revision=Revision(sequence=1, created=CREATED, modified=CHANGED),
            ),
        ),
    )  # fmt: skip
