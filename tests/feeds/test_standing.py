"""What a cache keeps from build to build changes no byte: a change is put in where it belongs, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from unittest import mock

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from calfeed.errors import FeedError
from calfeed.feeds import RenderCache, build, standing
from calfeed.model import Catalogue, Event, Period, Precision
from tests import sample

EVENTS = sample.catalogue().events
PERIODS = (
    None,
    Period(start=date(2013, 8, 12), end=date(2013, 8, 14), precision=Precision.DAY),
    Period(start=date(2014, 1, 1), end=date(2014, 12, 31), precision=Precision.YEAR),
    Period(start=date(2014, 3, 6), end=date(2014, 4, 24), precision=Precision.DAY, rrule="FREQ=WEEKLY;BYDAY=TH"),
)
CHANGES = st.one_of(
    st.fixed_dictionaries({"title": st.sampled_from(("Another title", "One more"))}),
    st.fixed_dictionaries({"period": st.sampled_from(PERIODS)}),
    st.fixed_dictionaries({
        "facets": st.sampled_from((
            {"convention": ("basel",)},
            {"convention": (), "kind": ("webinar",)},
            {"convention": ("rotterdam", "stockholm"), "kind": ("meeting",)},
        ))
    }),
)  # fmt: skip


def changed(events: tuple[Event, ...], steps: list[tuple[int, dict[str, object] | None]]) -> tuple[Event, ...]:
    """Each step changes one event, or with None takes it away, or puts it back where it is away."""
    now = {event.uid: event for event in events}
    for number, change in steps:
        event = EVENTS[number]
        if event.uid not in now:
            now[event.uid] = event
        elif change is None:
            del now[event.uid]
        else:
            now[event.uid] = replace(now[event.uid], **change)
    return tuple(now[event.uid] for event in EVENTS if event.uid in now)


@pytest.fixture(params=[0, 100], ids=["all anew", "change by change"], scope="module")
def few(request: pytest.FixtureRequest) -> Iterator[None]:
    with mock.patch.object(standing, "FEW", request.param):
        yield


@hypothesis.settings(max_examples=30)
@given(
    builds=st.lists(
        st.lists(st.tuples(st.integers(0, len(EVENTS) - 1), st.none() | CHANGES), max_size=4), min_size=1, max_size=4
    )
)
def test_a_cache_changes_no_byte(few: None, builds: list[list[tuple[int, dict[str, object] | None]]]) -> None:
    cache, settings, events = RenderCache(), sample.settings(), EVENTS
    build(sample.catalogue(), settings, cache=cache)
    for steps in builds:
        events = changed(events, steps)
        catalogue = replace(sample.catalogue(), events=events)
        assert dict(build(catalogue, settings, cache=cache).files) == dict(build(catalogue, settings).files)


def test_a_build_that_failed_leaves_nothing_for_the_next(few: None) -> None:
    cache, settings, before = RenderCache(), sample.settings(), sample.catalogue()
    build(before, settings, cache=cache)
    edited = replace(before, events=(replace(EVENTS[0], title="Edited"), *EVENTS[1:]))
    stopped = mock.patch("calfeed.feeds.generation.index_document", side_effect=FeedError("stopped."))
    with stopped, pytest.raises(FeedError):
        build(edited, settings, cache=cache)
    assert dict(build(edited, settings, cache=cache).files) == dict(build(edited, settings).files)


def test_one_change_touches_the_feeds_of_its_event_alone() -> None:
    settings = sample.settings()
    events = tuple(replace(EVENTS[0], uid=f"ev-{n:03}") for n in range(200))
    cache = RenderCache()
    build(Catalogue(events=events), settings, cache=cache)
    before = dict(cache.feeds)
    moved = replace(events[7], facets={"convention": ("rotterdam",)})
    build(Catalogue(events=(*events[:7], moved, *events[8:])), settings, cache=cache)
    touched = {slug for slug, feed in cache.feeds.items() if feed is not before.get(slug)}
    expected = {"all", "rotterdam", *events[7].facets["convention"]}
    assert expected <= touched
    assert touched < set(cache.feeds)
