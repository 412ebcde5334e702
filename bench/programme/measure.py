"""From nothing to feeds: how long the configured programme takes, step by step and as the commands that a user calls.

Writes docs/figures-programme.md. The limit is 1 s for reading, normalising and building.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from calfeed import documents
from calfeed.extract import extract
from calfeed.feeds import build
from calfeed.model import Catalogue, Edition
from calfeed.normalise import propose, propose_all
from calfeed.publish import publish
from calfeed.reconcile import reconcile
from calfeed.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "figures-programme.md"
ROUNDS = 5
LIMIT = 1.0
T = TypeVar("T")
NOW = datetime(2013, 3, 1, tzinfo=UTC)


def in_process() -> dict[str, float]:
    """Seconds of each step, the median of some rounds after one that fills the caches of words."""
    rounds = [one_round() for _ in range(ROUNDS + 1)]
    return {step: statistics.median(one[step] for one in rounds[1:]) for step in rounds[0]} | {
        "first round": sum(rounds[0].values())
    }


def one_round() -> dict[str, float]:
    taken: dict[str, float] = {}
    settings = load_settings(ROOT / "calfeed.toml")
    source = settings.sources[0]
    content = (ROOT / str(source.path)).read_bytes()
    tree = _timed(taken, "read", lambda: documents.read_tree(content, source=source.id, name=source.path))
    entries = _timed(taken, "extract", lambda: extract(tree, settings.sections, reference=NOW.date()))
    proposals = _timed(taken, "normalise", lambda: propose_all(entries, settings, source=source, reference=NOW.date()))
    numbers = iter(range(10_000))
    result = _timed(
        taken,
        "reconcile",
        lambda: reconcile(
            Catalogue(),
            proposals,
            source=source.id,
            edition=Edition(source=source.id, digest="0" * 64, read=NOW),
            now=NOW,
            new_uid=lambda: f"uid-{next(numbers)}",
            settings=settings,
            base=lambda entry: propose(entry, settings, reference=NOW.date()),
        ),
    )
    generation = _timed(taken, "build", lambda: build(result.catalogue, settings))
    with tempfile.TemporaryDirectory() as folder:
        _timed(taken, "publish", lambda: publish(generation, Path(folder) / "feeds"))
    return taken


def _timed(taken: dict[str, float], step: str, do: Callable[[], T]) -> T:
    begin = time.perf_counter()
    done = do()
    taken[step] = time.perf_counter() - begin
    return done


def as_commands() -> dict[str, float]:
    """Seconds of `calfeed import --yes` and `calfeed build`, each a new process in an empty folder."""
    rounds: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copy(ROOT / "calfeed.toml", folder)
            shutil.copytree(ROOT / "data" / "sources", folder / "data" / "sources")
            taken = []
            for command in (["import", "--yes"], ["build", "--quiet"]):
                begin = time.perf_counter()
                subprocess.run(
                    [ROOT / ".venv/bin/calfeed", *command], cwd=folder, check=True, capture_output=True, timeout=60
                )
                taken.append(time.perf_counter() - begin)
            rounds.append((taken[0], taken[1]))
    return {
        "calfeed import --yes": statistics.median(one for one, _ in rounds),
        "calfeed build": statistics.median(two for _, two in rounds),
    }


def main() -> None:
    steps, commands = in_process(), as_commands()
    warm = sum(seconds for step, seconds in steps.items() if step not in ("first round", "publish"))
    rows = "\n".join(f"| {step} | {1000 * seconds:,.0f} |" for step, seconds in (steps | commands).items())
    verdict = "under" if steps["first round"] < LIMIT else "over"
    PAGE.write_text(
        f"""# From a programme to feeds: figures

Written by `bench/programme/run` on {date.today()}, on {os.cpu_count()} cores: the first programme, from its text to
all feeds. Milliseconds, the median of {ROUNDS} rounds.

| step | ms |
| --- | --- |
{rows}

Reading, normalising, reconciling and building together take {1000 * warm:,.0f} ms. The very first round of a process,
with every table of words still to be loaded and the files synced to disk, takes
{1000 * steps["first round"]:,.0f} ms, {verdict} the limit of {LIMIT:.0f} s. The commands include Python's own start.
""",
        "utf-8",
    )
    print(PAGE.read_text("utf-8"))


main()
