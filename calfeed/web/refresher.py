"""The process beside the workers that reads sources on schedule: no request waits for it, whatever a source does."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from ctypes import c_double
from datetime import UTC, datetime
from multiprocessing.context import SpawnProcess

from msgspec.structs import replace

from calfeed.condition import Trouble, troubles
from calfeed.errors import CalfeedError
from calfeed.feeds import RenderCache
from calfeed.refresh import Lease, Scheduler, refresh
from calfeed.settings import Settings
from calfeed.status import Status, read_status, write_status
from calfeed.telling import Teller

LOG = logging.getLogger(__name__)

# A refresh that does not end within this many seconds is killed; what it has not published, it never began.
STOP_SECONDS = 2.0
# How often those who are told what is wrong are told, in seconds; and the lock of the one server that does it.
TELL_SECONDS = 30.0
TELL_LOCK = "alerts.lock"
# A refresher that died is started again after so many seconds.
RESTART_SECONDS = 5.0


class Refresher:
    """Keeps one refresher running until it is stopped, ends one that overruns, and tells what is wrong.

    `longest` is how many seconds a refresh may take."""

    def __init__(self, settings: Settings, *, longest: float | None = None) -> None:
        self._settings = settings
        self._longest = longest if longest is not None else settings.schedule.longest * 60.0
        self._stopped = threading.Event()
        self._process: SpawnProcess | None = None
        self._thread = threading.Thread(target=self._keep_running, name="calfeed-refresher", daemon=True)
        self._teller = threading.Thread(target=self._keep_telling, name="calfeed-teller", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._teller.start()

    def stop(self) -> None:
        """Stop within `STOP_SECONDS` and a little."""
        self._stopped.set()
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()
            process.join(STOP_SECONDS)
            process.kill()

    def _keep_running(self) -> None:
        # A new interpreter: a fork would take over the server's threads in whatever state they are.
        context = multiprocessing.get_context("spawn")
        # When the refresh that runs began, on the clock that all processes share; 0 while none does.
        began = context.RawValue("d", 0.0)
        while not self._stopped.is_set():
            began.value = 0.0
            process = context.Process(target=run_scheduler, args=(self._settings, os.getpid(), began), daemon=True)
            self._process = process
            process.start()
            while process.is_alive():
                process.join(1.0)
                if began.value and time.monotonic() - began.value > self._longest:
                    self._end(process)
            if not self._stopped.is_set():
                LOG.error("refresher ended status=%s", process.exitcode)
                self._stopped.wait(RESTART_SECONDS)

    def _end(self, process: SpawnProcess) -> None:
        """End a refresh that takes too long. What it did not publish, it never began; the next one begins anew."""
        process.kill()
        process.join()
        old = read_status(self._settings.state_path)
        minutes = max(1, round(self._longest / 60))
        message = f"a refresh took more than {minutes} minutes and was ended. What was published before stays."
        LOG.error("refresh ended: %s", message)
        try:
            write_status(replace(old, running=None, message=message), self._settings.state_path)
        except OSError as error:
            LOG.error("status not written: %s", error.strerror)

    def _keep_telling(self) -> None:
        try:
            teller = Teller(self._settings)
        except CalfeedError as error:
            LOG.error("nobody is told what is wrong: %s", error)
            return
        lease = Lease(self._settings.state_path, TELL_LOCK)
        while not self._stopped.wait(TELL_SECONDS):
            now = datetime.now(UTC).replace(microsecond=0)
            try:
                if lease.take():
                    teller.check(troubles(self._settings, now=now, thorough=True), now)
            except OSError as error:  # no lock on a disk that takes none: better told twice than not at all
                found = Trouble(code="disk", message=f"the state folder cannot be written: {error.strerror}.")
                teller.check([found], now)
            except Exception:  # whatever is wrong, the next look must come
                LOG.exception("nobody is told what is wrong")
        lease.release()


def run_scheduler(settings: Settings, parent: int, began: c_double) -> None:
    """Refresh on schedule until SIGTERM, or until the process `parent` is gone. `began` tells it what runs."""
    configure_logging()
    cache = RenderCache()

    def timed(settings: Settings, *, now: datetime) -> Status:
        began.value = time.monotonic()
        try:
            return refresh(settings, now=now, cache=cache)
        finally:
            began.value = 0.0

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    # Ctrl-C goes to the whole group; the server decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scheduler = Scheduler(settings, run=timed)
    scheduler.start()
    while not stopped.is_set() and os.getppid() == parent:
        time.sleep(0.2)
    scheduler.stop()


def configure_logging() -> None:
    """One event a line on standard error, with its time."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
