"""How long the server takes for a page at 10,000 events, and the weight of the first page. Writes figures-pages.md."""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from flask.testing import FlaskClient  # noqa: E402
from msgspec.structs import replace  # noqa: E402

from calfeed.feeds import feeds_of  # noqa: E402
from calfeed.model import Catalogue, Event, Period, Precision, Provenance, Revision, Where  # noqa: E402
from calfeed.settings import Limits, Settings, load_settings  # noqa: E402
from calfeed.web import Site, create_app  # noqa: E402

EVENTS = 10_000
ROUNDS = 40
LIMIT_MS = 20.0
LIMIT_KB = 60.0
NOW = datetime(2014, 1, 1, tzinfo=UTC)
WORDS = ("waste", "chemicals", "training", "workshop", "regional", "national", "pilot", "project", "customs")
# {n} is a number of its own each time, so that nothing is answered from what was found before.
PAGES = (
    ("all events", "/"),
    ("one convention", "/?convention=basel"),
    ("a kind in a year", "/?kind=webinar&from=2014-01-01&to=2014-12-31"),
    ("a search", "/?q=workshop+{n}"),
    ("convention, kind, days", "/?convention=basel&kind=workshop&from=2014-01-{day}&to=2016-05-01"),
    ("in Arabic", "/?convention=stockholm&lang=ar"),
    ("a month", "/?view=month&month=2014-05"),
    ("a year to print", "/?view=year&year=2014"),
    ("subscribe", "/subscribe?convention=basel"),
    ("one event", "/events/e{n}"),
    ("an embedded list", "/embed/basel?from=2014-01-{day}"),
    ("an embedded timeline", "/embed/basel?view=timeline&from=2014-01-{day}"),
    ("an embedded month", "/embed/basel?view=month&month=2014-05&from=2014-01-{day}"),
)


def event(number: int, chance: random.Random, settings: Settings) -> Event:
    """A tenth undated, the others days, months and years between 2012 and 2020, under 8 themes of 15 activities."""
    theme, activity = number % 8, number % 120
    first = date(2012, 1, 1) + timedelta(days=chance.randrange(365 * 8))
    month = first.replace(day=1)
    year = date(first.year, 1, 1)
    periods = (
        None,
        *[Period(start=first, end=first + timedelta(days=2), precision=Precision.DAY)] * 4,
        *[Period(start=month, end=month + timedelta(days=27), precision=Precision.MONTH)] * 3,
        *[Period(start=year, end=date(first.year, 12, 31), precision=Precision.YEAR)] * 2,
    )
    convention = [term.id for facet in settings.facets if facet.name == "convention" for term in facet.values]
    kinds = ("workshop", "webinar", "training", "meeting", "project")
    title = f"{' '.join(chance.choices(WORDS, k=6)).capitalize()} {number}"
    return Event(
        uid=f"e{number}",
        title=title,
        period=periods[number % 10],
        facets={
            "convention": (convention[number % len(convention)],),
            "kind": (kinds[number % 5],),
            "topic": (f"theme-{theme}", f"activity-{activity}"),
        },
        lang="en",
        provenance=Provenance(
            source=settings.sources[0].id,
            entry=f"{title}: {number}",
            outline=(f"Theme {theme}", f"Activity {activity}", "Calendar of events"),
            where=Where(lines=(number + 1, number + 1)),
        ),
        revision=Revision(created=NOW, modified=NOW),
    )


def client_of(events: Iterable[Event], settings: Settings) -> FlaskClient:
    catalogue = Catalogue(events=tuple(events))
    generation = SimpleNamespace(id="bench", files={})
    site = Site(settings, generation, catalogue, feeds_of(catalogue, settings), {}, NOW)  # type: ignore[arg-type]
    unlimited = replace(settings, limits=Limits(rate=0))
    return create_app(unlimited, load=lambda previous: site, check_seconds=None).test_client()


def milliseconds(client: FlaskClient, address: str) -> list[float]:
    """Sorted times of `ROUNDS` requests, compressed answers, after one that does not count."""
    times = []
    for turn in range(ROUNDS + 1):
        path = address.format(n=turn * 7, day=f"{turn % 28 + 1:02}")
        begin = time.thread_time()
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        times.append((time.thread_time() - begin) * 1000)
        assert answer.status_code == 200, path
    return sorted(times[1:])


def weight(client: FlaskClient) -> dict[str, float]:
    """Kilobytes of the first page and of each file that it loads, gzipped."""
    page = client.get("/").get_data(as_text=True)
    files = sorted(set(re.findall(r'(?:href|src)="(/(?:static|theme)[^"]*\.(?:css|js|svg)[^"]*)"', page)))
    sizes = {}
    for path in ("/", *files):
        sizes[path.partition("?")[0]] = len(client.get(path, headers={"Accept-Encoding": "gzip"}).data) / 1000
    return sizes


def main() -> None:
    settings = load_settings(ROOT / "calfeed.toml")
    chance = random.Random(2013)
    client = client_of((event(number, chance, settings) for number in range(EVENTS)), settings)
    begin = time.perf_counter()
    client.get("/")
    first = (time.perf_counter() - begin) * 1000
    lines = [
        "# Figures: pages",
        "",
        f"Made by `bench/pages/run`: {EVENTS:,} events, {ROUNDS} requests a row through the whole application, gzip "
        "included, one process. Milliseconds of processor time, so that a busy machine does not blur them.",
        "",
        "| page | median | 90 of 100 within |",
        "| --- | --- | --- |",
    ]
    worst = 0.0
    for name, address in PAGES:
        times = milliseconds(client, address)
        median, high = statistics.median(times), times[int(len(times) * 0.9)]
        worst = max(worst, median)
        lines.append(f"| {name} | {median:.1f} | {high:.1f} |")
        print(f"{name:24} {median:6.1f} ms  {high:6.1f} ms")
    lines += [
        "",
        f"The slowest median is {worst:.1f} ms; the limit is {LIMIT_MS:.0f} ms. What belongs to a generation is "
        f"computed once for it: the first request took {first:.0f} ms.",
        "",
    ]
    sizes = weight(client_of(programme(settings, chance), settings))
    total = sum(sizes.values())
    lines += ["| the first page, gzipped | kB |", "| --- | --- |"]
    lines += [f"| `{path}` | {size:.1f} |" for path, size in sizes.items()]
    lines += [f"| together | {total:.1f} |", "", f"The limit is {LIMIT_KB:.0f} kB.", ""]
    print(f"first page {total:.1f} kB")
    (ROOT / "docs" / "figures-pages.md").write_text("\n".join(lines), "utf-8")
    if worst > LIMIT_MS or total > LIMIT_KB:
        sys.exit("A page is over its limit.")


def programme(settings: Settings, chance: random.Random) -> Iterable[Event]:
    """The published programme where there is one, else as many events as it has."""
    path = settings.catalogue_path
    if path.exists():
        from calfeed.store import load_catalogue

        return load_catalogue(path).events
    return [event(number, chance, settings) for number in range(88)]


if __name__ == "__main__":
    main()
