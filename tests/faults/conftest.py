"""Slow tests: they run when this folder is asked for (`make faults`), not with all the others."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = any("faults" in argument for argument in config.args)
    return None if asked else True
