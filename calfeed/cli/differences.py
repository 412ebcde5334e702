"""How a plan is shown: what was added, moved, changed or cancelled, with old and new values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from calfeed.errors import HeldError
from calfeed.fetch import fetch
from calfeed.importing import Plan, add, begin
from calfeed.reconcile import Difference, Kind
from calfeed.reconcile.wording import in_words
from calfeed.settings import Settings, Source

COLOURS = {
    Kind.ADDED: "green",
    Kind.RESTORED: "green",
    Kind.MOVED: "yellow",
    Kind.CHANGED: "yellow",
    Kind.EDITED: "cyan",
    Kind.CANCELLED: "red",
    Kind.DROPPED: "dim",
}
MOST = 200


def utc_now() -> datetime:
    """This second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def make_plan(settings: Settings, sources: Sequence[Source], *, approved: bool = False) -> Plan:
    """Read the sources and plan their import, with a sign of life on the terminal while that takes."""
    now = utc_now()
    plan = begin(settings, now=now)
    with Console(stderr=True).status("Reading") as status:
        for source in sources:
            status.update(f"Reading {escape(source.title)}")
            fetched = fetch(source, Path(settings.folder))
            plan = add(plan, source, fetched, settings, now=now, approved=approved)
    return plan


def show(plan: Plan) -> None:
    """Print the differences of a plan, its conflicts, what is held, and a line that counts them."""
    console = Console(highlight=False, soft_wrap=True)
    for difference in plan.differences[:MOST]:
        console.print(_line(difference))
        for name, (old, new) in difference.fields.items():
            console.print(f"             {name}: {escape(old) or 'nothing'} -> {escape(new) or 'nothing'}")
    if len(plan.differences) > MOST:
        console.print(f"... and {len(plan.differences) - MOST} more")
    for conflict in plan.conflicts:
        console.print(
            f"[magenta]{'kept':<12}[/magenta] {escape(conflict.title)}: your {conflict.field} is "
            f"{escape(conflict.mine) or 'nothing'}, the document now says {escape(conflict.theirs) or 'nothing'}"
        )
    console.print(summary(plan))


def summary(plan: Plan) -> str:
    """As in "3 added, 1 moved, 84 unchanged; 10 events for review"."""
    counts = Counter(difference.kind for difference in plan.differences)
    parts = [f"{counts[kind]} {kind}" for kind in Kind if counts[kind]]
    live = [event for event in plan.catalogue.events if event.removed is None]
    different = {difference.event.uid for difference in plan.differences}
    unchanged = sum(event.uid not in different for event in live)
    review = sum(bool(event.review) for event in live)
    return f"{', '.join([*parts, f'{unchanged} unchanged'])}; {review} events for review"


def raise_if_held(plan: Plan) -> None:
    """Raise HeldError, with one sentence, where the guard held removals."""
    if plan.held:
        first, rest = plan.held[0], len(plan.held) - 1
        also = f" So would events of {rest} feeds." if rest and first.scope.startswith("the source") else ""
        raise HeldError(first.message + also)


def confirm(yes: bool) -> None:
    """Ask whether to go on, unless `yes`."""
    if not yes:
        click.confirm("Write this to the catalogue?", abort=True)


def _line(difference: Difference) -> str:
    event = difference.event
    colour = COLOURS[difference.kind]
    days = f"  [dim]{escape(in_words(event.period)) or 'no date'}[/dim]" if difference.kind is Kind.ADDED else ""
    return f"[{colour}]{difference.kind:<12}[/{colour}] {escape(event.title)}{days}"
