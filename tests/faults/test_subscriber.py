"""A subscriber's view of a document that changes: two hundred random sequences of edits."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.refresh.subscriber import Subscriber

TestSubscriber = Subscriber.TestCase
TestSubscriber.settings = settings(
    max_examples=200, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
