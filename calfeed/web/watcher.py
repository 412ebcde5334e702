"""Notices that another process has published, and puts the new generation in place of the old one."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from calfeed.errors import CalfeedError
from calfeed.web.representations import Resource
from calfeed.web.site import Site, SiteHolder

LOG = logging.getLogger(__name__)

# A generation that could not be loaded is tried again at every tenth check: the fault may have been elsewhere, such as
# in the catalogue.
RETRY_CHECKS = 10

Signature = tuple[int, int, int, int]


class Watcher:
    """Loads a generation when the index in `folder` is another file than before.

    `load` makes a site from what is on disk; it is given the present one. Where it fails, the present site stays and
    the holder's `fault` says why; where there is none yet, `load_feeds` gives at least the feeds.
    """

    def __init__(
        self,
        folder: Path,
        holder: SiteHolder,
        load: Callable[[Site | None], Site],
        load_feeds: Callable[[], Mapping[str, Resource]],
    ) -> None:
        self._folder = folder
        self._holder = holder
        self._load = load
        self._load_feeds = load_feeds
        self._seen: Signature | None = None
        self._checks_with_fault = 0
        self._lock = threading.Lock()

    def check(self) -> bool:
        """Load what is on disk if it changed since the last check; whether it did."""
        with self._lock:
            signature = _signature(self._folder)
            if self._holder.serves and signature == self._seen and not self._retries():
                return False
            self._seen = signature
            return self._take()

    def _retries(self) -> bool:
        if self._holder.fault is None:
            return False
        self._checks_with_fault += 1
        return self._checks_with_fault % RETRY_CHECKS == 0

    def _take(self) -> bool:
        try:
            site = self._load(self._holder.current)
        except CalfeedError as error:
            self._fail(_without_folder(error))
            return False
        except Exception:
            LOG.exception("generation not loaded")
            self._fail("The newest generation cannot be loaded; see the log.")
            return False
        self._holder.take(site)
        LOG.info("generation loaded id=%s files=%d", site.generation.id, len(site.resources))
        return True

    def _fail(self, what: str) -> None:
        if what != self._holder.fault:
            LOG.error("generation not loaded reason=%s", what)
        self._holder.fault = what
        if not self._holder.serves:
            with suppress(CalfeedError):
                self._holder.feeds = self._load_feeds()


def watch(watcher: Watcher, *, every: float) -> None:
    """Check every so many seconds, in a thread that ends when nobody else holds the watcher."""
    reference = weakref.ref(watcher)
    pause = threading.Event()

    def run() -> None:
        while True:
            pause.wait(every)
            alive = reference()
            if alive is None:
                return
            alive.check()
            del alive

    threading.Thread(target=run, name="calfeed-watcher", daemon=True).start()


def _without_folder(error: CalfeedError) -> str:
    """The error for anybody to read: the file by its name alone."""
    if error.spot is None:
        return error.what
    return f"{replace(error.spot, source=Path(error.spot.source).name)}: {error.what}"


def _signature(folder: Path) -> Signature | None:
    """What is another after every publish: the folder is exchanged whole, and its index written anew."""
    try:
        index, place = (folder / "index.json").stat(), folder.stat()
    except OSError:
        return None
    return place.st_ino, index.st_ino, index.st_mtime_ns, index.st_size
