"""`calfeed entries`: what calfeed finds in a document, without storing anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct
from msgspec.structs import replace
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from calfeed.assistant import Answer, ask, merge, pages_of, read_answer, told_of
from calfeed.cli import settings_of
from calfeed.cli.explained import Passage, marked, page, passages
from calfeed.cli.language import Language
from calfeed.dates.plain import plain_period, plain_readings
from calfeed.documents import MAX_BYTES, Progress, read_tree
from calfeed.documents.child import apart
from calfeed.errors import CalfeedError, DocumentError, Spot
from calfeed.extract import Weights, read_weights, survey
from calfeed.model import Draft, Precision, Proposal
from calfeed.normalise import propose_all
from calfeed.settings import Settings


@click.command(short_help="Show the entries of a document and how they are read.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, in the document's order.")
@click.option("--explain", is_flag=True, help="Print the document with each date marked, and what became of it.")
@click.option("--html", is_flag=True, help="As --explain, as a page to look at.")
@click.option("--reference", type=click.DateTime(["%Y-%m-%d"]), help="The day of reading (default: today).")
@click.option("--lang", type=Language(), help="The document's language, such as fr (default: told from its words).")
@click.option("--weights", type=click.Path(path_type=Path), help="Other weights of evidence than calfeed's own.")
@click.option("--assistant", is_flag=True, help="Ask the language model of calfeed.toml, too.")
@click.option(
    "--assistant-answers", type=click.Path(path_type=Path), help="Take a recorded answer for a language model's."
)
@click.option("--trusting", is_flag=True, help="Accept what only the model found, where calfeed reads its days.")
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    as_json: bool,
    explain: bool,
    html: bool,
    reference: datetime | None,
    lang: str | None,
    weights: Path | None,
    assistant: bool,
    assistant_answers: Path | None,
    trusting: bool,
) -> None:
    """Show the entries of FILE: text, outline, dates, facets, place, what is for review and what is only suggested.
    Nothing is stored.

    \b
    calfeed entries programme.txt
    calfeed entries programme.txt --json --reference 2013-01-01
    calfeed entries programme.pdf --html > programme.html
    """
    settings = settings_of(ctx, needed=False)
    asked = _Asked(
        content=contents(file),
        source=str(file),
        name=file.name,
        lang=lang,
        day=reference.date() if reference else date.today(),
        settings=settings,
        weights=chosen_weights(weights),
        explained=explain or html,
        answer=recorded(assistant_answers) if assistant_answers else None,
        trusting=trusting,
    )
    if assistant:
        asked = _with_answer(asked)
    octets = apart(f"{__name__}:read_here", msgspec.msgpack.encode(asked), source=str(file))
    found = msgspec.msgpack.decode(octets, type=_Found)
    if found.told:
        click.echo(found.told, err=True)
    if html:
        click.echo(page(found.passages, title=found.title or file.name, lang=found.lang))
    elif explain:
        console = Console(highlight=False, soft_wrap=True)
        for line in marked(found.passages):
            console.print(line)
    elif as_json:
        click.echo(
            json.dumps([plain(proposal, settings) for proposal in found.proposals], ensure_ascii=False, indent=1)
        )
    else:
        show(Console(highlight=False), found.proposals, settings)


class _Asked(Struct, frozen=True, kw_only=True):
    """What the child that reads the document needs to know."""

    content: bytes
    source: str
    name: str
    lang: str | None
    day: date
    settings: Settings
    weights: Weights | None
    explained: bool
    answer: Answer | None = None
    trusting: bool = False


class _Found(Struct, frozen=True, kw_only=True):
    """What it found: the document's passages where they are asked for, else its entries."""

    lang: str | None
    title: str | None
    passages: tuple[Passage, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    told: str = ""


def _with_answer(asked: _Asked) -> _Asked:
    """The question with what the settings' language model answers, where it does."""
    assistant = asked.settings.assistant
    if assistant is None:
        raise CalfeedError("no assistant is configured.", mend="Add [assistant] to calfeed.toml (docs/assistant.md).")
    octets = apart(f"{__name__}:pages_here", msgspec.msgpack.encode(asked), source=asked.source)
    pages = msgspec.msgpack.decode(octets, type=tuple[str, ...])
    given = ask(pages, assistant, asked.settings.answers_path, today=date.today())
    click.echo(given.told, err=True)
    return replace(asked, answer=given.answer, trusting=asked.trusting or assistant.trusting)


def pages_here(argument: bytes, progress: Progress) -> bytes:
    """What a language model is shown of the document: made in the child, too."""
    asked = msgspec.msgpack.decode(argument, type=_Asked)
    tree = read_tree(asked.content, source=asked.source, name=asked.name, lang=asked.lang, progress=progress)
    return msgspec.msgpack.encode(pages_of(tree))


def read_here(argument: bytes, progress: Progress) -> bytes:
    """What the command runs in its child: a document may not stop or starve it."""
    asked = msgspec.msgpack.decode(argument, type=_Asked)
    tree = read_tree(asked.content, source=asked.source, name=asked.name, lang=asked.lang, progress=progress)
    evidence = asked.weights or read_weights()
    found = survey(
        tree,
        asked.settings.sections,
        reference=asked.day,
        settings=asked.settings.dates,
        lang=asked.lang,
        zone=asked.settings.site.timezone,
        places=asked.settings.places,
        weights=evidence,
        tick=lambda: progress(0, 0),
    )
    entries, told = found.entries, ""
    if asked.answer is not None:
        merged = merge(found, asked.answer, source=asked.source, bar=evidence, trusting=asked.trusting)
        entries, told = merged.entries, told_of(merged)
    return msgspec.msgpack.encode(
        _Found(
            lang=tree.lang,
            title=tree.title,
            passages=tuple(passages(found)) if asked.explained else (),
            proposals=() if asked.explained else propose_all(entries, asked.settings, reference=asked.day),
            told=told,
        )
    )


def chosen_weights(path: Path | None) -> Weights | None:
    """The weights in a file, None for calfeed's own. Raises CalfeedError for a file that holds none."""
    if path is None:
        return None
    try:
        return read_weights(path)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CalfeedError(
            "these are no weights.", spot=Spot(path), mend="bench/extract/fit writes such files."
        ) from error


def recorded(path: Path) -> Answer:
    """The answer in a file. Raises CalfeedError for a file that holds none."""
    try:
        return read_answer(path.read_bytes())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CalfeedError(f"this is no answer: {why}", spot=Spot(path)) from error


def contents(file: Path) -> bytes:
    """The bytes of a file. Raises DocumentError for what is missing, a folder, unreadable or too long."""
    if file.is_dir():
        raise DocumentError("this is a folder.", spot=Spot(file), mend="Name a file in it.")
    try:
        with file.open("rb") as opened:
            # One byte more than is read tells a file that is too long, whatever its size is said to be.
            return opened.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise DocumentError("there is no such file.", spot=Spot(file), mend="Check its name.") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DocumentError(f"the file cannot be read: {why}.", spot=Spot(str(file)[:200])) from error


def plain(proposal: Proposal, settings: Settings) -> dict[str, Any]:
    """A proposal as plain values for JSON: `outline` is theme, activity, section, null where there is none."""
    entry, draft = proposal.entry, default(proposal)[0]
    missing: list[str | None] = [None] * (3 - len(entry.outline))
    place = entry.where
    where = {name: list(span) for name, span in (("lines", place.lines), ("pages", place.pages)) if span}
    named = {name: told for name, told in (("sheet", place.sheet), ("cell", place.cell)) if told}
    return {
        "outline": [*missing, *(heading or None for heading in entry.outline)],
        "text": entry.text,
        "title": draft.title,
        "date_text": draft.provenance.date_text if draft.provenance else "",
        **{facet.plural: list(draft.facets.get(facet.name, ())) for facet in settings.facets},
        "place": draft.place,
        "country": draft.country,
        "where": where | named,
        "readings": plain_readings(proposal.interpretation),
        "review": bool(draft.review),
        "reasons": list(draft.review),
        "damage": list(entry.damage),
        "status": draft.status.value,
        "lang": draft.lang,
        "suggested": entry.suggested,
        "confidence": entry.confidence,
        "why": list(entry.why),
        "reader": entry.reader or "calfeed",
        "proposed": entry.proposed,
    }


def default(proposal: Proposal) -> tuple[Draft, ...]:
    """The drafts of the default reading."""
    return next(iter(proposal.drafts.values()))


def show(console: Console, proposals: Sequence[Proposal], settings: Settings) -> None:
    """Print the entries under their headings."""
    above: tuple[str, ...] = ()
    table: Table | None = None
    for proposal in proposals:
        if proposal.entry.outline != above or table is None:
            if table is not None:
                console.print(table)
            above = proposal.entry.outline
            console.print(f"\n[bold]{escape(' > '.join(above[:-1]) or above[-1] or 'Entries')}[/bold]")
            table = Table(box=box.SIMPLE_HEAD, expand=True, show_edge=False)
            table.add_column("where", min_width=13, style="dim", no_wrap=True)
            table.add_column("title", ratio=6)
            table.add_column("when", min_width=21, style="green")
            table.add_column("what", ratio=4)
        _add(table, proposal, settings)
    if table is not None:
        console.print(table)
    suggested = sum(proposal.entry.suggested for proposal in proposals)
    proposals = [proposal for proposal in proposals if not proposal.entry.suggested]
    drafts = [draft for proposal in proposals for draft in default(proposal)]
    undated = sum(draft.period is None for draft in drafts)
    review = sum(bool(default(proposal)[0].review) for proposal in proposals)
    console.print(
        f"\n{len(proposals)} entries, {len(drafts)} events ({undated} without a date), {review} entries for review"
        + (f"; {suggested} more are suggested" if suggested else "")
    )


def _add(table: Table, proposal: Proposal, settings: Settings) -> None:
    drafts = default(proposal)
    draft = drafts[0]
    title = escape(draft.title)
    if proposal.entry.suggested:
        title += f"\n[cyan]suggested: {escape('; '.join(proposal.entry.why))}[/cyan]"
    if draft.review:
        title += "".join(f"\n[yellow]for review: {escape(reason)}[/yellow]" for reason in draft.review)
    when = "\n".join(_when(draft) for draft in drafts)
    named = [value for facet in settings.facets if not facet.outline for value in draft.facets.get(facet.name, ())]
    what = ", ".join([*named, *([draft.place] if draft.place else [])])
    table.add_row(str(proposal.entry.where), title, when, escape(what))


def _when(draft: Draft) -> str:
    if draft.period is None:
        return "[dim]no date[/dim]"
    period = plain_period(draft.period)
    days = str(period["edtf"])
    # EDTF's codes for quarters, seasons and halves ("2019-36") are for programs.
    if draft.period.precision not in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        days = f"{period['start'] or '..'}/{period['end'] or '..'}"
    return escape(f"{days} ({period['qualifier']})" if period["qualifier"] else days)
