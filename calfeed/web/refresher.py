"""The process beside the workers that reads sources on schedule: no request waits for it, whatever a source does."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.context import SpawnProcess

from calfeed.refresh import Scheduler
from calfeed.settings import Settings

LOG = logging.getLogger(__name__)

# A refresh that does not end within this many seconds is killed; what it has not published, it never began.
STOP_SECONDS = 2.0
# A refresher that died is started again after so many seconds.
RESTART_SECONDS = 5.0


class Refresher:
    """Keeps one refresher running until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopped = threading.Event()
        self._process: SpawnProcess | None = None
        self._thread = threading.Thread(target=self._keep_running, name="calfeed-refresher", daemon=True)

    def start(self) -> None:
        self._thread.start()

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
        while not self._stopped.is_set():
            self._process = context.Process(target=run_scheduler, args=(self._settings, os.getpid()), daemon=True)
            self._process.start()
            self._process.join()
            if not self._stopped.is_set():
                LOG.error("refresher ended status=%s", self._process.exitcode)
                self._stopped.wait(RESTART_SECONDS)


def run_scheduler(settings: Settings, parent: int) -> None:
    """Refresh on schedule until SIGTERM, or until the process `parent` is gone."""
    configure_logging()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    # Ctrl-C goes to the whole group; the server decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scheduler = Scheduler(settings)
    scheduler.start()
    while not stopped.is_set() and os.getppid() == parent:
        time.sleep(0.2)
    scheduler.stop()


def configure_logging() -> None:
    """One event a line on standard error, with its time."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
