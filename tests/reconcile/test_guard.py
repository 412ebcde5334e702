"""What may disappear at once, and what is held."""

from __future__ import annotations

from datetime import timedelta

from calfeed.model import Catalogue
from tests.reconcile.programme import NOW, read, uids

DAY = timedelta(days=1)


NAMES = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel")


def lines(count: int) -> list[str]:
    """So many entries, no two alike."""
    return [
        f"{NAMES[at % 8]} {NAMES[at // 8]} {'seminar' if at % 2 else 'course'} {at}: 2014-{at % 12 + 1:02}"
        for at in range(count)
    ]


def live(catalogue: Catalogue) -> int:
    return sum(event.removed is None for event in catalogue.events)


def test_a_few_may_leave() -> None:
    new_uid = uids()
    first = read(Catalogue(), lines(20), new_uid)
    second = read(first.catalogue, lines(20)[3:], new_uid, now=NOW + DAY)
    assert (second.held, len(second.cancelled)) == ((), 3)


def test_more_than_a_fifth_is_held_and_the_rest_is_applied() -> None:
    new_uid = uids()
    first = read(Catalogue(), lines(20), new_uid)
    second = read(first.catalogue, [*lines(20)[5:], "A completely other thing: 2015"], new_uid, now=NOW + DAY)
    assert [(held.scope, len(held.leaving), held.of) for held in second.held] == [("the source programme", 5, 20)]
    assert live(second.catalogue) == 21
    assert "calfeed approve programme" in second.held[0].message
    assert second.catalogue.editions == first.catalogue.editions


def test_an_approval_lets_them_leave() -> None:
    new_uid = uids()
    first = read(Catalogue(), lines(20), new_uid)
    second = read(first.catalogue, lines(20)[10:], new_uid, now=NOW + DAY, approved=True)
    assert (second.held, len(second.cancelled)) == ((), 10)
    third = read(second.catalogue, lines(20)[12:], new_uid, now=NOW + 2 * DAY)
    assert (third.held, len(third.cancelled)) == ((), 2)


def test_no_entry_at_all_is_never_the_end_of_a_source() -> None:
    new_uid = uids()
    first = read(Catalogue(), lines(2), new_uid)
    second = read(first.catalogue, [], new_uid, now=NOW + DAY)
    assert len(second.held) == 1
    assert live(second.catalogue) == 2


def test_a_slow_loss_is_held_too() -> None:
    new_uid = uids()
    catalogue = read(Catalogue(), lines(30), new_uid).catalogue
    held_after = []
    for day in range(1, 5):
        result = read(catalogue, lines(30)[2 * day :], new_uid, now=NOW + day * DAY)
        catalogue = result.catalogue
        held_after.append(bool(result.held))
    assert held_after == [False, False, False, True]
    assert live(catalogue) == 24


def test_losses_of_other_weeks_do_not_count() -> None:
    new_uid = uids()
    catalogue = read(Catalogue(), lines(30), new_uid).catalogue
    for week in range(1, 5):
        result = read(catalogue, lines(30)[2 * week :], new_uid, now=NOW + week * 8 * DAY)
        catalogue = result.catalogue
        assert result.held == ()


def test_a_feed_is_guarded_by_itself() -> None:
    new_uid = uids()
    rotterdam = [f"Rotterdam {text}" for text in lines(5)]
    first = read(Catalogue(), [*lines(40), *rotterdam], new_uid)
    second = read(first.catalogue, lines(40), new_uid, now=NOW + DAY)
    assert [held.scope for held in second.held] == ["the feed of convention rotterdam"]
    assert live(second.catalogue) == 45
