"""`calfeed explain`: what a date expression is taken for, and why."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from calfeed.cli import settings_of
from calfeed.cli.language import Language
from calfeed.dates import Context, interpret
from calfeed.dates.plain import plain_interpretation, plain_period
from calfeed.errors import CalfeedError
from calfeed.model import Inferred, Interpretation, Period
from calfeed.settings import Dates

# What a word's kind is called on the screen; what is not here is a row of the grammar, or a kind, shown by its name.
ROLES = {
    "part": "part of a unit", "each": "recurrence", "frequency": "recurrence", "starting": "open end", "from": "start",
    "onwards": "open end", "until": "end", "by": "deadline", "in": "connector", "the": "connector", "of": "connector",
    "lead": "connector", "during": "connector", "comma": "list", "semicolon": "list", "and": "list", "dash": "range",
    "hyphen": "range", "tilde": "range", "arrow": "range", "to": "range", "slash": "either", "or": "either",
    "qualifier": "certainty", "title": "not used", "former": "no longer holds", "renewed": "new date",
    "status": "status", "day part": "part of the day", "pluriennium": "kind of years",
}  # fmt: skip
ORIGINS = {
    "sibling": "from its neighbour",
    "entry": "from the entry",
    "heading": "from the heading",
    "document": "from the document",
    "reference": "from the day of reading",
}


@click.command(short_help="Say how a date expression is read.")
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
@click.option("--reference", type=click.DateTime(["%Y-%m-%d"]), help="The day of reading (default: today).")
@click.option("--lang", type=Language(), help="The language of the text, such as fr (default: told from its words).")
@click.pass_context
def command(
    ctx: click.Context, text: tuple[str, ...], as_json: bool, reference: datetime | None, lang: str | None
) -> None:
    """Say how a date expression is read: its tokens, the rule, what was inferred, and other readings.

    \b
    calfeed explain "July-September 2013, 2014, 2015"
    calfeed explain --json -    reads one JSON object a line: {"id", "text", "reference", "lang"}
    """
    dates = settings_of(ctx, needed=False).dates
    day = reference.date() if reference else date.today()
    context = Context(reference=day, lang=lang, settings=dates)
    if text == ("-",):
        if as_json:
            answer_lines(sys.stdin.buffer, context)
            return
        lines = sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
        text = tuple(line for line in lines if line.strip())
    if as_json:
        for one in text:
            click.echo(dump({"id": None, "text": one} | plain_interpretation(interpret(one, context))))
        return
    console = Console(highlight=False)
    for number, one in enumerate(text):
        if number:
            console.print()
        show(console, interpret(one, context))


def answer_lines(lines: BinaryIO, context: Context) -> None:
    """Answer one JSON object a line, in order; a line that cannot be answered gives an object with `error`."""
    for line in lines:
        if line.strip():
            click.echo(dump(answer(line, context)))


def answer(line: bytes, context: Context) -> dict[str, Any]:
    """The answer to one line. It never raises: what is wrong with the line stands in `error`."""
    identity = None
    try:
        question = json.loads(line)
        if not isinstance(question, dict):
            return _error(None, "the line is not a JSON object.")
        identity = question.get("id")
        text = question.get("text")
        if not isinstance(text, str):
            return _error(identity, "the field `text` is missing or no string.")
        told = plain_interpretation(interpret(text, _asked(question, context)))
        return {"id": identity, "text": text} | told
    except CalfeedError as error:
        return _error(identity, str(error))
    except (ValueError, RecursionError) as error:
        return _error(identity, f"the line cannot be read: {error}.")


def _asked(question: dict[str, Any], context: Context) -> Context:
    reference, lang = question.get("reference"), question.get("lang")
    if reference is not None and not isinstance(reference, str):
        raise ValueError("`reference` is a day such as 2013-01-31")
    if lang is not None and not isinstance(lang, str):
        raise ValueError("`lang` is a language tag such as en")
    day = date.fromisoformat(reference) if reference else context.reference
    return Context(reference=day, lang=lang or context.lang, settings=context.settings or Dates())


def _error(identity: object, what: str) -> dict[str, Any]:
    return {"id": identity, "error": what, "readings": [], "review": True, "unread": []}


def dump(value: dict[str, Any]) -> str:
    """One line of JSON; a lone surrogate, which UTF-8 cannot carry, is escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return line


def show(console: Console, told: Interpretation) -> None:
    """Print an interpretation for an editor."""
    console.print(marked(told), style="bold")
    tokens = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for token in told.tokens:
        used = token.role != "title"
        tokens.add_row(escape(token.text), ROLES.get(token.role, token.role), style="" if used else "dim")
    console.print(tokens)
    if not told.readings:
        console.print("no date" + (", ongoing" if told.ongoing else ""), style="yellow")
    for number, reading in enumerate(told.readings):
        name = "read as" if number == 0 else "or as"
        console.print(f"{name} [bold]{reading.rule}[/bold]", style="green" if number == 0 else "cyan")
        for period in reading.periods:
            console.print(f"  {words(period)}")
        if number == 0:
            for inferred in reading.inferred:
                console.print(f"  {inferred_words(inferred)}", style="magenta")
    for label, value in (("status", told.status), ("relative to", told.anchor), ("how many", told.count)):
        if value:
            console.print(f"{label}: {escape(str(value))}")
    if told.unread:
        console.print(f"not read: {escape(', '.join(told.unread))}", style="yellow")
    if told.review:
        console.print("for review:", style="bold red")
        for reason in told.reasons:
            console.print(f"  {escape(reason)}")


def marked(told: Interpretation) -> Text:
    """The text, with the words of its dates underlined."""
    text = Text(told.text)
    for start, end in told.spans:
        text.stylize("underline", start, end)
    return text


def words(period: Period) -> str:
    """A period in one line: its days, the unit it is told in, and what is said about it."""
    plain = plain_period(period)
    days = f"{plain['start'] or '…'} to {plain['end'] or '…'}" if period.start or period.end else "no days"
    said = [
        plain["precision"],
        plain["qualifier"],
        period.rrule,
        period.duration,
        period.times,
        f"EDTF {plain['edtf']}",
    ]
    return f"{days}  ({', '.join(one for one in said if one)})"


def inferred_words(inferred: Inferred) -> str:
    """Where a field came from that the text does not have."""
    return f"{inferred.field} {inferred.value} {ORIGINS.get(inferred.origin, inferred.origin)}"
