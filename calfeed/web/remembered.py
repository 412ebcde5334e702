"""What the refresh remembers of the sources, for whoever asks over HTTP: `var/status.json`, read with mistrust."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from calfeed.settings import Settings

FILE = "status.json"
LIMIT = 1_000_000  # octets


def remembered_state(settings: Settings) -> dict[str, dict[str, Any]]:
    """What the refresh wrote of each source, by its id; nothing where it never ran or its file cannot be read.

    The file is as `calfeed.status.Status` has it; it is read without its types, since a page must be answered also
    while another version of calfeed writes it."""
    sources = _stored(settings).get("sources")
    if not isinstance(sources, dict):
        return {}
    return {name: state for name, state in sources.items() if isinstance(state, dict)}


def _stored(settings: Settings) -> dict[str, Any]:
    path = settings.state_path / FILE
    try:
        if path.stat().st_size > LIMIT:
            return {}
        stored = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def instant(text: object) -> datetime | None:
    """An instant as it was written, None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
