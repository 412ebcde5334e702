"""What the person on call and the monitor ask: is it alive, is it ready, what does it count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from calfeed.condition import troubles
from calfeed.feeds.text import clean_line
from calfeed.settings import Settings
from calfeed.web.site import holder

blueprint = Blueprint("health", __name__)

# With one of these no refresh can do its work.
HINDERING = ("read-only", "disk-full", "disk", "overrun", "overdue", "refresh")

_LOADED = Gauge("calfeed_generation_loaded_timestamp_seconds", "When this process took the generation that it serves.")
_EVENTS = Gauge("calfeed_events", "Events in the catalogue.")
_FILES = Gauge("calfeed_feed_files", "Files in the generation that is served.")
_TROUBLES = Gauge("calfeed_troubles", "How many things are wrong: see /healthz.")
_FAULT = Gauge("calfeed_generation_fault", "1 while the newest generation cannot be loaded and an older one is served.")


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 while feeds are served, even older ones than were published, or without pages; 503 without any. `troubles`
    are all that is wrong, as `calfeed status` has them."""
    site, found = holder().current, _troubles()
    fault = holder().fault or (found[0]["message"] if found else None)
    if site is None and holder().serves:
        return _state({"status": "degraded", "fault": fault or "There are feeds, but no pages."}, 200)
    if site is None:
        return _state({"status": "down", "fault": fault or "No generation is published yet."}, 503)
    state: dict[str, Any] = {
        "status": "degraded" if fault else "ok",
        "generation": site.generation.id,
        "loaded_at": site.loaded_at.isoformat(),
        "events": len(site.catalogue.events),
    }
    return _state(state | ({"fault": fault} if fault else {}) | ({"troubles": found} if found else {}), 200)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether requests can be sent here; `refresh` says whether a new generation could be written."""
    if not holder().serves:
        return _state({"status": "not ready"}, 503)
    found = _troubles()
    hindered = [trouble["message"] for trouble in found if trouble["code"] in HINDERING]
    state: dict[str, Any] = {"status": "ready", "refresh": f"impossible: {hindered[0]}" if hindered else "possible"}
    return _state(state | ({"troubles": found} if found else {}), 200)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters of this process in Prometheus' text form."""
    site = holder().current
    _LOADED.set(site.loaded_at.timestamp() if site else 0)
    _EVENTS.set(len(site.catalogue.events) if site else 0)
    _FILES.set(len(holder().feeds))
    _TROUBLES.set(len(_troubles()))
    _FAULT.set(1 if holder().fault else 0)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _troubles() -> list[dict[str, Any]]:
    """What is wrong, for anybody to read: sources by their id, and no path."""
    settings: Settings = current_app.config["CALFEED"]
    found = troubles(settings, now=datetime.now(UTC))
    return [{"code": one.code, "source": one.source, "message": clean_line(one.message)} for one in found]


def _state(state: dict[str, Any], status: int) -> tuple[Response, int]:
    answer = jsonify(state)
    answer.headers["Cache-Control"] = "no-store"
    return answer, status
