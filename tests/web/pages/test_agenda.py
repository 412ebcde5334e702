"""The list says of each event what is known, under a heading that claims no more."""

from calfeed.web.pages.agenda import agenda
from calfeed.web.pages.index import Index
from tests import sample

INDEX = Index(sample.catalogue(), sample.settings())


def headings() -> list[tuple[int, str, list[str]]]:
    years = agenda(
        INDEX.items,
        month=lambda first: f"{first:%Y-%m}",
        span=lambda item: f"span of {item.event.uid}",
        year=lambda year: f"in {year}",
    )
    return [
        (year.year, section.heading, [item.event.uid for item in section.items])
        for year in years
        for section in year.sections
    ]


def test_each_dated_event_stands_once_in_its_own_place() -> None:
    assert headings() == [
        (2013, "span of ev-months", ["ev-months"]),
        (2013, "2013-08", ["ev-exact"]),
        (2013, "2013-10", ["ev-day"]),
        (2013, "span of ev-end", ["ev-end"]),
        (2013, "2013-12", ["ev-month"]),
        (2013, "in 2013", ["ev-ongoing"]),
        (2013, "span of ev-years", ["ev-years"]),
        (2014, "2014-02", ["ev-starting"]),
        (2014, "span of ev-quarter", ["ev-quarter"]),
        (2014, "2014-05", ["ev-cancelled"]),
        (2014, "span of ev-season", ["ev-season"]),
        (2014, "2014-09", ["ev-odd"]),
        (2014, "in 2014", ["ev-year"]),
    ]


def test_a_heading_speaks_for_its_events_only_where_it_says_all() -> None:
    years = agenda(INDEX.items, month=str, span=lambda item: item.event.uid, year=str)
    told = {item.event.uid: section.told for year in years for section in year.sections for item in section.items}
    assert told["ev-month"] and told["ev-year"] and told["ev-quarter"]
    assert not told["ev-exact"] and not told["ev-starting"] and not told["ev-ongoing"]
