"""What runs on the schedule: fetch, read, reconcile, store, build, publish; and who runs it.

In: settings, the instant, a fetcher. Out: the catalogue and the feeds on disk, and `var/status.json`. A source that
fails keeps what was read from it before, and the others go on. Exactly one process of a site refreshes: the one that
holds the lock `var/refresh.lock`, which dies with its process.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from msgspec.structs import replace

from calfeed import importing, issuing, store
from calfeed.errors import CalfeedError, FetchError
from calfeed.feeds import RenderCache
from calfeed.fetch import Fetched, Validators, fetch
from calfeed.model import Catalogue
from calfeed.reconcile.underway import publishable
from calfeed.settings import Settings, Source
from calfeed.status import (
    PAUSE,
    STATUS_FILE,
    SourceStatus,
    Status,
    address_of,
    next_try,
    read_status,
    write_status,
)

log = logging.getLogger("calfeed.refresh")

LOCK_FILE = "refresh.lock"
# How often a process that does not refresh looks whether it should take over, in seconds.
TAKE_OVER = 15
# A clock that is further than this from the last refresh is wrong, rather than that no refresh ran for so long.
CLOCK_TRUSTED = timedelta(days=366)
# RFC 9110, section 15.5.11: what was there is no more, and will not be.
GONE = 410

FetchSource = Callable[[Source, Validators | None], Fetched]


def refresh(
    settings: Settings,
    *,
    now: datetime,
    fetcher: FetchSource | None = None,
    uids: Callable[[], str] = importing.new_uid,
    cache: RenderCache | None = None,
    chance: Callable[[], float] = random.random,
) -> Status:
    """Read every source that is due again, store what changed, and publish. `now` is UTC; `cache` spares what did not
    change; `chance` draws from 0 to 1 how long a source that failed is left alone.

    Never raises for a source or for the feeds: what failed stays as it was, and the status says so, which is also
    written to disk. Raises CatalogueError where the catalogue cannot be used; then only the status is changed."""
    take = fetcher or (lambda source, known: fetch(source, Path(settings.folder), known=known))
    old = read_status(settings.state_path)
    if old.refreshed is not None:
        if abs(now - old.refreshed) > CLOCK_TRUSTED:
            return _refused(old, now, settings)
        now = max(now, old.refreshed)
    _remember(replace(old, running=now), settings)
    try:
        status = _refreshed(old, settings, now, take, uids, cache or RenderCache(), chance)
    except CalfeedError as error:
        _remember(replace(old, running=None, refreshed=now, message=str(error)), settings)
        raise
    _remember(status, settings)
    return status


def _refreshed(
    old: Status,
    settings: Settings,
    now: datetime,
    take: FetchSource,
    uids: Callable[[], str],
    cache: RenderCache,
    chance: Callable[[], float],
) -> Status:
    plan = importing.begin(settings, now=now, uids=uids)
    sources: dict[str, SourceStatus] = {}
    for source in settings.sources:
        before = _known(old, source)
        if before is not None and source.url is not None and _is_left_alone(before, now, settings):
            sources[source.id] = before
            continue
        plan, sources[source.id] = _one(plan, source, before, settings, now, take, uids, chance)
    plan = importing.finish(plan, settings, now=now)
    missing = plan.departure.held if plan.departure else ()
    told = [*(str(fault) for fault in plan.stored.faults), *(held.message for held in missing)]
    status = Status(refreshed=now, sources=sources, message=" ".join(told[:3]) or None)
    try:
        plan = replace(plan, catalogue=issuing.prepared(plan.catalogue, settings, now=now, cache=cache))
        importing.carry_out(plan, settings)
        if settings.desk.publishes:
            public = _public(plan.catalogue, settings)
            if public != plan.catalogue:
                public = issuing.prepared(public, settings, now=now, cache=cache)
            issuing.issue(public, settings, now=now, cache=cache)
    except CalfeedError as error:
        log.error("refresh failed: %s", error)
        status = replace(status, message=str(error))
    except OSError as error:
        log.error("refresh failed: %s", error)
        status = replace(status, message=f"the feeds cannot be read or written: {error.strerror or error}.")
    return status


def _remember(status: Status, settings: Settings) -> None:
    try:
        write_status(status, settings.state_path)
    except OSError as error:
        log.error("status not written: %s", error.strerror)


def _known(old: Status, source: Source) -> SourceStatus | None:
    """What is remembered of a source, if it was learnt at the address that the source has now."""
    before = old.sources.get(source.id)
    return before if before is None or before.address in (None, address_of(source)) else None


def _is_left_alone(before: SourceStatus, now: datetime, settings: Settings) -> bool:
    """Whether a source is not due yet. A time further ahead than any wait tells of a clock that was wrong."""
    early = timedelta(seconds=settings.schedule.jitter + TAKE_OVER)
    return before.next_try is not None and now + early < before.next_try <= now + PAUSE


def _public(draft: Catalogue, settings: Settings) -> Catalogue:
    """What a refresh may publish: the draft without what editors have under way."""
    published = store.published(settings.feeds_path, settings.state_path)
    return publishable(draft, published) if published is not None else draft


def _refused(old: Status, now: datetime, settings: Settings) -> Status:
    """What a refresh says that does not trust its clock: by it, all would be over, or nothing yet have begun."""
    message = (
        f"the clock says {now:%d %B %Y}, and the last refresh was on {old.refreshed:%d %B %Y}: nothing was read or "
        f"published. Set the clock; if it is right, delete {settings.paths.state}/{STATUS_FILE}."
    )
    log.error("refresh refused: %s", message)
    status = replace(old, message=message, running=None)
    _remember(status, settings)
    return status


def _one(
    plan: importing.Plan,
    source: Source,
    before: SourceStatus | None,
    settings: Settings,
    now: datetime,
    take: FetchSource,
    uids: Callable[[], str],
    chance: Callable[[], float],
) -> tuple[importing.Plan, SourceStatus]:
    """The plan with what a source says now, and how that went."""
    digest = {edition.source: edition.digest for edition in plan.catalogue.editions}.get(source.id)
    known = before.validators if before and digest and before.digest == digest else Validators()
    every = timedelta(minutes=source.every or settings.schedule.every)
    failed = partial(_failed, before, source, now, every, chance())
    read: str | None = None
    try:
        fetched = take(source, known if known != Validators() else None)
        read = hashlib.sha256(fetched.content).hexdigest() if fetched.content is not None else digest
        good = SourceStatus(
            state="fresh",
            checked=now,
            succeeded=now,
            validators=fetched.validators,
            digest=read,
            next_try=now + every if source.every else None,
            address=address_of(source),
            assistant=before.assistant if before else None,
        )
        if fetched.content is None or (read == digest and not _marked_by_another(plan.catalogue, source, digest)):
            return plan, good
        if before and before.refused == read and _is_left_alone(before, now, settings):
            return plan, replace(before, checked=now)
        asking = settings.assistant is not None and settings.assistant.refresh
        changed = importing.add(plan, source, fetched, settings, now=now, uids=uids, asking=asking)
    except CalfeedError as error:
        log.warning("source %s: %s", source.id, error)
        return plan, failed(error, refused=read)
    except Exception as error:  # one source's surprise must not stop the others
        log.exception("source %s", source.id)
        surprise = CalfeedError(f"reading it failed unexpectedly ({type(error).__name__}); see the log.")
        return plan, failed(surprise, refused=read)
    held = changed.results[source.id].held
    if held:
        log.warning("source %s: %s", source.id, held[0].message)
        since = before.failing_since if before else None
        return changed, replace(
            good,
            state="held",
            message=held[0].message,
            succeeded=before.succeeded if before else None,
            failing_since=since or now,
            validators=before.validators if before else Validators(),
            digest=before.digest if before else None,
        )
    log.info("source %s: %d changes", source.id, len(changed.results[source.id].differences))
    return changed, replace(good, state="read", assistant=changed.readings[source.id].assistant or None)


def _marked_by_another(catalogue: Catalogue, source: Source, digest: str | None) -> bool:
    """Whether dates of the source are in doubt since an edition that was held, and so is not the one on record."""
    return any(
        event.last_known and event.history and event.history[-1].edition not in (None, (digest or "")[:16])
        for event in catalogue.events
        if event.provenance and event.provenance.source == source.id
    )


def _failed(
    before: SourceStatus | None,
    source: Source,
    now: datetime,
    every: timedelta,
    chance: float,
    error: CalfeedError,
    *,
    refused: str | None = None,
) -> SourceStatus:
    """What is remembered of a source that failed; `refused` is the digest of what came and could not be read."""
    failures = (before.failures if before else 0) + 1
    gone = isinstance(error, FetchError) and error.status == GONE
    asked = error.retry_after if isinstance(error, FetchError) else None
    message = str(error)
    if gone:
        message += " It is left alone for 31 days; `calfeed fetch` asks it now. Its events stay until you remove it."
    return SourceStatus(
        state="paused" if gone else "failed",
        checked=now,
        succeeded=before.succeeded if before else None,
        failing_since=(before.failing_since if before else None) or now,
        message=message,
        validators=before.validators if before else Validators(),
        digest=before.digest if before else None,
        failures=failures,
        next_try=next_try(failures, every, now=now, chance=chance, asked=asked, gone=gone),
        refused=refused,
        address=address_of(source),
    )


class Lease:
    """The lock that makes a process the one that refreshes (or does what else the lock `name` is for). The kernel frees
    it when the process ends, however."""

    def __init__(self, folder: Path, name: str = LOCK_FILE) -> None:
        self.path = folder / name
        self.handle: int | None = None

    def take(self) -> bool:
        """Whether this process holds the lease now; a later call tries again. Raises OSError on a read-only disk."""
        if self.handle is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self.handle = handle
        return True

    def release(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


class Scheduler:
    """Refreshes every `schedule.every` minutes, in one of all the processes that start one.

    The others look every few seconds whether the lease is free, and go on from the last refresh on record. After a
    long pause one refresh makes up for all that were missed."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        run: Callable[..., Status] | None = None,
        look: float = TAKE_OVER,
    ) -> None:
        self.settings, self.clock, self.look = settings, clock, look
        self.run = run or partial(refresh, cache=RenderCache())
        self.lease = Lease(settings.state_path)
        self.scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})

    def start(self) -> None:
        """Start in the background. Call it in the process that serves, after any fork."""
        self.scheduler.add_job(
            self._look,
            "interval",
            seconds=self.look,
            next_run_time=datetime.now(UTC),
            id="look",
            misfire_grace_time=None,
        )
        self.scheduler.start()

    def stop(self) -> None:
        """Stop; a refresh that runs is waited for."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=True)
        self.lease.release()

    @property
    def leads(self) -> bool:
        """Whether this process is the one that refreshes."""
        return self.lease.handle is not None

    def _look(self) -> None:
        try:
            if self.leads or not self.lease.take():
                return
        except OSError as error:
            log.error("no refresh is possible: %s", error.strerror)
            return
        schedule = self.settings.schedule
        # A source with a schedule of its own is looked at as often as that asks.
        every = min([schedule.every, *(source.every for source in self.settings.sources if source.every)])
        last = read_status(self.settings.state_path).refreshed
        due = datetime.now(UTC)
        if last is not None:
            waited = self.clock() - last
            rest = timedelta(minutes=every) - waited
            # A last refresh in the future means that the clock was set back: wait no longer than one interval.
            due += min(max(rest, timedelta()), timedelta(minutes=every))
        self.scheduler.add_job(
            self._refresh,
            "interval",
            minutes=every,
            jitter=schedule.jitter or None,
            next_run_time=due,
            id="refresh",
            misfire_grace_time=None,
        )

    def _refresh(self) -> None:
        try:
            self.run(self.settings, now=self.clock().replace(microsecond=0))
        except CalfeedError as error:
            log.error("refresh failed: %s", error)
        except Exception:  # the next refresh must come
            log.exception("refresh failed")
