from __future__ import annotations

import msgspec

from calfeed.feeds import build, feeds_of, members
from calfeed.model import Catalogue
from tests import sample
from tests.feeds.reading import generation, head


def test_there_is_a_feed_for_everything_each_value_and_no_value() -> None:
    feeds = feeds_of(sample.catalogue(), sample.settings())
    assert [feed.slug for feed in feeds] == [
        "all", "basel", "rotterdam", "stockholm", "general",
        "clearing-house", "e-waste", "odd-text", "pops-in-articles",
    ]  # fmt: skip
    assert [feed.name for feed in feeds][:6] == [
        "Sample calendar", "Basel Convention", "Rotterdam Convention", "Stockholm Convention", "General",
        "Clearing house",
    ]  # fmt: skip


def test_a_topic_has_the_name_of_its_heading() -> None:
    feeds = {feed.slug: feed.name for feed in feeds_of(sample.catalogue(), sample.settings())}
    assert feeds["e-waste"] == "E-waste"


def test_events_without_a_value_stand_in_the_feeds_of_all_values() -> None:
    catalogue, settings = sample.catalogue(), sample.settings()
    standing = members(catalogue, settings, feeds_of(catalogue, settings))
    for slug in ("all", "basel", "rotterdam", "stockholm", "general"):
        assert "ev-end" in {event.uid for event in standing[slug]}
    assert len(standing["general"]) == 1


def test_a_slug_that_means_something_else_is_given_another() -> None:
    names = ("all", "custom", "basel", "general", "basel-exact", "report-2014", "index")
    events = tuple(sample.event(f"ev-{name}", "A", None, topic=(name,)) for name in names)
    feeds = feeds_of(Catalogue(events=events), sample.settings())
    assert [feed.slug for feed in feeds if feed.facet == "topic"] == [
        "all-topic", "basel-topic", "basel-exact-topic", "custom-topic", "general-topic", "index-topic",
        "report-2014-topic",
    ]  # fmt: skip


def test_no_two_feeds_share_a_file() -> None:
    settings = sample.settings()
    events = tuple(
        sample.event(f"ev-{n}", "A", None, topic=(name,))
        for n, name in enumerate(["basel", "basel topic", "basel-topic"])
    )
    slugs = [feed.slug for feed in feeds_of(Catalogue(events=events), settings)]
    assert len(set(slugs)) == len(slugs)


def test_a_name_has_none_of_the_characters_that_clients_fail_to_unescape() -> None:
    event = sample.event("ev-1", "A", sample.period("2013-01-01", "2013-01-01", sample.Precision.DAY), topic=("a-b-c",))
    assert event.provenance is not None
    provenance = msgspec.structs.replace(event.provenance, outline=("A, b; c",))
    files = build(Catalogue(events=(msgspec.structs.replace(event, provenance=provenance),)), sample.settings()).files
    assert "NAME:A b c" in head(files["a-b-c.ics"])
    assert b"CATEGORIES:Basel Convention,workshop,A b c\r\n" in files["all.ics"]


def test_the_id_names_the_bytes() -> None:
    catalogue = sample.catalogue()
    other = build(msgspec.structs.replace(catalogue, events=catalogue.events[1:]), sample.settings())
    assert other.id != generation().id
    assert msgspec.json.decode(generation().files["index.json"])["generation"] == generation().id
    assert msgspec.json.decode(generation().files["generation.json"])["id"] == generation().id


def test_a_value_that_stands_twice_in_an_event_is_one_value() -> None:
    catalogue = Catalogue(events=(sample.event("ev-1", "A", None, convention=("basel", "stockholm", "basel")),))
    standing = members(catalogue, sample.settings(), feeds_of(catalogue, sample.settings()))
    assert [len(standing[slug]) for slug in ("basel", "rotterdam", "stockholm", "general")] == [1, 0, 1, 0]
