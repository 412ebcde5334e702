"""What stops a release."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

CHECK = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "release_check.py")))
TODAY = date(2027, 1, 20)


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (date(2027, 1, 20), []),
        (date(2027, 1, 6), []),
        (date(2027, 1, 5), ["the lock is 15 days old, 14 are allowed."]),
    ],
)
def test_a_lock_grows_old_in_two_weeks(since: date, told: list[str]) -> None:
    assert list(CHECK.old("the lock", since, TODAY)) == told


def test_an_advisory_stops_the_versions_that_it_names() -> None:
    advisory = {"id": "CVE-1", "package": "flask", "versions": "3.1.2 3.1.3", "what": "a page may fail."}
    assert list(CHECK.advised([advisory], {"flask": "3.1.3"})) == ["flask 3.1.3: CVE-1, a page may fail."]
    assert list(CHECK.advised([advisory], {"flask": "3.1.4"})) == []
    assert list(CHECK.advised([advisory | {"accepted": "not used"}], {"flask": "3.1.3"})) == []


@pytest.mark.parametrize(
    ("licence", "fits"),
    [
        ("MIT", True), ("Apache-2.0 OR BSD-3-Clause", True), ("LGPL-3.0-or-later", True),
        ("License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", True),
        ("AGPL-3.0-only", False), ("GPL-3.0-or-later", False), ("", False),
    ],
)  # fmt: skip
def test_licences_that_a_product_cannot_be_given_away_with(licence: str, fits: bool) -> None:
    assert (list(CHECK.unlicensed({"x": licence})) == []) == fits


def test_a_lock_is_read_with_names_and_versions() -> None:
    assert CHECK.locked("flask==3.1.3 \\\n    --hash=sha256:0\nurllib3==2.8.0\n") == {
        "flask": "3.1.3",
        "urllib3": "2.8.0",
    }
