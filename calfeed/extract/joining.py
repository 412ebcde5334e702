"""How lines belong together: whether one goes on from another, and the words rejoined."""

from __future__ import annotations

import re
from collections.abc import Sequence

from calfeed.extract.words import words

_WRAPPED_WORD = re.compile(r"[^\W\d_]-$")
_URL = re.compile(r"(?:https?://|www\.)\S+$|\S+@\S+\.\w+$|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/\S*)?$", re.IGNORECASE)
_OPEN_ENDS = (":", ",", "–", "—", "-", "/", "(", "&", "،", "，", "、", "：", "+")
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")


def is_address(text: str) -> bool:
    """Whether a line is nothing but a URL or an e-mail address."""
    return _URL.match(text.strip()) is not None


def open_end(text: str, *, colon: bool = True) -> bool:
    """Whether a line cannot be the last of its text: it ends with a comma, a dash, a connective, an open bracket."""
    text = text.rstrip()
    if text.endswith(_OPEN_ENDS):
        return colon or not text.endswith((":", "："))
    if text.count("(") > text.count(")"):
        return True
    return last_word(text) in words().connectives


def small_start(text: str) -> bool:
    """Whether a line cannot be the first of its text: it begins with a small letter, a connective or a closing sign."""
    text = text.lstrip()
    if text[:1] in ")],;.:–—/&%)":
        return bool(text)
    first = first_word(text)
    return first[:1].islower() and not is_address(text)


def first_word(text: str) -> str:
    return text.split(maxsplit=1)[0] if text.split() else ""


def last_word(text: str) -> str:
    return text.split()[-1].casefold().strip("(\"'“”‘’") if text.split() else ""


def last_word_is_small(text: str) -> bool:
    """Whether a line ends with a word in small letters: what follows with a capital is a heading, or a name."""
    return text.split()[-1][:1].islower() if text.split() else False


def fits(line_width: int, following: str, measure: int) -> bool:
    """Whether the next line's first word would have fit on a line of `line_width`: then its break was meant."""
    return line_width + 1 + len(first_word(following)) <= measure


def rejoin(lines: Sequence[str], vocabulary: frozenset[str] = frozenset()) -> str:
    """The lines as one text. A word that was divided at the end of a line is put together again: its hyphen goes
    unless the document writes the word with it elsewhere."""
    text = ""
    for line in lines:
        line = " ".join(line.split())
        if not text or not line:
            text += line
        elif _WRAPPED_WORD.search(text[-2:]) and line[:1].isalpha() and first_word(line) not in words().connectives:
            text = _close_word(text, line, vocabulary)
        elif _runs_together(text, line):
            text += line
        else:
            text += f" {line}"
    return text


def _runs_together(text: str, line: str) -> bool:
    """Whether no space belongs between two lines: after a dash or slash, and in scripts without spaces."""
    if text.endswith(("-", "–", "/")):
        if _WRAPPED_WORD.search(text[-2:]) and first_word(line) in words().connectives:
            return False  # "pre- and post-natal"
        return not text.endswith((" -", " –", " /"))
    return _SPACELESS.match(text[-1]) is not None and _SPACELESS.match(line[0]) is not None


def _close_word(text: str, line: str, vocabulary: frozenset[str]) -> str:
    head = text[-80:].split()[-1].lstrip("(\"'“‘")
    tail = re.match(r"[\w-]*", line)
    joined = (head + (tail[0] if tail else "")).casefold()
    plain = (head[:-1] + (tail[0] if tail else "")).casefold()
    keep = line[0].isupper() or (joined in vocabulary and plain not in vocabulary)
    return text + line if keep else text[:-1] + line


def vocabulary_of(lines: Sequence[str]) -> frozenset[str]:
    """Every word of a document, with its hyphens, in small letters."""
    return frozenset(word.casefold() for line in lines for word in re.findall(r"\w+(?:-\w+)*", line))
