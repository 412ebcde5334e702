"""What holds for all tests: Hypothesis measures no time, since a busy machine is no fault of the code; sources are read
in this process, unless a test is marked `apart`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.inside import inside

settings.register_profile("calfeed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calfeed")


@pytest.fixture(autouse=True)
def _read_inside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("apart") is None:
        monkeypatch.setattr("calfeed.sources.apart", inside)
