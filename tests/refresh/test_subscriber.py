"""A subscriber's view of a document that changes: a share of what tests/faults runs."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.refresh.subscriber import Subscriber

TestSubscriber = Subscriber.TestCase
TestSubscriber.settings = settings(
    max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
