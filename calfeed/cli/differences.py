"""How a plan is shown: what was added, moved, changed or cancelled, with old and new values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec import Struct
from rich.console import Console
from rich.markup import escape

from calfeed.errors import CalfeedError, HeldError
from calfeed.fetch import fetch
from calfeed.importing import Likeness, Plan, add, begin, finish, likely_edition
from calfeed.reconcile import Difference, Kind
from calfeed.reconcile.life import in_words
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


class Reading(Struct):
    """What reading some sources gave: the plan, and the sources that could not be read, each with why."""

    plan: Plan
    problems: list[CalfeedError]

    def raise_problems(self) -> None:
        """Print all problems but the last, and raise that one: a source that cannot be read stops no other."""
        raise_all(self.problems)


def raise_all(problems: Sequence[CalfeedError]) -> None:
    """Print all but the last, and raise that one; nothing where there are none."""
    for problem in problems[:-1]:
        click.echo(f"calfeed: {problem}", err=True)
    if problems:
        raise problems[-1]


# Asks whether a document is a new edition of the source that it is like.
Ask = Callable[[Source, Likeness], bool]


def make_plan(
    settings: Settings,
    sources: Sequence[Source],
    *,
    approved: bool = False,
    ask: Ask | None = None,
    asking: bool = False,
) -> Reading:
    """Read the sources and plan their import, with a sign of life on the terminal while that takes.

    `ask` is given a document under an unknown name that is like a known source. Raises the only problem where nothing
    at all could be read."""
    now = utc_now()
    plan = begin(settings, now=now)
    problems: list[CalfeedError] = []
    with Console(stderr=True).status("Reading") as status:
        for source in sources:
            status.update(f"Reading {escape(source.title)}")
            try:
                fetched = fetch(source, Path(settings.folder))
                alike = likely_edition(plan, source, fetched, settings, now=now) if ask else None
                if alike and ask:
                    status.stop()
                    source = alike.source if ask(source, alike) else source
                    status.start()
                plan = add(plan, source, fetched, settings, now=now, approved=approved, asking=asking)
            except CalfeedError as error:
                problems.append(error)
    if len(problems) == len(sources) == 1:
        raise problems[0]
    problems += plan.stored.faults
    return Reading(finish(plan, settings, now=now, approved=approved), problems)


def new_edition(yes: bool) -> Ask:
    """The question on the terminal; with `yes` it is answered, and said."""

    def ask(source: Source, alike: Likeness) -> bool:
        told = f"{alike.alike} of the {alike.entries} entries of {source.title} are known from {alike.source.id!r}"
        if yes:
            click.echo(f"{told}: read as its new edition (--new makes a source of its own).")
            return True
        return click.confirm(f"{told}. Is it the new edition of that?", default=True)

    return ask


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
