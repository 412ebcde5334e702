"""The page of a document: on one side how it looks, with all entries marked, on the other what was read of it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, abort, redirect, render_template, request
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from calfeed.dates import Context, find
from calfeed.desk import actions, pictures, speech
from calfeed.desk.access import me, needs
from calfeed.desk.arrivals import Arrivals
from calfeed.desk.draft import Made, Now
from calfeed.desk.edits import taken
from calfeed.desk.people import Role
from calfeed.desk.reading import Block, Passage, Read, Suggestion, key_of, passages, read, tree_of
from calfeed.desk.shared import Row, desk, row, say, settings
from calfeed.desk.speech import gettext as _
from calfeed.desk.speech import ngettext
from calfeed.errors import CalfeedError
from calfeed.fetch import Fetched, read_file
from calfeed.model import Catalogue, Draft, Edition, Event, Provenance
from calfeed.reconcile.decided import ACCEPTED, REJECTED, Decided, verdict
from calfeed.settings import Source
from calfeed.store.disk import replace_file

blueprint = Blueprint("documents", __name__)
# So many texts, or pages of a PDF, are shown at once.
TEXTS = 150
PAGES = 4
KEPT = 6
PDF = "application/pdf"
# Where the shown blocks begin, and where those before and after them do (None: there are none).
Place = tuple[int, int | None, int | None]


class Opened(Struct, frozen=True, kw_only=True):
    """A source's document as it was read for the draft: its bytes' digest, and what calfeed sees in it."""

    source: Source
    digest: str
    read: Read
    content: bytes


_opened: OrderedDict[tuple[str, str, date, Source], Opened] = OrderedDict()
_lock = Lock()


def open_document(name: str) -> Opened:
    """The document of a source: the edition that the draft was made from. 404 where there is no such source."""
    edition = next((one for one in reversed(desk().catalogue().editions) if one.source == name), None)
    source = settings().source(name) or (Source(id=name, title=edition.title or name, path=name) if edition else None)
    if source is None:
        abort(404)
    fetched = _bytes_of(source, edition)
    assert fetched.content is not None
    digest = hashlib.sha256(fetched.content).hexdigest()
    reference = source.published or (edition.read.date() if edition else desk().clock().date())
    key = (settings().folder, digest, reference, source)
    with _lock:
        if key in _opened:
            _opened.move_to_end(key)
            return _opened[key]
    found = read(tree_of(fetched, source), source, settings(), reference=reference)
    opened = Opened(source=source, digest=digest, read=found, content=fetched.content)
    with _lock:
        _opened[key] = opened
        while len(_opened) > KEPT:
            _opened.popitem(last=False)
    return opened


def _bytes_of(source: Source, edition: Edition | None) -> Fetched:
    """The bytes of the edition: as they were handed over, else as they are on disk."""
    if edition is not None and (kept := Arrivals(desk().folder).content(edition.digest)) is not None:
        return Fetched(content=kept, name=Path(source.path or source.title).name)
    if source.path is None:
        raise CalfeedError(
            _("The document is not kept here."), mend=_("Read it again from the desk's first page; then it is.")
        )
    return Fetched(content=read_file(Path(settings().folder, source.path)), name=Path(source.path).name)


class Entry(Struct, frozen=True, kw_only=True):
    """An entry beside the document: events of the draft that are made of it, or a suggestion."""

    key: str
    rows: tuple[Row, ...]
    suggestion: Suggestion | None
    where: str


@blueprint.get("/documents/<name>")
@needs(Role.READER)
def document_page(name: str) -> str:
    opened = open_document(name)
    events = [one for one in desk().catalogue().events if one.provenance and one.provenance.source == name]
    by_key = _by_key(events)
    is_pdf = opened.read.tree.media_type == PDF and request.args.get("as") != "text"
    wanted = next((key for key, ones in by_key.items() if any(one.uid == request.args.get("at") for one in ones)), "")
    blocks, place = _shown(opened.read, request.args.get("from", 0, int), wanted, is_pdf)
    keys = dict.fromkeys(one.key for one in passages(blocks) if one.key)
    return render_template(
        "document.html",
        source=opened.source,
        opened=opened,
        blocks=blocks,
        entries=_entries(keys, by_key, opened.read, name),
        elsewhere=_elsewhere(by_key, opened.read) if place[0] == 0 else [],
        uid_keys={one.uid: key for key, ones in by_key.items() for one in ones},
        wanted=wanted,
        is_pdf=is_pdf,
        can_be_pictures=opened.read.tree.media_type == PDF,
        pages=_pages(blocks) if is_pdf else [],
        first=place[0],
        before=place[1],
        after=place[2],
        total=len(opened.read.entries),
    )


def _by_key(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        if event.provenance is not None and event.removed is None:
            found.setdefault(key_of(event.provenance.where, event.provenance.entry), []).append(event)
    return found


def _shown(found: Read, start: int, wanted: str, by_page: bool) -> tuple[Sequence[Block], Place]:
    """The blocks that are shown, from `start` or around the entry `wanted`, and their place."""
    blocks = found.blocks
    if by_page:
        last = max((page_of(block) for block in blocks), default=1)
        if wanted:
            start = next((page_of(block) - 1 for block in blocks if any(p.key == wanted for p in passages([block]))), 0)
        start = max(0, min(start, last - 1)) // PAGES * PAGES
        shown = [block for block in blocks if start < page_of(block) <= start + PAGES]
        return shown, (start, start - PAGES if start else None, start + PAGES if start + PAGES < last else None)
    if wanted:
        at = next((at for at, block in enumerate(blocks) if any(p.key == wanted for p in passages([block]))), 0)
        start = at
    start = max(0, min(start, len(blocks) - 1)) // TEXTS * TEXTS
    shown = list(blocks[start : start + TEXTS])
    return shown, (start, start - TEXTS if start else None, start + TEXTS if start + TEXTS < len(blocks) else None)


def page_of(block: Block) -> int:
    """The page of a PDF on which a block begins."""
    return int(block.where.pages[0]) if block.where.pages else 1


class Box(Struct, frozen=True, kw_only=True):
    """Where an entry stands on a page, in points from its upper left corner."""

    key: str
    outcome: str
    x: float
    y: float
    width: float
    height: float
    words: str


class PageOfPdf(Struct, frozen=True, kw_only=True):
    number: int
    boxes: tuple[Box, ...]


def _pages(blocks: Sequence[Block]) -> list[PageOfPdf]:
    found: dict[int, list[Box]] = {page_of(block): [] for block in blocks}
    for one in passages(blocks):
        if one.where.box and one.where.pages and one.outcome in ("accepted", "suggested"):
            left, top, right, bottom = one.where.box
            box = Box(
                key=one.key,
                outcome=one.outcome,
                x=left,
                y=top,
                width=right - left,
                height=bottom - top,
                words=one.text[:200],
            )
            found.setdefault(one.where.pages[0], []).append(box)
    return [PageOfPdf(number=number, boxes=tuple(boxes)) for number, boxes in sorted(found.items())]


def _entries(keys: Iterable[str], by_key: dict[str, list[Event]], found: Read, name: str) -> list[Entry]:
    suggestions = {one.key: one for one in found.entries}
    decided = Decided(desk().draft().decisions, name)
    entries = []
    for key in keys:
        one, events = suggestions.get(key), by_key.get(key, [])
        open_ = one if one is not None and not events and not decided.rejects(one.proposal) else None
        if events or open_:
            where = str(one.proposal.entry.where) if one else ""
            entries.append(Entry(key=key, rows=tuple(map(row, events)), suggestion=open_, where=where))
    return entries


def _elsewhere(by_key: dict[str, list[Event]], found: Read) -> list[Row]:
    """Events of the source that the document, as it is read now, does not show: added by hand, or of an older text."""
    known = {one.key for one in found.entries}
    return [row(event) for key, events in by_key.items() if key not in known for event in events]


@blueprint.get("/documents/<name>/pages/<int:number>.png")
@needs(Role.READER)
def picture(name: str, number: int) -> Response:
    """A page of a PDF as a picture; drawn once, then kept."""
    opened = open_document(name)
    if opened.read.tree.media_type != PDF or number < 1:
        abort(404)
    path = desk().folder / "pictures" / f"{opened.digest}-{number}.png"
    try:
        octets = path.read_bytes()
    except OSError:
        octets = pictures.draw(opened.content, number, source=opened.source.title).png
        replace_file(path, octets)
    answer = Response(octets, content_type="image/png")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@blueprint.post("/documents/<name>/decide")
@needs(Role.EDITOR)
def decide(name: str) -> AnyResponse:
    """Accept or reject what the reader only suggests; one or all that are ticked."""
    opened, answer, keys = open_document(name), request.form.get("answer", ""), set(request.form.getlist("key"))
    chosen = [one for one in opened.read.entries if one.key in keys]
    if answer not in ("accept", "reject") or not chosen:
        abort(400)

    def work(catalogue: Catalogue, now: Now) -> Made:
        what = ACCEPTED if answer == "accept" else REJECTED
        decided = tuple(verdict(one.proposal, what, source=name, by=now.by, at=now.at) for one in chosen)
        drafts = [draft for one in chosen for draft in next(iter(one.proposal.drafts.values()))]
        made = tuple(taken(_of(draft, name), uid=now.new_uid(), now=now.at, by=now.by) for draft in drafts)
        kept = catalogue.events + (made if answer == "accept" else ())
        return Made(catalogue=Catalogue(editions=catalogue.editions, events=kept), decided=decided)

    step = desk().change(me(), "accepted" if answer == "accept" else "rejected", work)
    count = len(chosen)
    sentence = (
        ngettext("%(num)d suggestion is an event now.", "%(num)d suggestions are events now.", count)
        if answer == "accept"
        else ngettext("%(num)d suggestion is put away.", "%(num)d suggestions are put away.", count)
    )
    say(sentence, step=step.number)
    return redirect(f"/documents/{name}?from={request.form.get('from', '0')}", 303)


def _of(draft: Draft, source: str) -> Draft:
    """The draft as that of a source, however the document was named while it was read."""
    words = draft.provenance
    return replace(draft, provenance=replace(words, source=source)) if words else draft


@blueprint.post("/documents/<name>/add")
@needs(Role.EDITOR)
def add(name: str) -> AnyResponse:
    """Make an event of the words that were marked in the document."""
    opened, words = open_document(name), " ".join(request.form.get("words", "").split())[:2000]
    node = request.form.get("node", -1, int)
    passage = next((one for one in passages(opened.read.blocks) if one.node == node), None)
    if not words or passage is None:
        abort(400)
    date_text, title = _cut(words, passage, opened)
    provenance = Provenance(source=name, entry=words, where=passage.where, date_text=date_text)
    draft = Draft(title=title, lang=opened.read.tree.lang, provenance=provenance)
    fields = {"title": title, "date": date_text}
    step = desk().change(
        me(), "added", actions.new(draft, fields, settings(), opened.read.tree.lang or speech.language())
    )
    say(_("Added: %(title)s.", title=title), step=step.number)
    return redirect(f"/events/{step.changes[0].uid}", 303)


def _cut(words: str, passage: Passage, opened: Opened) -> tuple[str, str]:
    """The words of the date among some words, and what is left as a title."""
    lang = opened.read.tree.lang
    found = find(words, Context(reference=desk().clock().date(), lang=lang, settings=settings().dates))
    if not found.readings or not found.spans:
        return "", words
    start, end = found.spans[0][0], found.spans[-1][1]
    title = f"{words[:start]} {words[end:]}".strip(" ,;:()-–—")
    return words[start:end], " ".join(title.split()) or passage.text[:200]


@blueprint.get("/documents/<name>/report")
@needs(Role.READER)
def report(name: str) -> str:
    """The reading report: what was read, suggested and left of the document, and why."""
    opened = open_document(name)
    shown = [one for one in passages(opened.read.blocks) if one.outcome in ("suggested", "date-left")]
    return render_template("report.html", source=opened.source, opened=opened, passages=shown)
