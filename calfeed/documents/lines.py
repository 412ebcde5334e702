"""Lines of text whose breaks may be the author's or the margin's: which go on, and how they are put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from calfeed.locales import locale_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WRAPPED_WORD = re.compile(r"[^\W\d_]-$")
_URL = re.compile(r"(?:https?://|www\.)\S+$|\S+@\S+\.\w+$|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/\S*)?$", re.IGNORECASE)
_OPEN_ENDS = (",", "–", "—", "-", "/", "(", "&", "،", "，", "、", "+")
_RAGGED = 0.75
_SHORT = 40
# Without the look behind, each letter of a long word would be a start of its own.
_HYPHENATED = re.compile(r"(?<!\w)\w+(?:-\w+)+")
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
# Words that no text ends with: articles, prepositions and conjunctions of the languages that calfeed reads.
_CONNECTIVES = _words(
    "a an the and or of for to in on at by with from between under into as its their & de du des le la les l' et "
    "ou à au aux en dans sur pour par avec une un el los las y o e del al para por con un una der die das den dem "
    "des und oder von vom zu zum zur im in am an auf für mit bei ein eine einer eines и в на с по для от до о об "
    "при за из к у do da dos das no na nos nas em um uma و في من إلى على عن"
)


# Languages that write a day with a dot: "3. Mai", "3. května".
_DOTTED = ("de", "da", "nb", "fi", "cs", "sk", "sl", "hr", "sr_Latn", "lv", "et", "is")
_ORDINAL = re.compile(r"\(?(\d{1,2})\.$")
_OTHER_DAY = re.compile(r"(?:\d{1,2}\.|[-–—/&+,]|und|bis|u\.|og|do|a|i)\s*", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"(?:0?[1-9]|1[0-2])\.(?!\d{3})|(?:19|20)\d\d\b")
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _months() -> frozenset[str]:
    names: set[str] = set()
    for lang in _DOTTED:
        months = locale_of(lang).months
        for width in ("wide", "abbreviated"):
            names |= {
                name.casefold().rstrip(".")
                for form in ("format", "stand-alone")
                for name in months[form][width].values()
            }
    return frozenset(name for name in names if len(name) >= 3)


def is_day(marker: str, rest: str) -> bool:
    """Whether a number with a dot before a text is a day, not the text's number in a list: "3." before "Mai: opening",
    "12." before "5. 2014" or "und 13. Juni"."""
    number = _ORDINAL.match(marker.strip())
    if not number or not 1 <= int(number[1]) <= 31:
        return False
    if _MONTH_NUMBER.match(rest):
        return True
    at = 0
    for _ in range(4):
        word = _LETTERS.match(rest, at)
        if word and word[0].casefold() in _months():
            return True
        other = _OTHER_DAY.match(rest, at)
        if not other:
            return False
        at = other.end()
    return False


def is_meant(line: str, following: str, measure: int = 0) -> bool:
    """Whether the break after a line was set by its author: the next line's first word would have fit on it, and
    neither line says that the text goes on. `measure`: how wide lines are there, 0 for the wider of the two."""
    line, following = line.strip(), following.strip()
    if not line or not following or open_end(line) or small_start(following):
        return False
    measure = measure or max(len(line), len(following))
    word = following.split(maxsplit=1)[0]
    # Where words are not parted by spaces, a line breaks after any letter.
    room = 2 if _SPACELESS.match(word) else 1 + len(word)
    return len(line) + room <= measure


def breaks_of(lines: Sequence[str]) -> list[bool]:
    """For each break between the lines of a paragraph of hand-made text, whether it was meant. Such lines are ragged:
    only a break well before the margin counts, or one of a line so short that no margin is near."""
    measure = max(_SHORT, int(_RAGGED * max(map(len, lines), default=0)))
    return [is_meant(line, following, measure) for line, following in pairwise(lines)]


def open_end(text: str) -> bool:
    """Whether a line cannot be the last of its text: it ends with a comma, a dash, a connective, an open bracket."""
    text = text.rstrip()
    if text.endswith(_OPEN_ENDS) or text.count("(") > text.count(")"):
        return True
    last = text[-40:].split()[-1:]
    return bool(last) and last[0].casefold().strip("(\"'“‘”’") in _CONNECTIVES


def small_start(text: str) -> bool:
    """Whether a line cannot be the first of its text: it begins with a small letter or a closing sign."""
    text = text.lstrip()
    if text[:1] in ")],;.:/&%)）」』】，。、；：":
        return bool(text)
    return text[:1].islower() and not _URL.match(text.split(maxsplit=1)[0])


def rejoin(lines: Sequence[str], vocabulary: frozenset[str] = frozenset()) -> str:
    """The lines as one text. A word that was divided at the end of a line is put together again: its hyphen goes
    unless the document writes the word with it elsewhere (`vocabulary`: its words, in small letters)."""
    if len(lines) == 1:
        return " ".join(lines[0].split())
    text = ""
    for line in lines:
        line = " ".join(line.split())
        if not text or not line:
            text += line
        elif _WRAPPED_WORD.search(text[-2:]) and line[:1].isalpha() and _first(line) not in _CONNECTIVES:
            text = _close_word(text, line, vocabulary)
        elif _runs_together(text, line):
            text += line
        else:
            text += f" {line}"
    return text


def vocabulary_of(lines: Sequence[str]) -> frozenset[str]:
    """The words of a document that are written with a hyphen, or could be one without it, in small letters."""
    return frozenset(
        word.casefold() for line in lines if "-" in line for word in re.findall(r"(?<!\w)\w+(?:-\w+)+", line)
    )


def _first(line: str) -> str:
    return line.split(maxsplit=1)[0].casefold()


def _runs_together(text: str, line: str) -> bool:
    """Whether no space belongs between two lines: after a dash or slash, and in scripts without spaces."""
    if text.endswith(("-", "–", "/")):
        if _WRAPPED_WORD.search(text[-2:]) and _first(line) in _CONNECTIVES:
            return False  # "pre- and post-natal"
        return not text.endswith((" -", " –", " /"))
    return _SPACELESS.match(text[-1]) is not None and _SPACELESS.match(line[0]) is not None


def _close_word(text: str, line: str, vocabulary: frozenset[str]) -> str:
    head = text[-80:].split()[-1].lstrip("(\"'“‘")
    tail = re.match(r"[\w-]*", line)
    joined = (head + (tail[0] if tail else "")).casefold()
    return text + line if line[0].isupper() or joined in vocabulary else text[:-1] + line
