"""What a sentence says of the date in it: that something will be held then, was adopted then, was printed then.

In: a sentence and where its date stands. Out: features by name, as strong as the words are near the date. The words
are tables per language (words/*.toml, [prose]); what the features weigh is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from calfeed.extract.features import Feature
from calfeed.extract.lexicon import Hit, Lexicon, lexicon
from calfeed.model import Period

# Tables that tell the same, and those ("..._before") whose words count only right before the date.
_SAME = {"upcoming": "announcing"}
_BESIDE = 2
# Where two tables have a phrase of the same length, the one named first has it.
_ORDER = (
    "denying",
    "cancelling",
    "announcing",
    "upcoming",
    "deadline",
    "deadline_before",
    "opening",
    "opening_before",
    "administrative",
    "referring",
    "conditional",
    "narrating",
    "narrating_before",
)
# What divides a sentence into clauses, and how much of a phrase's strength is lost on the way across it.
_BREAKS = ((re.compile(r"[,،、，]|\s[-–—]\s"), 0.15), (re.compile(r"[;:()\[\]—؛；：（）]"), 0.3))
_LOST_A_CHARACTER = 1 / 250
_LEAST = 0.1
# Of two senses the one nearer to the date is meant, and this much is left of the other.
_SENSES = (
    frozenset(("announcing", "opening", "deadline")),
    frozenset(("narrating", "administrative", "referring")),
)
_OUTDONE = 0.6
# A phrase after the date says less of it than one before: "in 2011, will be reviewed".
_BEHIND = 0.9
_DAYS_A_YEAR = 365.25
_FAR_YEARS = 4
_QUESTION = re.compile(r"[?？؟]\s*[”\"')\]]*\s*$")

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？；](?:[”’」』）])*|[؟؛](?=\s|$)|\s*\n\s*")
_LAST_WORD = re.compile(r"(\S+)$")
_INITIALS = re.compile(r"(?:\w\.)*\w$")
_YEAR_DIGITS = 4


def judge(
    sentence: str, span: tuple[int, int], *, lang: str | None, period: Period | None, written: date | None
) -> tuple[Feature, ...]:
    """The features of a date in running text, each at most once, with the words that show it.

    `span`: offsets of the date's words in the sentence. `period`: what they say. `written`: the document's own day.
    Names: announcing, opening, deadline, narrating, administrative, denying, cancelling, referring (to another event),
    conditional (an example, a condition, a question); by the calendar: past, future, far (more than four years away).
    """
    found: dict[str, Feature] = {}
    for hit in _longest(lexicon(lang, sentence).of("prose").find(sentence)):
        name, _, where = hit.name.partition("_")
        if where == "before" and not 0 <= span[0] - hit.end <= _BESIDE and not span[0] <= hit.start < span[1]:
            continue
        name = _SAME.get(name, name)
        strength = _nearness(sentence, hit, span)
        if name not in found or found[name].value < strength:
            found[name] = Feature(name, strength, sentence[hit.start : hit.end])
    found = _outdone(found)
    if _QUESTION.search(sentence) and "conditional" not in found:
        found["conditional"] = Feature("conditional", 0.5, "?")
    return (*found.values(), *_by_calendar(period, written))


def sentences(text: str, lang: str | None) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a paragraph stand, without the white space between them.

    A full stop ends none after an abbreviation ("No. 3", "St. Gallen"), an initial, an ordinal ("18. März") or the
    number of an item, nor before a small letter.
    """
    words = lexicon(lang, text)
    found = []
    start = 0
    for match in _STOP.finditer(text):
        if match[0].startswith(".") and not _ends(text, start, match, words):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return tuple(bare for span in found if (bare := _bare(text, span)))


def _longest(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits that no longer one of another table overlaps: "to be published" is not "published"."""
    ranked = sorted(hits, key=lambda hit: (hit.start - hit.end, _ORDER.index(hit.name)))
    kept: list[Hit] = []
    for hit in ranked:
        if all(hit.end <= other.start or hit.start >= other.end or hit.name == other.name for other in kept):
            kept.append(hit)
            yield hit


def _outdone(found: dict[str, Feature]) -> dict[str, Feature]:
    """The features, those weaker that a nearer word of the other sense outdoes: "adopted in 2011, will be reviewed"."""
    strength = {sense: max((found[name].value for name in sense if name in found), default=0.0) for sense in _SENSES}
    weaker = min(_SENSES, key=lambda sense: strength[sense]) if len(set(strength.values())) > 1 else frozenset[str]()
    return {
        name: Feature(name, round(one.value * _OUTDONE, 2), one.words) if name in weaker else one
        for name, one in found.items()
    }


def _nearness(sentence: str, hit: Hit, span: tuple[int, int]) -> float:
    behind = hit.start >= span[1]
    between = sentence[span[1] : hit.start] if behind else sentence[hit.end : span[0]]
    between = between.lstrip(" :：")
    lost = len(between) * _LOST_A_CHARACTER
    lost += sum(len(pattern.findall(between)) * cost for pattern, cost in _BREAKS)
    return round(max(_LEAST, 1 - lost) * (_BEHIND if behind else 1), 2)


def _by_calendar(period: Period | None, written: date | None) -> Iterator[Feature]:
    if period is None or written is None:
        return
    start, end = period.start or period.end, period.end or period.start
    if start is None or end is None:
        return
    if end < written:
        yield Feature("past", round(min(1.0, (written - end).days / _DAYS_A_YEAR), 2), str(end))
    if start >= written:
        yield Feature("future", 1.0, str(start))
    years = max((written - end).days, (start - written).days) / _DAYS_A_YEAR
    if years > _FAR_YEARS:
        yield Feature("far", round(min(1.0, years / (2 * _FAR_YEARS)), 2), str(start))


def _ends(text: str, start: int, stop: re.Match[str], words: Lexicon) -> bool:
    """Whether a full stop ends a sentence."""
    following = text[stop.end() :].lstrip()
    if not following:
        return True
    word = _LAST_WORD.search(text, start, stop.start())
    if word is None or following[0].islower():
        return False
    last = word[1].lstrip("(\"'“‘«[")
    if last.isdigit():
        is_marker = not text[start : word.start()].strip()
        return not is_marker and not (words.ordinals and len(last) < _YEAR_DIGITS)
    if words.of("sentences.abbreviations").whole(last) is not None:
        return False
    return not (_INITIALS.fullmatch(last) and last[:1].isalpha())


def _bare(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    inner = text[span[0] : span[1]]
    start = span[0] + len(inner) - len(inner.lstrip())
    end = span[0] + len(inner.rstrip())
    return (start, end) if start < end else None
