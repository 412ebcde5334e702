"""The tables of words/<language>.toml: what a language says of events, and where a text says it.

A phrase is written as it stands in a text. "..." stands for a few words of the same clause, "*" for the rest of a
word, "#" for a number. Offsets are those of the text as it is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources

import msgspec
from msgspec import Struct

LANGUAGES = ("en", "fr", "es", "de", "pt", "it", "nl", "pl", "ru", "ar", "zh")
# A script decides over the language that is told: Cyrillic is not read with English words.
_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]{2}")),
    ("ar", re.compile("[\u0600-\u06ff]{2}")),
    ("zh", re.compile("[\u3400-\u9fff]")),
)
_HAN = re.compile("[\u3400-\u9fff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_WORD = re.compile(r"\w+")
_GAP = r"[^.;!?。；！？؛\n]{1,80}?"
_NUMBER = r"(?:\d[\w./-]*|(?-i:[IVXLC]+)(?!\w))"
# Letters that writers put for one another.
_FOLD = str.maketrans({"’": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ё": "е", "‑": "-", "\xa0": " "})
_ALIKE = {
    "'": "['’]",
    "-": "[-‑–]",
    "ا": "[اأإآ]",
    "ي": "[يى]",
    "ه": "[هة]",
    "е": "[её]",
}
_LONGEST_JOINED = 20
_LONGEST_WHOLE = 80
# An open word is looked up by so many first letters.
_STEM = 3
# So many texts are remembered with what was found in them: cells and headings come back.
_REMEMBERED = 4096
# Groups of which English is understood in every language: names of fields and states, not how sentences are made.
_SHARED = ("labels", "kinds", "status", "places.online", "places.pending", "places.rooms")


class Hit(Struct, frozen=True):
    """A phrase in a text: its offsets and the table that has it."""

    start: int
    end: int
    name: str


def _plain(text: str) -> str:
    """A text without the accents that capitals often lack: "TERMINO" is "Término"."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


class Phrases:
    """Phrases of one or several tables, to be found in texts; as fast as a text has words."""

    def __init__(self, tables: Mapping[str, Iterable[str]]) -> None:
        self.said: dict[str, str] = {}
        # By their first word, or by its first letters where the word is open ("cancel*").
        self._words: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        loose: dict[str, list[str]] = defaultdict(list)
        for name, phrases in tables.items():
            for phrase in sorted(phrases, key=len, reverse=True):
                self.said.setdefault(fold(phrase), name)
                stem = re.match(r"\w+", fold(phrase))
                is_open = stem is not None and phrase[stem.end() :].startswith("*")
                if stem is None or _HAN.search(phrase) or (is_open and stem.end() < _STEM):
                    loose[name].append(_pattern(phrase))
                elif is_open:
                    self._stems[stem[0][:_STEM]].append((phrase, name))
                else:
                    self._words[stem[0]].append((phrase, name))
        self._loose = [(re.compile("|".join(found), re.IGNORECASE), name) for name, found in loose.items()]
        self._plain_said = {_plain(said): name for said, name in self.said.items()}
        self._longest = max((phrase.count(" ") + 1 for phrase in self.said), default=0)
        # Those that no space parts from the next word: Chinese, and "l'" of French.
        joined = (phrase for phrase in self.said if _HAN.search(phrase) or phrase.endswith("'"))
        self._joined = tuple(sorted(joined, key=len, reverse=True))
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    def _find(self, text: str) -> tuple[Hit, ...]:
        """Every phrase in the text, in order of the text; phrases of different tables may overlap."""
        found = []
        for at, word in _words_of(text):
            for phrase, name in (*self._words.get(word, ()), *self._stems.get(word[:_STEM], ())):
                if match := _compiled(phrase).match(text, at):
                    found.append(Hit(at, match.end(), name))
        for pattern, name in self._loose:
            found += [Hit(match.start(), match.end(), name) for match in pattern.finditer(text)]
        found.sort(key=lambda hit: (hit.start, -hit.end))
        return tuple(found)

    def first(self, text: str) -> Hit | None:
        """The first phrase in the text, the longest of those that begin there."""
        return next(iter(self.find(text)), None)

    def whole(self, text: str) -> str | None:
        """The table that has the whole text as a phrase, None where none has."""
        folded = fold(" ".join(text.split()))
        if folded in self.said:
            return self.said[folded]
        if len(text) > _LONGEST_WHOLE:
            return None
        if (plain := _plain(folded)) in self._plain_said:
            return self._plain_said[plain]
        return next((hit.name for hit in self.find(text) if hit.start == 0 and hit.end == len(text)), None)

    def at_start(self, text: str) -> int:
        """How many characters of the text's start the longest phrase there takes; 0 where there is none."""
        start = fold(text[:_LONGEST_JOINED])
        for joined in self._joined:
            if start.startswith(joined):
                return len(joined)
        for end in reversed(list(_ends_of_words(text, self._longest))):
            if fold(text[:end]) in self.said:
                return end
        return 0

    def at_end(self, text: str) -> int:
        """Where the longest phrase at the text's end begins; the text's length where there is none."""
        for joined in self._joined:
            if text.endswith(joined):
                return len(text) - len(joined)
        for start in reversed(list(_starts_of_words(text, self._longest))):
            if fold(text[start:]) in self.said:
                return start
        return len(text)


class Lexicon:
    """The words for texts of one language; a table is named by its group and its own name, "titles.leads".

    `one` maps a word for several events to that for one of them ("meetings" to "meeting"). `ordinals`: whether "18."
    is "18th".
    """

    def __init__(self, lang: str) -> None:
        words = _read(lang)
        tables = dict(words.tables)
        for name, said in _read("en").tables.items():
            if lang != "en" and (name.partition(".")[0] in _SHARED or name in _SHARED):
                tables[name] = (*tables.get(name, ()), *said)
        self.lang, self.one, self.ordinals = lang, words.one, words.ordinals
        self._tables = tables
        self._found: dict[tuple[str, ...], Phrases] = {}

    def of(self, *names: str) -> Phrases:
        """The phrases of a table ("titles.leads") or of all tables of a group ("prose")."""
        if names not in self._found:
            wanted = {
                name.rpartition(".")[2]: said
                for name, said in self._tables.items()
                if name in names or name.partition(".")[0] in names
            }
            self._found[names] = Phrases(wanted)
        return self._found[names]


def lexicon(lang: str | None, text: str = "") -> Lexicon:
    """The words for a text in `lang`, a BCP 47 tag. The text's script decides over it; English where nothing does."""
    if not text.isascii():
        for name, script in _SCRIPTS:
            if script.search(text):
                return _lexicon(name)
    primary = (lang or "en").replace("_", "-").partition("-")[0].lower()
    return _lexicon(primary if primary in LANGUAGES else "en")


def fold(text: str) -> str:
    """Small letters, and one form of letters that writers put for one another; as long as the text."""
    if text.isascii():
        return text.lower()
    folded = text.lower().translate(_FOLD)
    return folded if len(folded) == len(text) else text.translate(_FOLD)


@cache
def _lexicon(lang: str) -> Lexicon:
    return Lexicon(lang)


class _Words(Struct, frozen=True):
    """A language's file: tables by group and name, plurals, and whether "18." is "18th"."""

    one: dict[str, str]
    ordinals: bool
    tables: dict[str, tuple[str, ...]]


@cache
def _read(lang: str) -> _Words:
    text = resources.files("calfeed.extract").joinpath(f"words/{lang}.toml").read_text("utf-8")
    groups: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    settings = msgspec.convert(groups.pop("language"), _Language)
    return _Words(
        one={fold(many): one for many, one in (pair.split(" = ") for pair in settings.one)},
        ordinals=settings.ordinals,
        tables={f"{group}.{name}": tuple(said) for group, named in groups.items() for name, said in named.items()},
    )


class _Language(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says of the language itself."""

    ordinals: bool = False
    one: tuple[str, ...] = ()


@lru_cache(maxsize=_REMEMBERED)
def _words_of(text: str) -> tuple[tuple[int, str], ...]:
    """The words of a text, folded, with their offsets; an Arabic word also without the "and" or "then" before it."""
    found = []
    for match in _WORD.finditer(text):
        word = fold(match[0])
        found.append((match.start(), word))
        if word[0] in "وفبل" and len(word) > 1:
            found.append((match.start() + 1, word[1:]))
    return tuple(found)


@cache
def _compiled(phrase: str) -> re.Pattern[str]:
    return re.compile(_pattern(phrase), re.IGNORECASE)


def _pattern(phrase: str) -> str:
    """The regular expression of a phrase, bound to whole words where its script has spaces."""
    body = _GAP.join("".join(map(_piece, part)) for part in fold(phrase).split("..."))
    if _HAN.search(phrase):
        return body
    before = r"(?<!\w)" if re.match(r"[\w*#]", phrase) and not _ARABIC.match(phrase) else ""
    after = r"(?!\w)" if re.search(r"[\w*#]$", phrase) else ""
    return f"{before}{body}{after}"


def _piece(letter: str) -> str:
    if letter in _SIGNS:
        return _SIGNS[letter]
    return _ALIKE.get(letter) or re.escape(letter)


_SIGNS = {"*": r"\w*", "#": _NUMBER, " ": r"\s+"}


def _ends_of_words(text: str, most: int) -> Iterator[int]:
    for count, word in enumerate(re.finditer(r"\S+", text), start=1):
        if count > most:
            return
        bare = word[0].rstrip(",:;.!")
        if bare != word[0] and bare:
            yield word.start() + len(bare)
        yield word.end()


def _starts_of_words(text: str, most: int) -> Iterator[int]:
    end = len(text)
    for _ in range(most):
        start = text.rfind(" ", 0, end) + 1
        yield start
        if start == 0:
            return
        end = start - 1
