"""Vendored files are the bytes of their npm package."""

import hashlib
import json
from pathlib import Path

import calfeed.web

VENDOR = Path(calfeed.web.__file__).parent / "static" / "vendor"
DIGESTS = json.loads((Path(__file__).parent / "vendor.json").read_text("utf-8"))


def test_vendored_files_are_unchanged() -> None:
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(VENDOR.rglob("*"))
        if path.is_file() and path.name != "README.md"
    }
    assert found == DIGESTS


def test_the_version_is_told() -> None:
    package = json.loads((VENDOR / "fullcalendar" / "package.json").read_text("utf-8"))
    assert f"| {package['version']} |" in (VENDOR / "README.md").read_text("utf-8")
