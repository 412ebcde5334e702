"""`calfeed review`: what a person should look at, beside the text that it came from."""

from __future__ import annotations

import click
from msgspec.structs import replace
from rich.console import Console
from rich.markup import escape

from calfeed.cli import settings_of
from calfeed.errors import CalfeedError
from calfeed.model import Catalogue, Event
from calfeed.reconcile import settle
from calfeed.reconcile.life import in_words
from calfeed.reconcile.match import groups


@click.command(short_help="List what is for review; choose a reading.")
@click.argument("uid", required=False)
@click.option("--reading", metavar="RULE", help="Take this reading for the entry of the event UID.")
@click.option("--done", is_flag=True, help="The event UID, and the others of its entry, are right as they are.")
@click.pass_context
def command(ctx: click.Context, uid: str | None, reading: str | None, done: bool) -> None:
    """List the events that are for review, with the text they were read from, how it was read, and how else it could
    be. UID is an event's, or its beginning where that is unique.

    \b
    calfeed review
    calfeed review 3f2a --reading each-year
    calfeed review 3f2a --done
    """
    from calfeed.cli.differences import utc_now
    from calfeed.importing import begin, carry_out, finish, new_uid, proposer

    settings = settings_of(ctx)
    now = utc_now()
    plan = finish(begin(settings, now=now), settings, now=now)
    catalogue = plan.catalogue
    if reading is None and not done:
        _show(catalogue, uid)
        return
    if uid is None or (reading is not None and done):
        raise CalfeedError("name one event, and either --reading or --done.", mend="See calfeed review --help.")
    chosen = _named(catalogue, uid)
    entry = next((group.events for group in groups(catalogue.events) if chosen in group.events), (chosen,))
    if reading is not None:
        changes = {chosen.uid: replace(chosen, reading=reading)} if reading != chosen.reading else {}
    else:
        changes = {event.uid: replace(event, review=(), last_known=False) for event in entry}
    events = tuple(changes.get(event.uid, event) for event in catalogue.events)
    read_again = proposer(catalogue, settings, now.date())
    settled = settle(replace(catalogue, events=events), now=now, new_uid=new_uid, settings=settings, base=read_again)
    changed = carry_out(replace(plan, catalogue=settled.catalogue), settings)
    click.echo(f"{'Written to' if changed else 'Nothing to change in'} {settings.paths.catalogue}.")


def _named(catalogue: Catalogue, uid: str) -> Event:
    found = [event for event in catalogue.events if event.uid == uid] or [
        event for event in catalogue.events if event.uid.startswith(uid)
    ]
    if len(found) != 1:
        raise CalfeedError(
            f"{'no event has' if not found else f'{len(found)} events have'} a UID that begins with {uid!r}.",
            mend="`calfeed review` lists them.",
        )
    return found[0]


def _show(catalogue: Catalogue, uid: str | None) -> None:
    console = Console(highlight=False, soft_wrap=True)
    wanted = _named(catalogue, uid) if uid else None
    live = [event for event in catalogue.events if event.removed is None]
    entries = [group.events for group in groups(live)] + [(event,) for event in live if event.provenance is None]
    entries = [events for events in entries if (wanted in events if wanted else any(event.review for event in events))]
    for events in entries:
        _show_entry(console, events)
    if wanted is None:
        console.print(f"{len(entries)} entries are for review." if entries else "Nothing is for review.")


def _show_entry(console: Console, events: tuple[Event, ...]) -> None:
    first = events[0]
    words = first.provenance
    console.print(f"[bold]{escape(first.title)}[/bold]")
    if words:
        place = f" ({words.where})" if str(words.where) else ""
        console.print(f"  text       {escape(words.entry)}")
        console.print(f"  from       {escape(' > '.join((words.source, *words.outline)))}{place}")
    for sentence in dict.fromkeys(sentence for event in events for sentence in event.review):
        console.print(f"  [yellow]review     {escape(sentence)}[/yellow]")
    name = f"read ({first.reading})" if first.reading else "read"
    for event in events:
        console.print(f"  {name}: {escape(in_words(event.period)) or 'no date'}  [dim]{escape(event.uid)}[/dim]")
    for reading in first.alternatives:
        periods = "; ".join(in_words(period) for period in reading.periods)
        console.print(f"  or ({reading.rule}): {escape(periods)}")
        console.print(f"             calfeed review {first.uid[:8]} --reading {reading.rule}")
    console.print(f"             calfeed review {first.uid[:8]} --done\n")
