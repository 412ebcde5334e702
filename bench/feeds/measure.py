"""Measures the feeds: against other libraries, after one change, from nothing. Writes docs/figures-feeds.md."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import msgspec
import peers
import plot
import programme

from calfeed.feeds import RenderCache, build, feeds_of
from calfeed.feeds.feed import Membership, distribute, members
from calfeed.feeds.render import Book, File, file_bytes, in_order, sizes
from calfeed.feeds.splitting import parts
from calfeed.model import Catalogue
from calfeed.publish import publish
from calfeed.settings import Settings

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
TODAY = date(2026, 11, 1)
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
TOPICS = 16  # 20 feeds, with everything and three conventions
MANY_TOPICS = 996  # 1,000 feeds


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(MEASURES[sys.argv[1]](*map(int, sys.argv[2:]))))
        return
    against = alone("peers", 10_000)
    changed = alone("change", 100_000)
    cold = [alone("cold", size) for size in SIZES]
    write(against, changed, cold)


def alone(measure: str, size: int) -> dict[str, float]:
    """A measure in a process of its own, so that its memory is its own."""
    print(f"{measure} {size:,} ...", flush=True)
    done = subprocess.run([sys.executable, __file__, measure, str(size)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def against_peers(size: int) -> dict[str, float]:
    """Seconds to write the .ics of 20 overlapping feeds. All libraries write a tenth, the fastest one all."""
    small, settings = programme.catalogue(size // 10, TOPICS), programme.settings(TOPICS)
    tenth = {name: by_peer(name, small, settings) for name in peers.PEERS}
    fastest = min(tenth, key=lambda name: tenth[name])
    catalogue = programme.catalogue(size, TOPICS)
    ours = min(by_calfeed(catalogue, settings) for _ in range(3))
    theirs = min(by_peer(fastest, catalogue, settings) for _ in range(2))
    written = sum(len(events) for events in members(catalogue, settings, feeds_of(catalogue, settings)).values())
    return {f"tenth {name}": seconds for name, seconds in tenth.items()} | {
        "calfeed": ours, fastest: theirs, "ratio": theirs / ours, "vevents": written,
    }  # fmt: skip


def by_calfeed(catalogue: Catalogue, settings: Settings) -> float:
    """Seconds that calfeed takes, texts, order and split included."""
    start = time.perf_counter()
    book = Book.of(settings, catalogue.editions, RenderCache(), TODAY)
    feeds = feeds_of(catalogue, settings)
    vevents = in_order(vevent for event in catalogue.events for vevent in book.rendered(event).vevents)
    standing = distribute(vevents, lambda vevent: vevent.event, Membership(settings, feeds))
    for feed in feeds:
        for suffix, chosen in parts(standing[feed.slug], sizes("all", book), book.month).items():
            file_bytes(File(feed, "ics", "all", chosen, path=f"{feed.slug}{suffix}.ics"), book)
    return time.perf_counter() - start


def by_peer(name: str, catalogue: Catalogue, settings: Settings) -> float:
    """Seconds that another library takes for whole feeds without a split; making the texts is not part of it."""
    standing = members(catalogue, settings, feeds_of(catalogue, settings))
    made = {event.uid: peers.plain(event, catalogue, settings) for event in catalogue.events}
    start = time.perf_counter()
    for events in standing.values():
        peers.PEERS[name](made[event.uid] for event in events)
    return time.perf_counter() - start


def one_change(size: int) -> dict[str, float]:
    """Seconds to build and publish after one title changed, with 1,000 feeds in all formats and flavours."""
    settings, catalogue = programme.settings(MANY_TOPICS), programme.catalogue(size, MANY_TOPICS)
    cache = RenderCache()
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        feeds = Path(folder, "feeds")
        publish(build(catalogue, settings, cache=cache), feeds)
        runs, writes = [], 0
        for number in (size // 2, size // 3, size // 5):
            events = list(catalogue.events)
            events[number] = msgspec.structs.replace(events[number], title=f"Changed {number}")
            catalogue = msgspec.structs.replace(catalogue, events=tuple(events))
            start, worked = time.perf_counter(), time.process_time()
            generation = build(catalogue, settings, cache=cache)
            built = time.perf_counter()
            publish(generation, feeds)
            runs.append((time.perf_counter() - start, built - start, time.process_time() - worked))
            writes = sum((feeds / path).stat().st_nlink == 1 for path in generation.files)
        files = len(generation.files)
    total, built_in, processor = min(runs)
    return {
        "seconds": total,
        "build": built_in,
        "processor": processor,
        "files": files,
        "written": writes,
        "mb": memory(),
    }


def cold_build(size: int) -> dict[str, float]:
    """Seconds and memory to build from nothing, and to publish, 20 feeds in all formats and flavours."""
    settings, catalogue = programme.settings(TOPICS), programme.catalogue(size, TOPICS)
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        start, worked = time.perf_counter(), time.process_time()
        generation = build(catalogue, settings)
        built, processor = time.perf_counter(), time.process_time() - worked
        publish(generation, Path(folder, "feeds"))
        published = time.perf_counter()
    return {
        "size": size, "build": built - start, "processor": processor, "publish": published - built, "mb": memory(),
    }  # fmt: skip


MEASURES: dict[str, Callable[..., dict[str, float]]] = {
    "peers": against_peers,
    "change": one_change,
    "cold": cold_build,
}


def scratch() -> Path:
    """A folder on the disk that the site is on: what is synced to memory is no measure."""
    folder = DOCS.parent / "var"
    folder.mkdir(exist_ok=True)
    return folder


def memory() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write(against: dict[str, float], changed: dict[str, float], cold: list[dict[str, float]]) -> None:
    tenth = {name.removeprefix("tenth "): value for name, value in against.items() if name.startswith("tenth ")}
    fastest = min(tenth, key=lambda name: tenth[name])
    rows = "\n".join(
        f"| {one['size']:,} | {one['build']:.2f} | {one['publish']:.2f} | {one['processor'] / one['size'] * 1e6:.0f}"
        f" | {one['mb']:.0f} |"
        for one in cold
    )
    ranked = sorted(tenth.items(), key=lambda one: one[1])
    compared = "\n".join(f"| {name} {version(name)} | {value:.2f} |" for name, value in ranked)
    (DOCS / "figures-feeds.svg").write_text(plot.lines(cold), "utf-8")
    (DOCS / "figures-feeds.md").write_text(
        f"""# Figures: feeds

Written by `bench/feeds/run` on Python {platform.python_version()}, {platform.system()} {platform.machine()}. The
programme is made up: every event has a source, a place and a description, and stands in five feeds on average. When
the measures ended, {os.getloadavg()[0]:.1f} processes wanted the machine's {os.cpu_count()} processors: above that
number, seconds of the clock are longer than the work.

## 10,000 events in 20 overlapping feeds

The .ics of all feeds, {against["vevents"]:,.0f} VEVENTs. calfeed makes the texts, renders each event once and joins it
into its feeds; {fastest} {version(fastest)}, the fastest of four libraries, is given the texts and writes feed by feed.

| | seconds |
| --- | ---: |
| calfeed | {against["calfeed"]:.2f} |
| {fastest} | {against[fastest]:.2f} |
| **ratio** | **{against["ratio"]:.1f}** |

The four libraries on a tenth of it:

| | seconds |
| --- | ---: |
{compared}

## One event changed among 100,000 in 1,000 feeds

In all formats and flavours: {changed["files"]:,.0f} files, {changed["written"]:,.0f} of them written, the rest linked.

| | |
| --- | ---: |
| built and published | {changed["seconds"]:.2f} s |
| of that, built | {changed["build"]:.2f} s |
| processor time | {changed["processor"]:.2f} s |
| most memory of the process, from the first build on | {changed["mb"]:.0f} MB |

## From nothing

20 feeds in all formats and flavours, published to disk and synced. Memory is the most that the process held, with the
events themselves.

| events | build, s | publish, s | processor time to build, microseconds an event | memory, MB |
| ---: | ---: | ---: | ---: | ---: |
{rows}

![Seconds and memory by number of events](figures-feeds.svg)
""",
        "utf-8",
    )


if __name__ == "__main__":
    main()
