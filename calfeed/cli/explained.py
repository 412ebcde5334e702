"""A document as calfeed sees it: each text with its dates marked, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from msgspec import Struct
from rich.text import Text

from calfeed.extract import Judged, Survey

# What becomes of a text, with its colour on a terminal.
COLOURS = {"accepted": "bold green", "suggested": "bold yellow", "scope": "cyan", "left": "dim", "date left": "red"}
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
p { margin: .2rem 0; padding-inline-start: .6rem; border-inline-start: .3rem solid transparent; white-space: pre-wrap; }
.accepted { border-color: #1a7f37; } .suggested { border-color: #bf8700; } .scope { border-color: #0969da; }
.left { color: #767676; } .date-left { border-color: #cf222e; }
mark { background: #fff8c5; } small { color: #57606a; display: block; }
"""


class Passage(Struct, frozen=True, kw_only=True):
    """A text of the document: how deep it stands, its dates' offsets, what became of it and why."""

    depth: int
    text: str
    spans: tuple[tuple[int, int], ...]
    outcome: str
    notes: tuple[str, ...] = ()


def passages(survey: Survey) -> Iterator[Passage]:
    """The texts of a document in order, with what became of each."""
    judged: dict[int, list[Judged]] = {}
    for one in survey.judged:
        for part in one.record.parts:
            judged.setdefault(id(part), []).append(one)
    for part in survey.root.walk():
        if not part.text.strip():
            continue
        mine = judged.get(id(part), [])
        entries = [one.entry for one in mine if one.entry is not None]
        notes = [
            f"{one.record.shape}, {one.probability:.2f}: {_told(one)}" for one in mine if one.record.parts[0] is part
        ]
        if entries:
            outcome = "accepted" if any(not entry.suggested for entry in entries) else "suggested"
        elif part.outcome == "scope":
            outcome, notes = "scope", ["lends its date to what stands under it"]
        else:
            outcome = "date left" if part.dated else "left"
            notes = notes or ([part.outcome] if part.dated else [])
        yield Passage(
            depth=sum(1 for _ in part.ancestors()),
            text=part.text,
            spans=tuple((anchor.start, anchor.end) for anchor in part.anchors),
            outcome=outcome,
            notes=tuple(notes),
        )


def _told(one: Judged) -> str:
    if one.entry is None:
        return "left: " + "; ".join(one.against)
    periods = one.entry.found.readings[0].periods if one.entry.found and one.entry.found.readings else ()
    days = ", ".join(f"{period.start or '..'}/{period.end or '..'}" for period in periods) or "undated"
    return f"{one.entry.title or 'no title'} ({days}): {'; '.join(one.entry.why)}"


def marked(found: Sequence[Passage]) -> Iterator[Text]:
    """The passages for a terminal."""
    for one in found:
        line = Text("  " * min(one.depth, 8))
        body = Text(one.text, style="" if one.outcome != "left" else COLOURS["left"])
        for start, end in one.spans:
            body.stylize(f"{COLOURS[one.outcome]} underline", start, end)
        line.append_text(body)
        yield line
        for note in one.notes:
            yield Text(f"{'  ' * min(one.depth, 8)}  {one.outcome}: {note}", style=COLOURS[one.outcome])


def page(found: Sequence[Passage], *, title: str, lang: str | None) -> str:
    """The passages as an HTML page that needs nothing else."""
    body = "\n".join(_paragraph(one) for one in found)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{escape(lang or "en")}">\n<head>{head}</head>\n'
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>"
    )


def _paragraph(one: Passage) -> str:
    pieces, at = [], 0
    for start, end in sorted(one.spans):
        pieces.append(f"{escape(one.text[at:start])}<mark>{escape(one.text[start:end])}</mark>")
        at = end
    pieces.append(escape(one.text[at:]))
    notes = "".join(f"<small>{escape(note)}</small>" for note in one.notes)
    return f'<p class="{one.outcome.replace(" ", "-")}">{"".join(pieces)}{notes}</p>'
