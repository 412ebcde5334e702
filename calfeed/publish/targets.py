"""The published generation -> every target of calfeed.toml. One that fails keeps what it has, and stops no other.

How each fares stands in `var/targets.json`. Every refresh and build comes by here, so what failed is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from calfeed.errors import CalfeedError
from calfeed.feeds.generation import Generation
from calfeed.model import Catalogue, Instant, Value
from calfeed.publish.folder import load, publish, repair
from calfeed.publish.object_store import open_store, publish_to_store
from calfeed.publish.web_folder import with_codings
from calfeed.settings import Alerts, Desk, Settings, Target, public_address
from calfeed.store.disk import replace_file

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = logging.getLogger("calfeed.publish")

FILE = "targets.json"

Open = Callable[[Target], "ObjectStore"]


class TargetStatus(Value, frozen=True, kw_only=True):
    """How a target fares: the `generation` that it has, when it was last well, and in `message` what is wrong."""

    generation: str | None = None
    checked: Instant
    succeeded: Instant | None = None
    failing_since: Instant | None = None
    message: str | None = None


class SiteObject(msgspec.Struct, frozen=True):
    """What a replica makes pages from: the settings without what is nobody's business, the catalogue, and when the
    bytes of each file last changed."""

    settings: Settings
    catalogue: Catalogue
    modified: dict[str, datetime]


def site_object(settings: Settings, catalogue: Catalogue, generation: Generation) -> bytes:
    """The octets of the SiteObject of a generation: no secret of an address, no folder of this machine."""
    sources = tuple(
        replace(source, url=(public_address(source.url) or "https://invalid/") if source.url else None)
        for source in settings.sources
    )
    public = replace(settings, sources=sources, targets=(), desk=Desk(), alerts=Alerts(), folder=".")
    found = SiteObject(public, catalogue, dict(sorted(generation.modified.items())))
    return msgspec.json.encode(found, order="deterministic")


def publish_to_targets(
    settings: Settings,
    catalogue: Catalogue,
    *,
    now: datetime,
    fence: int | None = None,
    opened: Open = open_store,
) -> dict[str, TargetStatus]:
    """Bring every target to the generation in feeds/, which `catalogue` made; how each fares, by name.

    Never raises for a target. `opened` gives the store of an address."""
    before = read_targets(settings.state_path)
    if not settings.targets:
        return {}
    generation = load(settings.feeds_path)
    after = {}
    for target in settings.targets:
        known = before.get(target.name)
        try:
            changed = _publish(target, generation, settings, catalogue, now=now, fence=fence, opened=opened)
            after[target.name] = TargetStatus(generation=generation.id, checked=now, succeeded=now)
            if changed:
                log.info("target %s: generation %s", target.name, generation.id)
        except CalfeedError as error:
            after[target.name] = _failed(known, now, str(error))
        except Exception as error:  # one target's surprise must not stop the others
            log.exception("target %s", target.name)
            after[target.name] = _failed(known, now, f"it failed unexpectedly ({type(error).__name__}); see the log.")
    try:
        octets = msgspec.json.format(msgspec.json.encode(after, order="deterministic"), indent=2) + b"\n"
        replace_file(settings.state_path / FILE, octets)
    except OSError as error:
        log.error("state of the targets not written: %s", error.strerror)
    return after


def read_targets(folder: Path) -> dict[str, TargetStatus]:
    """How the targets fare, from a state folder; none where nothing is known, or the file was damaged."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, TargetStatus])
    return {}


def _publish(
    target: Target,
    generation: Generation,
    settings: Settings,
    catalogue: Catalogue,
    *,
    now: datetime,
    fence: int | None,
    opened: Open,
) -> bool:
    if target.is_store:
        site = site_object(settings, catalogue, generation)
        return publish_to_store(opened(target), generation, site, now=now, fence=fence)
    folder = Path(settings.folder, target.url)
    for sentence in repair(folder):
        log.warning("target %s: %s", target.name, sentence)
    return publish(with_codings(generation), folder)


def _failed(before: TargetStatus | None, now: datetime, message: str) -> TargetStatus:
    log.error("target failed: %s", message)
    return TargetStatus(
        generation=before.generation if before else None,
        checked=now,
        succeeded=before.succeeded if before else None,
        failing_since=(before.failing_since if before else None) or now,
        message=message,
    )
