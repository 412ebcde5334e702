"""Where something is held: the words of a record's text that name its place.

In: a text, where its date and clock times stand. Out: a `Venue`, None where the text names none. A place shows by its
label ("Venue: ..."), by a preposition beside the date, by standing in a field of its own (after a comma, a dash, in
brackets) with words of buildings, a house number or the name of a known town. Known names are evidence, not a gate:
"Austin" before "TX" is a town that no table has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from calfeed.extract.lexicon import Hit, Lexicon, lexicon
from calfeed.places import Gazetteer, gazetteer
from calfeed.settings import Place

# Stands for words that were read otherwise: dates, times, addresses of pages. Neither a letter nor white space.
CUT = "\ue000"
_FIELD = re.compile(
    rf"(?P<cut>[ \t]*{CUT}[{CUT} \t]*[-–—:：,|]*\s*)|(?P<comma>\s*(?:,|،|，|、)\s*)|(?P<dash>\s+[-–—]+\s+|\s*[—|·•]\s*)"
    r"|(?P<open>\s*[(\[（]\s*)|(?P<close>\s*[)\]）]\s*)|(?P<end>\s*[;；؛。\n]\s*|(?<=\w\w\w)[.!?]\s+)|(?P<colon>[:：]\s*)"
)
_JOINS = ("comma", "dash", "open")
# Separators, the weakest first.
_STRENGTH = ("", "comma", "dash", "open", "close", "colon", "end", "cut")
_DIGITS = re.compile(r"\d")
_HOUSE = re.compile(r"^\d{1,5}[a-z]?\s+(?=[^\W\d_])")
_ROOM_CODE = re.compile(r"[A-Z]{1,2}\d?-\d{2,4}[a-z]?")
_POSTCODE = re.compile(
    r"(?!(?:19|20)\d\d\s)\d{4,6}\s+[^\W\d_a-z][^\W\d_]+$|[A-Z]{1,2}\d\d?\s*\d[A-Z]{2}$|[A-Z]{2}\s+\d{5}"
)
_CAPITAL = re.compile(r"[^\W\d_a-zа-яё]")
_SMALL = re.compile(r"(?:d['’]|[a-zа-яà-ÿ]{1,4}$)")
_UNCASED = re.compile("[\u0600-\u06ff\u3400-\u9fff]")
# Languages in which the last word of a name says what it is.
_HEAD_LAST = ("en", "de", "nl", "zh")
_AFTER_HEAD = re.compile(r"\s*(?:\d|[#(]|(?:of|at|de|zu|zum|zur|am)\b|[A-Z]\d*\b)")
_MOST_WORDS = 9
_TOWN_WORDS = 4
_COMMON_WORDS = 2
_BARE = ("in", "nach", "bei")


class Venue(Struct, frozen=True, kw_only=True):
    """A place as a text names it, where it stands there with the label before it, and its country (ISO 3166-1 alpha-2)
    where it is known.

    `stands`: "label", "cell", "field" (apart from the rest of the text) or "clause" (a part of its sentence).
    """

    name: str
    start: int
    end: int
    stands: str
    country: str | None = None
    online: bool = False


class _Field(Struct, frozen=True, kw_only=True):
    """A piece of a text between separators. `before` and `after` are the strongest separator on that side, "" at the
    text's ends. `led`: a preposition such as "in" stood before it.`label`: where the name of a field begins that the
    text is the value of."""

    start: int
    end: int
    text: str
    before: str
    after: str
    led: bool = False


def venue_of(
    text: str, spans: Sequence[tuple[int, int]], *, lang: str | None, places: Sequence[Place] = (), cell: bool = False
) -> Venue | None:
    """The place that a text names. `spans`: what is not to be looked at, such as its date. `cell`: the text is a field
    that may be a place as a whole."""
    words, known = lexicon(lang, text), gazetteer(lang, places)
    fields = _fields(masked(text, spans), words)
    return (
        _labelled(text, fields, words, known)
        or (_whole(text, fields, words, known) if cell else None)
        or _apart(text, fields, words, known)
        or _in_clause(text, fields, words, known)
        or _online(text, fields, words)
    )


def venue_in_cell(text: str, *, lang: str | None, places: Sequence[Place] = ()) -> Venue | None:
    """The place in a field that is known to hold one: its words, unless they say that it is not known yet."""
    words, known = lexicon(lang, text), gazetteer(lang, places)
    bare = text.strip(" \t\n,;:.-–—")
    if not any(map(str.isalnum, bare)) or words.of("places.pending").whole(bare):
        return None
    start = text.index(bare)
    fields = _fields(bare, words)
    country = next((found for field in reversed(fields) if (found := _country(field.text, known))), None)
    online = words.of("places.online").whole(bare) is not None
    return Venue(
        name=" ".join(bare.split()), start=start, end=start + len(bare), stands="cell", country=country, online=online
    )


def masked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text, as long as it was, with CUT in the place of each character of the spans."""
    for start, end in spans:
        text = text[:start] + CUT * (end - start) + text[end:]
    return text


def _fields(text: str, words: Lexicon) -> list[_Field]:
    found: list[_Field] = []
    at, between = 0, ""
    for match in [*_FIELD.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[at:end].strip(" .*"):
            if found:
                found[-1] = replace(found[-1], after=between)
            found.append(_field(text, at, end, between, words))
            between = ""
        if match:
            between = max(between, match.lastgroup or "", key=_STRENGTH.index)
            at = match.end()
    if found:
        found[-1] = replace(found[-1], after=between)
    return found


def _field(text: str, start: int, end: int, before: str, words: Lexicon) -> _Field:
    """A field without white space, its final stop and the preposition before a name."""
    said = text[start:end].rstrip(' *"”')
    if said.endswith(".") and not words.of("sentences.abbreviations").whole(said[:-1].rpartition(" ")[2]):
        said = said[:-1]
    bare = said.lstrip(' *"“')
    start += len(said) - len(bare)
    preposition = words.of("places.before").at_start(bare)
    name = bare[preposition:].lstrip()
    led = bool(preposition) and (_CAPITAL.match(name) or _UNCASED.match(name)) is not None
    if led:
        start += len(bare) - len(name)
        bare = name
    return _Field(start=start, end=start + len(bare), text=bare, before=before, after="", led=led)


def _labelled(text: str, fields: Sequence[_Field], words: Lexicon, known: Gazetteer) -> Venue | None:
    """ "Venue: Palais Wilson, Geneva": all fields after the label, up to a date, a line's end or another label."""
    for at, field in enumerate(fields[:-1]):
        if field.after == "colon" and words.of("labels.place").whole(field.text.strip(" *")):
            last = at + 1
            while (
                last + 1 < len(fields)
                and fields[last].after in (*_JOINS, "close")
                and fields[last + 1].after != "colon"
            ):
                last += 1
            found = _venue(text, fields[at + 1 : last + 1], "label", words, known)
            return replace(found, start=field.start) if found else None
    return None


def _whole(text: str, fields: Sequence[_Field], words: Lexicon, known: Gazetteer) -> Venue | None:
    """A cell or line all of whose fields are a place's."""
    if not fields or any(field.after in ("colon", "end", "cut") for field in fields[:-1]):
        return None
    if _run(fields, 0, words, known) < len(fields) or not _stands_apart(fields, fields, 0):
        return None
    return _venue(text, fields, "cell", words, known)


def _apart(text: str, fields: Sequence[_Field], words: Lexicon, known: Gazetteer) -> Venue | None:
    """A run of fields beside one another that stand apart from the title and look like a place."""
    best: tuple[int, Venue] | None = None
    at = 0
    while at < len(fields):
        last = _run(fields, at, words, known)
        if last > at:
            run = fields[at:last]
            if _stands_apart(run, fields, at):
                score = sum(_is_place(field.text, words, known) for field in run) * 2 + (run[0].before == "cut")
                found = _venue(text, run, "field", words, known)
                if found is not None and (best is None or score > best[0]):
                    best = (score, found)
            at = last
        else:
            at += 1
    return best[1] if best else None


def _run(fields: Sequence[_Field], first: int, words: Lexicon, known: Gazetteer) -> int:
    """The end of the run of a place's fields from `first` on; `first` where none begins there."""
    last = first
    while last < len(fields) and (last == first or fields[last].before in _JOINS):
        text = fields[last].text
        if not (_is_place(text, words, known) or (_could_be(text, words) and _towns(text))):
            break
        last += 1
    run = fields[first:last]
    return last if any(_is_place(field.text, words, known) for field in run) else first


def _stands_apart(run: Sequence[_Field], fields: Sequence[_Field], at: int) -> bool:
    """Whether a run is not the text's own beginning, unless that is all that stands before its date."""
    if at == 0 and not run[0].before:
        return (
            len(run) == len(fields)
            or run[-1].after == "cut"
            or (run[-1].after == "close" and at + len(run) < len(fields) and fields[at + len(run)].before == "cut")
        )
    if len(run) == len(fields) and run[0].before == "cut":
        # "13 May: The History of Stoke Court" is no place, "13 May: Town Hall" is.
        return all(len(field.text.split()) <= _TOWN_WORDS or _DIGITS.search(field.text) for field in run)
    return run[0].before != "colon" or at + len(run) == len(fields)


def _in_clause(text: str, fields: Sequence[_Field], words: Lexicon, known: Gazetteer) -> Venue | None:
    """ "will be held in Geneva, Switzerland, from ...": what follows a preposition, where it looks like a place."""
    best: tuple[int, Venue] | None = None
    for at, field in enumerate(fields):
        hits = [Hit(0, 0, "before")] if field.led else []
        for hit in [*hits, *words.of("places.before").find(field.text)]:
            run = _led_run(fields, at, hit.end, words, known)
            if not run or _starts_otherwise(run[0].text, words):
                continue
            closes = run[-1].end >= field.end
            sure = run[0].led or any(_is_place(one.text, words, known) for one in run)
            beside = (closes and run[-1].after == "cut") or (hit.start <= 1 and field.before == "cut")
            # "im Mai", "in der Stadt": nouns have capitals in German, and an article is before none of a town.
            town = words.lang != "de" or field.text[hit.start : hit.end].casefold() in _BARE
            if sure or (beside and town and _could_be(run[0].text, words) and _towns(run[0].text)):
                found = _venue(text, run, "clause", words, known)
                # Between its date and another field it is a field of its own, its preposition with it.
                if found and closes and hit.start <= 1 and field.before == "cut" and not field.led:
                    found = replace(found, start=field.start, stands="field")
                score = 2 * sure + beside
                if found is not None and (best is None or score > best[0]):
                    best = (score, found)
    return best[1] if best else None


def _led_run(fields: Sequence[_Field], at: int, after: int, words: Lexicon, known: Gazetteer) -> list[_Field]:
    """The fields of the place that begins in a field after a preposition; empty where no name begins there."""
    field = fields[at]
    following = field.text[after:].lstrip()
    proper = _named(following, words)
    named = proper or _common(following, words)
    if not named:
        return []
    closes = following.endswith(named)
    start = field.end - len(following) + following.index(named)
    run = [_Field(start=start, end=start + len(named), text=named, before="", after=field.after, led=not proper)]
    last = at + 1
    if closes:
        while last < len(fields) and fields[last].before in _JOINS and _continues(fields[last].text, words, known):
            last += 1
        run += fields[at + 1 : last]
    return run


def _common(text: str, words: Lexicon) -> str:
    """A building that is named by common nouns: "the village hall", "la salle du conseil", "читальном зале"."""
    article = words.of("places.articles").at_start(text)
    bare = text[article:].lstrip()
    hits = [hit for hit in words.of("places.rooms").find(bare) if len(bare[: hit.start].split()) <= _COMMON_WORDS]
    if not hits or _UNCASED.match(bare) or not bare[:1].islower():
        return ""
    if words.lang in _HEAD_LAST:
        return bare[: max(hit.end for hit in hits)] if article or hits[0].start else ""
    if hits[0].start:
        return ""
    kept = bare[: hits[0].end].split()
    for word in bare[hits[0].end :].split():
        named = (
            _CAPITAL.match(word)
            or words.of("places.linking").whole(word)
            or (words.of("places.linking").whole(kept[-1]) and word.isalpha())
        )
        if not named or len(kept) > _MOST_WORDS:
            break
        kept.append(word)
    while kept and words.of("places.linking").whole(kept[-1]):
        kept.pop()
    return " ".join(kept)


def _online(text: str, fields: Sequence[_Field], words: Lexicon) -> Venue | None:
    """ "online", "Zoom", "(virtual)" in a field of its own, or after a word such as "via"."""
    for at, field in enumerate(fields):
        said = field.text.strip(" .*")
        if words.of("places.online").whole(said) and (at > 0 or field.before or field.after in ("cut", "")):
            _, _, bare = said.partition(" ")
            named = bare if words.of("places.online").whole(bare) else said
            return Venue(name=named, start=field.start, end=field.end, stands="field", online=True)
    return None


def _named(text: str, words: Lexicon) -> str:
    """The words with capitals (or in a script without) that begin a text, with the small words between them."""
    text = text.lstrip()
    if _UNCASED.match(text):
        stop = words.of("places.after").first(text)
        return text[: stop.start] if stop else text
    kept: list[str] = []
    for word in text.split():
        if (
            _CAPITAL.match(word)
            or _DIGITS.match(word)
            or (_SMALL.match(word) and words.of("places.linking").whole(word))
        ):
            kept.append(word)
        else:
            break
    while kept and not (_CAPITAL.match(kept[-1]) or _DIGITS.match(kept[-1])):
        kept.pop()
    return " ".join(kept) if kept and any(_CAPITAL.match(word) for word in kept) else ""


def _starts_otherwise(named: str, words: Lexicon) -> bool:
    first = named.split()[0].strip(".,'’")
    return words.of("places.no_place").whole(first) is not None


def _continues(text: str, words: Lexicon, known: Gazetteer) -> bool:
    return _is_place(text, words, known) or (
        _could_be(text, words) and _towns(text) and len(text.split()) <= _TOWN_WORDS
    )


def _is_place(text: str, words: Lexicon, known: Gazetteer) -> bool:
    """Whether a field has a known name, a word of buildings, a house number or a postal code."""
    bare = text.strip(" .*\"'“”")
    count = len(bare.split())
    if known.city_of(bare) or known.country_of(bare) or known.region_of(bare):
        return True
    if not bare or count > _MOST_WORDS or _starts_with_no_place(bare, words):
        return False
    if _POSTCODE.search(bare) or (
        known.tail_of(bare) is not None and count <= _TOWN_WORDS and all(map(_CAPITAL.match, bare.split()[:-1]))
    ):
        return True
    return _ROOM_CODE.fullmatch(bare) is not None or _has_room(bare, words)


def _has_room(bare: str, words: Lexicon) -> bool:
    """Whether a field is named after a building: "City Hall", "Room 1103", "University of Leeds", "Rathaussaal"."""
    if not (_CAPITAL.search(bare) or _UNCASED.search(bare) or _DIGITS.search(bare)):
        return False
    heads = [
        hit
        for hit in words.of("places.rooms").find(bare)
        if hit.end == len(bare) or (hit.start == 0 and _leads(bare[hit.end :], words))
    ]
    kinds = [kind for kind in words.of("kinds").find(bare) if not any(kind.end + 1 >= head.start for head in heads)]
    if not heads or kinds:
        return False
    return _UNCASED.search(bare) is not None or all(
        _CAPITAL.match(word) or not word[0].isalpha() or words.of("places.linking").whole(word) or len(word) <= 3
        for word in bare.split()
    )


def _leads(rest: str, words: Lexicon) -> bool:
    """Whether a word of buildings at a name's start is its head: "Room 5", "University of Leeds", "Salle Pleyel"; in
    English "Museum Night" is none."""
    return words.lang not in _HEAD_LAST or _AFTER_HEAD.match(rest) is not None


def _starts_with_no_place(bare: str, words: Lexicon) -> bool:
    named = bare.split()
    return any(words.of("places.no_place").whole(word.strip(".,'’()")) for word in (named[0], named[-1])) and not (
        len(named) > 1 and words.of("places.rooms").find(named[-1])
    )


def _could_be(text: str, words: Lexicon) -> bool:
    bare = text.strip(" .*\"'“”")
    if not bare or len(bare.split()) > _MOST_WORDS or (words.of("kinds").find(bare) and not _HOUSE.match(bare)):
        return False
    return not _starts_with_no_place(bare, words)


def _towns(text: str) -> bool:
    """Whether a field is written as a name: each word with a capital, small words between them."""
    named = _HOUSE.sub("", text.strip(" .*")).split()
    if not named or len(named) > _TOWN_WORDS:
        return False
    return (
        all(_CAPITAL.match(word) or _SMALL.match(word) for word in named)
        and bool(_CAPITAL.match(named[0]))
        and any(letter.islower() for letter in text)
    )


def _country(text: str, known: Gazetteer) -> str | None:
    bare = text.strip(" .*")
    return known.country_of(bare) or known.city_of(bare) or known.region_of(bare) or known.tail_of(bare)


def _venue(text: str, run: Sequence[_Field], stands: str, words: Lexicon, known: Gazetteer) -> Venue | None:
    start, end = run[0].start, run[-1].end
    name = text[start:end]
    # A bracket that opens within the name closes within it.
    if name.count("(") > name.count(")") and text[end : end + 1] == ")":
        end += 1
    start += len(text[start:end]) - len(text[start:end].lstrip(" ,;:*-–—"))
    name = " ".join(text[start:end].rstrip(" ,;:*-–—").split())
    if not name or words.of("places.pending").whole(name):
        return None
    country = next((found for field in reversed(run) if (found := _country(field.text, known))), None)
    online = words.of("places.online").whole(name) is not None
    return Venue(name=name, start=start, end=end, stands=stands, country=country, online=online)
