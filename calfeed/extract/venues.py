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

from calfeed.extract.lexicon import Hit
from calfeed.extract.placenames import CAPITAL, DIGIT, TOWN_WORDS, UNCASED, PlaceNames, place_names, written_as_name
from calfeed.settings import Place

# Stands for words that were read otherwise: dates, times, addresses of pages. Neither a letter nor white space.
CUT = "\ue000"
_FIELD = re.compile(
    rf"(?P<cut>[ \t]*{CUT}[{CUT} \t]*[-–—:：,|]*\s*)|(?P<comma>\s*(?:,|،|，|、)\s*)|(?P<dash>\s+[-–—]+\s+|\s*[—|·•]\s*)"
    r"|(?P<open>\s*[(\[（]\s*)|(?P<close>\s*[)\]）]\s*)|(?P<end>\s*[;；؛。\n]\s*|(?<=\w\w\w)[.!?]\s+)|(?P<colon>[:：]\s*)"
)
_AT = re.compile(r"(?:^|(?<=\s))@\s+(?=\S)")
_JOINS = ("comma", "dash", "open")
# Separators, the weakest first.
_STRENGTH = ("", "comma", "dash", "open", "close", "colon", "end", "cut")
_SHORT_SENTENCE = 8
_MOST_LETTERS = 15
_VERSUS = re.compile(r"\s(?:v|vs|contre|gegen|contra|против)\.?\s")
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
    names = place_names(lang, text, places)
    fields = _fields(masked(text, spans), names)
    told = _labelled(text, fields, names) or _at_sign(fields, text, names)
    told = told or (_whole(text, fields, names) if cell else None)
    if told is not None:
        return told
    apart, inside = _apart(text, fields, names), _in_clause(text, fields, names)
    if apart and inside and inside.start <= apart.start and apart.end <= inside.end:
        return inside
    return apart or inside or _online(text, fields, names)


def venue_in_cell(text: str, *, lang: str | None, places: Sequence[Place] = ()) -> Venue | None:
    """The place in a field that is known to hold one: its words, unless they say that it is not known yet."""
    names = place_names(lang, text, places)
    bare = text.strip(" \t\n,;:.-–—")
    if not any(map(str.isalnum, bare)) or names.words.of("places.pending").whole(bare):
        return None
    start = text.index(bare)
    fields = _fields(bare, names)
    country = next((found for field in reversed(fields) if (found := names.country(field.text))), None)
    online = names.words.of("places.online").whole(bare) is not None
    return Venue(
        name=" ".join(bare.split()), start=start, end=start + len(bare), stands="cell", country=country, online=online
    )


def masked(text: str, spans: Sequence[tuple[int, int]], sign: str = CUT) -> str:
    """The text, as long as it was, with a sign in the place of each character of the spans."""
    for start, end in spans:
        text = text[:start] + sign * (end - start) + text[end:]
    return text


def _fields(text: str, names: PlaceNames) -> list[_Field]:
    found: list[_Field] = []
    at, between = 0, ""
    for match in [*_FIELD.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[at:end].strip(" .*"):
            if found:
                found[-1] = replace(found[-1], after=between)
            found.append(_field(text, at, end, between, names))
            between = ""
        if match:
            between = max(between, match.lastgroup or "", key=_STRENGTH.index)
            at = match.end()
    if found:
        found[-1] = replace(found[-1], after=between)
    return found


def _field(text: str, start: int, end: int, before: str, names: PlaceNames) -> _Field:
    """A field without white space, its final stop and the preposition before a name."""
    said = text[start:end].rstrip(' *"”')
    if said.endswith(".") and not names.words.of("sentences.abbreviations").whole(said[:-1].rpartition(" ")[2]):
        said = said[:-1]
    bare = said.lstrip(' *"“')
    start += len(said) - len(bare)
    preposition = names.words.of("places.before").at_start(bare)
    name = bare[preposition:].lstrip()
    led = bool(preposition) and (CAPITAL.match(name) or UNCASED.match(name)) is not None
    if led:
        start += len(bare) - len(name)
        bare = name
    return _Field(start=start, end=start + len(bare), text=bare, before=before, after="", led=led)


def _labelled(text: str, fields: Sequence[_Field], names: PlaceNames) -> Venue | None:
    """ "Venue: Palais Wilson, Geneva": all fields after the label, up to a date, a line's end or another label."""
    for at, field in enumerate(fields[:-1]):
        if field.after == "colon" and names.words.of("labels.place").whole(field.text.strip(" *")):
            last = at + 1
            while (
                last + 1 < len(fields)
                and fields[last].after in (*_JOINS, "close")
                and fields[last + 1].after != "colon"
            ):
                last += 1
            found = _venue(text, fields[at + 1 : last + 1], "label", names)
            return replace(found, start=field.start) if found else None
    return None


def _at_sign(fields: Sequence[_Field], text: str, names: PlaceNames) -> Venue | None:
    """ "Board meeting @ Town Hall, Main Street"."""
    for at, field in enumerate(fields):
        sign = _AT.search(field.text)
        if sign and (CAPITAL.match(field.text[sign.end() :]) or names.common(field.text[sign.end() :])):
            last = at + 1
            while last < len(fields) and fields[last].before in _JOINS and _continues(fields[last].text, names):
                last += 1
            found = replace(field, start=field.start + sign.end(), text=field.text[sign.end() :])
            venue = _venue(text, [found, *fields[at + 1 : last]], "field", names)
            return replace(venue, start=field.start + sign.start()) if venue else None
    return None


def _whole(text: str, fields: Sequence[_Field], names: PlaceNames) -> Venue | None:
    """A cell or line all of whose fields are a place's."""
    if not fields or any(field.after in ("colon", "end", "cut") for field in fields[:-1]):
        return None
    if _run(fields, 0, names) < len(fields) or not _stands_apart(fields, fields, 0):
        return None
    return _venue(text, fields, "cell", names)


def _apart(text: str, fields: Sequence[_Field], names: PlaceNames) -> Venue | None:
    """A run of fields beside one another that stand apart from the title and look like a place."""
    best: tuple[int, Venue] | None = None
    at = 0
    while at < len(fields):
        last = _run(fields, at, names)
        if last > at:
            run = fields[at:last]
            if _stands_apart(run, fields, at) and not (_is_far(run) and names.is_generic(run[0].text)):
                score = sum(names.is_place(field.text) for field in run) * 2 + (run[0].before == "cut")
                found = _venue(text, run, "field", names)
                if found is not None and (best is None or score > best[0]):
                    best = (score, found)
            at = last
        else:
            at += 1
    return best[1] if best else None


def _run(fields: Sequence[_Field], first: int, names: PlaceNames) -> int:
    """The end of the run of a place's fields from `first` on; `first` where none begins there."""
    last = first
    while last < len(fields) and (last == first or fields[last].before in _JOINS):
        text = fields[last].text
        if not (
            _is_common(fields[last], names) or names.is_place(text) or (names.could_be(text) and written_as_name(text))
        ):
            break
        last += 1
    run = fields[first:last]
    told = any(_is_common(field, names) or names.is_place(field.text) for field in run)
    return last if told and not _is_title(run, names) else first


def _is_common(field: _Field, names: PlaceNames) -> bool:
    """Whether a field is a building by its common noun alone, right behind its time: "[5 May, 7 pm], village hall"."""
    return field.before == "cut" and names.common(field.text) == field.text


def _is_title(run: Sequence[_Field], names: PlaceNames) -> bool:
    """Whether a run's first field is what is held there: "John Smith (Room B12)", "Leeds v York, Elland Road". Before
    a town it is a building: "Palais Wilson (Geneva)"."""
    if names.is_place(run[0].text) or _is_common(run[0], names):
        return False
    if _VERSUS.search(run[0].text):
        return True
    return run[0].after in ("dash", "open") and not any(names.country(field.text) for field in run[1:])


def _is_far(run: Sequence[_Field]) -> bool:
    """Whether a run is a single field away from the date."""
    return len(run) == 1 and "cut" not in (run[0].before, run[0].after)


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
        return all(len(field.text.split()) <= TOWN_WORDS or DIGIT.search(field.text) for field in run)
    return run[0].before != "colon" or at + len(run) == len(fields)


def _in_clause(text: str, fields: Sequence[_Field], names: PlaceNames) -> Venue | None:
    """ "will be held in Geneva, Switzerland, from ...": what follows a preposition, where it looks like a place.

    A building and a town of one sentence are one place: "in Austin, Texas, on 3 May at the Hilton Hotel"."""
    found: list[tuple[int, Venue]] = []
    dated = any("cut" in (field.before, field.after) for field in fields)
    for at in _beside_the_date(fields):
        field = fields[at]
        hits = [Hit(0, 0, "before")] if field.led else []
        for hit in [*hits, *names.words.of("places.before").find(field.text)]:
            run, said = _led_run(fields, at, hit.end, names), field.text[hit.start : hit.end]
            # "A YEAR IN A WOODLAND GARDEN": where all is in capitals no preposition shows.
            if not run or names.is_other(run[0].text) or (hit.end - hit.start > 1 and said.isupper()):
                continue
            # "in University" says no more than "Room": a building alone has an article, or stands beside the date.
            far = dated and _is_far(run) and field.before != "cut"
            if far and names.is_generic(run[0].text) and " " not in said:
                continue
            sure = run[0].led or any(names.is_place(one.text) for one in run)
            beside = (run[-1].end >= field.end and run[-1].after == "cut") or (hit.start <= 1 and field.before == "cut")
            # "im Mai", "in der Stadt": nouns have capitals in German, and an article is before none of a town.
            town = names.words.lang != "de" or said.casefold() in _BARE
            written = town and names.could_be(run[0].text) and written_as_name(run[0].text)
            venue = _venue(text, run, "clause", names) if sure or (beside and written) else None
            if venue is None:
                continue
            # Behind its date it is a field of its own, its preposition with it.
            ended = run[-1].end >= field.end and field.after in ("colon", "comma", "dash")
            if hit.start <= 1 and field.before == "cut" and (ended or not field.led):
                venue = replace(venue, start=field.start, stands="field")
            found.append((2 * sure + beside, venue))
    best = max((score for score, _ in found), default=0)
    return _joined(list({venue.end: venue for score, venue in found if score == best}.values()))


def _joined(found: Sequence[Venue]) -> Venue | None:
    """The first of several places; a building with the town that is told apart from it."""
    if not found:
        return None
    towns = [venue for venue in found if venue.country]
    others = [venue for venue in found if not venue.country]
    if len(towns) == 1 and len(others) == 1:
        town, building = towns[0], others[0]
        return replace(building, name=f"{building.name}, {town.name}", country=town.country)
    return found[0]


def _beside_the_date(fields: Sequence[_Field]) -> list[int]:
    """The fields of the sentence that has the date, and of a short one behind it; all where there is no date."""
    unit = 0
    units = []
    for field in fields:
        units.append(unit)
        unit += field.after == "end"
    dated = {units[at] for at, field in enumerate(fields) if "cut" in (field.before, field.after)}
    if not dated:
        return list(range(len(fields)))
    short = {
        one
        for one in {one + 1 for one in dated}
        if sum(len(field.text.split()) for at, field in enumerate(fields) if units[at] == one) <= _SHORT_SENTENCE
    }
    return [at for at, one in enumerate(units) if one in dated | short]


def _led_run(fields: Sequence[_Field], at: int, after: int, names: PlaceNames) -> list[_Field]:
    """The fields of the place that begins in a field after a preposition; empty where no name begins there."""
    field = fields[at]
    following = field.text[after:].lstrip()
    proper = names.proper(following)
    named = proper or names.common(following)
    if not named:
        return []
    closes = following.endswith(named)
    start = field.end - len(following) + following.index(named)
    # Where no capital shows a name, the verb behind it does: "在武汉召开".
    sure = not proper or (UNCASED.match(proper) is not None and not closes and len(proper) <= _MOST_LETTERS)
    run = [_Field(start=start, end=start + len(named), text=named, before="", after=field.after, led=sure)]
    last = at + 1
    if closes:
        while last < len(fields) and fields[last].before in _JOINS and _continues(fields[last].text, names):
            last += 1
        run += fields[at + 1 : last]
    return run


def _online(text: str, fields: Sequence[_Field], names: PlaceNames) -> Venue | None:
    """ "online", "Zoom", "(virtual)" in a field of its own, or after a word such as "via"."""
    for at, field in enumerate(fields):
        said = field.text.strip(" .*")
        if names.words.of("places.online").whole(said) and (at > 0 or field.before or field.after in ("cut", "")):
            _, _, bare = said.partition(" ")
            named = bare if names.words.of("places.online").whole(bare) else said
            return Venue(name=named, start=field.start, end=field.end, stands="field", online=True)
    return None


def _continues(text: str, names: PlaceNames) -> bool:
    return names.is_place(text) or (names.could_be(text) and written_as_name(text) and len(text.split()) <= TOWN_WORDS)


def _venue(text: str, run: Sequence[_Field], stands: str, names: PlaceNames) -> Venue | None:
    start, end = run[0].start, run[-1].end
    name = text[start:end]
    # A bracket that opens within the name closes within it.
    if any(name.count(one) > name.count(other) and text[end : end + 1] == other for one, other in ("()", "“”", "«»")):
        end += 1
    start += len(text[start:end]) - len(text[start:end].lstrip(" ,;:*-–—"))
    name = " ".join(text[start:end].rstrip(" ,;:*-–—").split())
    if not name or names.words.of("places.pending").whole(name):
        return None
    country = next((found for field in reversed(run) if (found := names.country(field.text))), None)
    online = names.words.of("places.online").whole(name) is not None
    return Venue(name=name, start=start, end=end, stands=stands, country=country, online=online)


def venue_for_all(text: str, spans: Sequence[tuple[int, int]], *, lang: str | None) -> Venue | None:
    """The place at which a text says that all of a list are held: "Meetings are held in the library unless ..."; None
    where it speaks of no list, or names no place. `spans`: its date and time words."""
    names = place_names(lang, text, ())
    if not names.words.of("places.for_all").find(text):
        return None
    told = venue_of(text, spans, lang=lang)
    # "The same Zoom meeting will be used for all sessions": of one that is held both here and there it says nothing.
    hit = None if told else names.words.of("places.online").first(text)
    return (
        Venue(name=text[hit.start : hit.end], start=hit.start, end=hit.end, stands="clause", online=True)
        if hit
        else told
    )
