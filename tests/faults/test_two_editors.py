"""Two editors at once, at length: 200 random orders of loading and saving lose no update."""

from __future__ import annotations

from hypothesis import given, settings

from tests.desk.test_two_editors import STEPS, no_update_is_lost


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_no_update_is_lost_in_200_random_orders(steps: list[tuple[str, str, str]]) -> None:
    no_update_is_lost(steps)
