"""The index answers as `calfeed.feeds.select` does, only sooner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.feeds import Selection, select
from calfeed.model import Catalogue, Period, Precision, Qualifier
from calfeed.web.pages.index import Index
from tests import sample

CATALOGUE = sample.catalogue()
INDEX = Index(CATALOGUE, sample.settings())
NONE = {"convention": "general"}

days = st.dates(date(2012, 6, 1), date(2016, 6, 1))
selections = st.builds(
    lambda convention, kind, topic, q, ends, flavour: Selection(
        facets={
            name: values for name, values in (("convention", convention), ("kind", kind), ("topic", topic)) if values
        },
        q=q,
        from_=ends[0],
        to=ends[1],
        flavour=flavour,
        none=NONE,
    ),
    st.sampled_from([(), ("basel",), ("rotterdam", "stockholm"), ("general",)]),
    st.sampled_from([(), ("workshop",), ("e-learning", "meeting")]),
    st.sampled_from([(), ("e-waste",), ("odd-text", "clearing-house")]),
    st.sampled_from(["", "webinar", "GENEVA", "2013 work", "nothing like it", "wastes"]),
    st.one_of(
        st.just((None, None)),
        st.tuples(days, st.none()),
        st.tuples(st.none(), days),
        st.tuples(days, days).map(lambda pair: (min(pair), max(pair))),
    ),
    st.sampled_from(["all", "exact", "starts"]),
)


@given(selections)
def test_a_selection_is_what_its_feed_contains(selection: Selection) -> None:
    ours = {item.event.uid for item in INDEX.members(INDEX.select(selection))}
    assert ours == {event.uid for event in select(CATALOGUE.events, selection)}


@given(selections)
def test_a_count_is_what_the_value_alone_would_select(selection: Selection) -> None:
    for name in ("convention", "kind", "topic"):
        for value, count in INDEX.counts(selection, name).items():
            alone = replace(selection, facets={**selection.facets, name: (value,)})
            assert count == len(select(CATALOGUE.events, alone)), (name, value)


def test_the_years_count_what_touches_them() -> None:
    assert INDEX.year_counts(Selection(none=NONE)) == {2013: 7, 2014: 7, 2015: 1}


def test_a_stretch_of_the_members_is_cut_out_in_order() -> None:
    everything = [item.event.uid for item in INDEX.members(INDEX.all)]
    assert [item.event.uid for item in INDEX.members(INDEX.all, 3, 4)] == everything[3:7]
    assert INDEX.members(INDEX.all, 100, 4) == []
    assert everything[-1] == "ev-undated"


def test_an_event_of_400_years_does_not_fill_the_list_of_years() -> None:
    long = sample.event("long", "x", Period(start=date(1800, 1, 1), end=date(2200, 1, 1), precision=Precision.YEAR))
    index = Index(Catalogue(events=(long,)), sample.settings())
    assert len(index.years) == 60


def test_an_empty_catalogue_has_an_index() -> None:
    index = Index(Catalogue(), sample.settings())
    assert index.members(index.select(Selection(q="x", from_=date(2013, 1, 1)))) == []
    assert index.years == {}


@pytest.mark.parametrize("qualifier", [None, Qualifier.ONGOING])
def test_a_recurrence_has_a_span_for_each_time(qualifier: Qualifier | None) -> None:
    period = Period(
        start=date(2014, 3, 3),
        end=date(2014, 3, 31),
        precision=Precision.DAY,
        qualifier=qualifier,
        rrule="FREQ=WEEKLY;BYDAY=MO",
    )
    index = Index(Catalogue(events=(sample.event("weekly", "Seminar", period),)), sample.settings())
    assert len(index.items[0].spans) == 5
