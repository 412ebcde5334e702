from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from calfeed.errors import QueryError
from calfeed.feeds import (
    Selection,
    SelectionError,
    canonical_query,
    feeds_of,
    members,
    parse_selection,
    select,
    vocabulary,
)
from tests import sample

EVENTS = sample.catalogue().events
SETTINGS = sample.settings()
KNOWN = vocabulary(EVENTS, SETTINGS)


def parse(query: str) -> Selection:
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    return parse_selection(MultiDict(pairs), SETTINGS, KNOWN)


def uids(selection: Selection) -> list[str]:
    return [event.uid for event in select(EVENTS, selection)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("convention=rotterdam", ["ev-quarter", "ev-starting", "ev-end"]),
        ("convention=general", ["ev-end"]),
        ("convention=rotterdam&kind=training", ["ev-quarter"]),
        ("kind=project&kind=webinar", ["ev-months", "ev-year", "ev-ongoing"]),
        ("kind=project,webinar", ["ev-months", "ev-year", "ev-ongoing"]),
        ("topic=odd-text", ["ev-odd"]),
        ("q=expert+MEETING".replace("+", " "), ["ev-exact"]),
        ("q=geneva", ["ev-exact"]),
        ("q=geneva workshop", []),
        ("flavour=exact", ["ev-exact", "ev-day", "ev-cancelled"]),
        ("from=2015-01-01", ["ev-years"]),
        ("from=2013-09-30&to=2013-09-30", ["ev-months", "ev-years", "ev-ongoing"]),
        ("to=2012-12-31", []),
        ("q=police", ["ev-undated"]),
        ("q=police&from=1900-01-01", []),
    ],
)
def test_a_selection_holds_what_it_says(query: str, expected: list[str]) -> None:
    assert uids(parse(query)) == expected


def test_each_feed_holds_what_its_selection_selects() -> None:
    catalogue = sample.catalogue()
    feeds = feeds_of(catalogue, SETTINGS)
    standing = members(catalogue, SETTINGS, feeds)
    assert {feed.slug: select(EVENTS, feed.selection) for feed in feeds} == standing


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("kind=webinar&convention=basel", "convention=basel&kind=webinar"),
        ("kind=webinar&kind=project&kind=webinar", "kind=project&kind=webinar"),
        ("kind=Pilot Project", "kind=pilot-project"),
        ("kind=pilot-project", "kind=pilot-project"),
        ("q=  e   waste ", "q=e+waste"),
        ("flavour=all&lang=en&q=&from=", ""),
        (
            "flavour=starts&lang=fr&to=2014-12-31&from=2014-01-01",
            "from=2014-01-01&to=2014-12-31&flavour=starts&lang=fr",
        ),
    ],
)
def test_a_query_has_one_canonical_form(query: str, canonical: str) -> None:
    assert canonical_query(parse(query)) == canonical


def test_the_canonical_form_reads_back_as_the_same_selection() -> None:
    chosen = parse("kind=pilot project&kind=webinar&q=a b&from=2014-01-01&flavour=starts")
    assert parse(canonical_query(chosen).replace("+", " ")) == chosen


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("convention=basle", "there is no convention 'basle'. The nearest is 'basel'."),
        ("convetion=basel", "there is no parameter 'convetion'. The nearest is 'convention'."),
        ("flavour=exakt", "there is no flavour 'exakt'. The nearest is 'exact'."),
        ("lang=xx", "there is no lang 'xx'. Known: en, fr, ar."),
        ("kind=qqqqqq", "there is no kind 'qqqqqq'. Known: workshop,"),
        ("from=2014-13-01", "from is a day such as 2014-03-01, not '2014-13-01'."),
        ("from=2014-02-01&to=2014-01-01", "to (2014-01-01) is before from (2014-02-01)."),
        ("from=2014-01-01&from=2014-02-01", "from stands 2 times."),
        ("q=" + "x" * 101, "q is at most 100 characters long."),
        ("topic=" + ",".join(["e-waste"] * 9), "a selection has at most 8 values."),
    ],
)
def test_what_does_not_exist_is_refused_with_what_is_nearest(query: str, message: str) -> None:
    with pytest.raises(SelectionError) as caught:
        parse(query)
    assert str(caught.value).startswith(message)
    assert caught.value.code == "selection"
    assert isinstance(caught.value, QueryError)


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_query_is_read_or_refused(name: str, value: str) -> None:
    try:
        chosen = parse_selection(MultiDict([(name, value), ("q", value)]), SETTINGS, KNOWN)
    except SelectionError as error:
        assert len(str(error)) < 600
    else:
        assert canonical_query(chosen).isascii()


@given(
    st.sets(st.sampled_from(["basel", "rotterdam", "stockholm", "general"])),
    st.sets(st.sampled_from(["webinar", "workshop", "pilot project"])),
    st.none() | st.dates(date(2012, 1, 1), date(2016, 1, 1)),
)
def test_a_narrower_selection_never_holds_more(conventions: set[str], kinds: set[str], first: date | None) -> None:
    none = {"convention": "general"}
    facets = {"convention": tuple(conventions)} if conventions else {}
    wide = set(uids(Selection(facets=facets, none=none)))
    narrow = Selection(facets=facets | ({"kind": tuple(kinds)} if kinds else {}), from_=first, none=none)
    assert set(uids(narrow)) <= wide
