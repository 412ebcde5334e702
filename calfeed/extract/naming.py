"""What an event is called: the title in a record's text, once date, time, place and addresses are out of it.

In: a text and the spans that are no title. Out: a `Name`, None where nothing is left that names anything. In a list or
table the title is what is left of the field, its first clause; in a sentence it is the subject ("The fifth meeting of
the Committee will be held ..."), or the object of a verb such as "we will host".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from calfeed.extract.lexicon import Hit, Lexicon, lexicon
from calfeed.extract.prose import sentences
from calfeed.extract.venues import CUT, masked

ADDRESS = re.compile(r"<?(?:https?://|www\.)[^\s<>\")\]]+>?|<?[\w.+-]+@[\w-]+(?:\.[\w-]+)+>?", re.IGNORECASE)
# Clock times that the date reader was not asked for.
CLOCK = re.compile(
    r"(?<![\w.,/-])(?:\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?|uhr\b|hrs?\b|h\b)?|\d{1,2}\s*(?:[ap]\.?m\b\.?|uhr\b|h\b|hrs\b))"
    r"(?![\w./-]*\d)(?:\s*(?:-|–|—|to|bis|à|a|al|until|до)\s*(?=\d))?",
    re.IGNORECASE,
)
_EDGES = " \t,;:：|/\\–—-_*·•、，;؛،=+~>#"
_MARKER = re.compile(r"^\s*(?:[-*•●▪◦·‣–—o]\s+|\(?\d{1,3}[.)]\s+(?=\D)|\(?[a-zA-Z][.)]\s+(?=\S{2})|#+\s+)")
_LEADERS = re.compile(r"(?:[.·…_]\s?){3,}|…$")
_EMPTY = re.compile(rf"\(\s*[,;:.\s{CUT}-]*\s*\)|\[\s*[,;:.\s{CUT}-]*\s*\]|（\s*[，；：\s{CUT}]*\s*）|“\s*”|\"\s*\"")
_SPACE_BEFORE = re.compile(r"\s+([,;:.)\]])")
# Stands for a place within a sentence.
ASIDE = "\ue001"
_LED_ASIDE = re.compile(rf"^(?:\w+\s+){{0,2}}{ASIDE}+\s*")
_PIECES = re.compile(rf"[{CUT}]+|\n")
_CLAUSE = re.compile(r"\s+[–—-]\s+|\s*[;；]\s*|\s*\|\s*|\s*[。]\s*")
_COMMA = re.compile(r"\s*[,،，]\s*")
_STOP = re.compile(r"[.。!]+$")
# "NICOL Alexis. “The title": who speaks, and a title in quotation marks whose end may be on another line.
_QUOTED = re.compile(r"(?P<who>[^“”„«»\"\n]{3,60}?)[.,:–—-]*\s*[“„«\"]\s*(?P<title>[^“”„«»\"]{10,}?)\s*(?:[”“»\"]|$)")
_NOTE = re.compile(r"[(（][^()（）]{1,20}[)）]")
# A remark on the date that was cut out: "(UTC): ...".
_NOTED = re.compile(r"^\s*[(（][^()（）]{1,20}[)）]\s*[:：]")
# Before a date that stands before its noun.
_DETERMINERS = frozenset(("the", "this", "our", "its", "their", "your"))
_LONG = 14
_QUOTED_WORDS = 3
_NAME_WORDS = 5
_LONG_HAN = 40
_LINE = 20
# A title of two words is as good as a longer one; one that names a kind of event counts more, and a short code less.
_TITLE_WORDS = 2
_KIND_COUNTS = 0.5
_CODE = 5
_CODED = re.compile(r"\d|[A-Z]{2}|^\W*$")
# A heading that is the name of such a field names no event.
_FIELD_NAMES = ("date", "start", "end", "time", "place", "registration", "contact", "note", "number", "status", "link")
_COUNTED = re.compile(r"(\w+)\W*\d+\W*")
_HAN = re.compile("[\u3400-\u9fff]")
_ARABIC = re.compile("[\u0600-\u06ff]")


class Name(Struct, frozen=True, kw_only=True):
    """A title, and how it was found: "clause" (what is left of a field), "subject" or "object" (of a sentence)."""

    text: str
    found: str


def name_of(
    text: str, spans: Sequence[tuple[int, int]], *, lang: str | None, aside: Sequence[tuple[int, int]] = ()
) -> Name | None:
    """The title in a text; `spans` are its date, times, place and whatever else is none of the title. `aside` is none
    of it in a sentence, but stays in a field: the place of "Workshop in Manama"."""
    words = lexicon(lang, text)
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    bare = masked(text, _joined(text, [*spans, *addresses, *(match.span() for match in CLOCK.finditer(text))]))
    told = masked(bare, aside, ASIDE)
    for start, end in _nearest_first(text, spans, lang):
        if start <= (spans[0][0] if spans else -1) < end and not _is_apart(bare[start:end]):
            if (named := _in_sentence(told[start:end], words)) is not None:
                return named
            if (noun := _described(bare[start:end], words)) is not None:
                return Name(text=noun, found="clause")
        if (left := _left(bare[start:end], words, lang)) is not None:
            return Name(text=_sentence_case(left), found="clause")
    return None


def _left(bare: str, words: Lexicon, lang: str | None) -> str | None:
    """What is left of a line or sentence: the piece that looks most like a name, and what goes on with it."""
    pieces = [trimmed for piece in _PIECES.split(bare) if names_something(trimmed := trim(piece, words), words)]
    if not pieces:
        return None
    at = max(range(len(pieces)), key=lambda n: (promise(pieces[n], words), -n))
    if quoted := _quoted(pieces[at], words):
        return quoted
    first = shortened(pieces[at], words, lang)
    rest = [piece for piece in pieces[at + 1 :] if _continues(piece, first)]
    return _tidy(" ".join([first, *rest]) if first == pieces[at] else first)


def _quoted(piece: str, words: Lexicon) -> str | None:
    """The title in quotation marks behind the name of who speaks of it."""
    said = _QUOTED.match(piece)
    if said is None or len(said["title"].split()) < _QUOTED_WORDS:
        return None
    who = said["who"].split()
    named = 1 < len(who) <= _NAME_WORDS and all(word[:1].isupper() or len(word) <= 3 for word in who)
    return _tidy(said["title"]) if named and not words.of("kinds").find(said["who"]) else None


def _nearest_first(text: str, spans: Sequence[tuple[int, int]], lang: str | None) -> list[tuple[int, int]]:
    """The lines of a text, of long ones the sentences: that with the date first, then those before it, the nearest
    first, then those after it."""
    units: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        cut = sentences(line, lang) if len(line.split()) > _LINE or len(_HAN.findall(line)) > _LONG_HAN else ()
        units += [(at + start, at + end) for start, end in cut] or [(at, at + len(line))]
        at += len(line)
    dated = next((n for n, (_, end) in enumerate(units) if spans and spans[0][0] < end), 0)
    return [*units[dated : dated + 1], *reversed(units[:dated]), *units[dated + 1 :]]


def trim(piece: str, words: Lexicon) -> str:
    """A piece of text beside what was cut out, without markers, punctuation and the words that led to the cut."""
    piece = _MARKER.sub("", _NOTED.sub("", _EMPTY.sub(" ", piece.replace(CUT, " ").replace(ASIDE, " "))))
    before = None
    while piece != before:
        before = piece
        piece = _unbalanced(_LEADERS.sub(" ", piece).strip(_EDGES).removeprefix(". "))
        piece = (
            piece[words.of("titles.starts").at_start(piece) :].strip(_EDGES) if _is_cut_open(piece, words) else piece
        )
        piece = piece[: words.of("titles.ends").at_end(piece)].strip(_EDGES) or piece
        piece = _STOP.sub("", piece) if piece.count(".") == 1 or piece.endswith("。") else piece
        if words.of("titles.ends", "titles.starts").whole(piece) or words.of("status", "places.pending").whole(piece):
            return ""
    return _tidy(piece)


def heading_name(heading: str, spans: Sequence[tuple[int, int]], *, lang: str | None) -> str | None:
    """The event that a heading over dates names, one of several where it names several: "2020 Board Meeting Dates" is
    "Board Meeting". None for headings such as "Important dates"."""
    words = lexicon(lang, heading)
    title = trim(masked(heading, spans), words)
    while title:
        shorter = title[words.of("titles.beside").at_start(title) :].strip(_EDGES)
        shorter = shorter[: words.of("titles.beside").at_end(shorter)].strip(_EDGES)
        if shorter == title:
            break
        title = shorter
    bare = heading.strip(_EDGES + "?")
    if not names_something(title, words) or words.of("titles.headings").whole(bare):
        return None
    if words.of("labels").whole(bare) in _FIELD_NAMES:
        return None
    return singular(title, words)


def singular(title: str, words: Lexicon) -> str:
    """A title with its last word for several events put in the singular: "Board Meetings" is "Board Meeting"."""
    head, space, last = title.rpartition(" ")
    one = words.one.get(last.casefold())
    if one is None:
        return title
    return head + space + (one.capitalize() if last[:1].isupper() else one)


def shortened(title: str, words: Lexicon, lang: str | None) -> str:
    """A long text's first sentence, and of that, where it is still long, its first clause."""
    start, end = next(iter(sentences(title, lang)), (0, len(title)))
    if _is_long(title) or (len(title[start:end].split()) > 1 and title[start:end].endswith((".", "。"))):
        title = trim(title[start:end], words)
    for pattern in (_CLAUSE, _COMMA):
        if not _is_long(title):
            break
        head = pattern.split(title)[0]
        if len(head.split()) > 1 or _HAN.search(head):
            title = head
    return title


def promise(title: str, words: Lexicon) -> float:
    """How much a text looks like the name of an event, beside others of its record: several words, one that names a
    kind of event; no code ("COP-1"), no initials ("T. F.")."""
    named = title.split()
    long = [word for word in named if len(word.strip(".,;:()")) > 2]
    if not (long or _HAN.search(title)) or (len(named) == 1 and not title.isalpha()):
        return 0
    codes = [word for word in named if not word[:1].islower() and _CODED.search(word)]
    is_code = len(codes) * 2 > len(named) and not (title.isupper() and len(named) > _CODE)
    told = min(len(long), _TITLE_WORDS) / _TITLE_WORDS + (_KIND_COUNTS if words.of("kinds").find(title) else 0)
    # "Abstract", "Slides": what there is to read, beside a name.
    is_code = is_code or words.of("labels").whole(title) in ("note", "link")
    return told + (len(title) > _CODE) - (1 if is_code else 0)


def names_something(title: str, words: Lexicon) -> bool:
    """Whether a text has a word beyond numbers, states ("cancelled") and names of fields ("Date")."""
    letters = [word for word in re.findall(r"[^\W\d_]+", title) if len(word) > 1 or _HAN.match(word)]
    if words.of("titles.actions").whole(title) or words.of("titles.actions_first").at_start(title):
        return False
    counted = _COUNTED.fullmatch(title)
    if not letters or (counted and words.of("labels").whole(counted[1]) in ("number", "date")):
        return False
    return words.of("status", "places.pending", "titles.ends", "titles.starts").whole(title.strip("()[]. ")) is None


def _in_sentence(sentence: str, words: Lexicon) -> Name | None:
    """The subject or object of a sentence with a date, of the verb that stands nearest to it."""
    date = sentence.find(CUT)
    if date < 0:
        return None
    found: list[tuple[int, Name]] = []
    for hit in words.of("titles.objects", "titles.copulas", "prose.announcing").find(sentence):
        away = date - hit.end if hit.end <= date else hit.start - date
        if (named := _of_verb(sentence, hit, words)) is not None:
            found.append((away, named))
    return min(found, key=lambda one: one[0], default=(0, None))[1]


def _of_verb(sentence: str, hit: Hit, words: Lexicon) -> Name | None:
    behind = _noun(sentence[hit.end :], words)
    if hit.name == "objects":
        return Name(text=behind, found="object") if behind else None
    subject = _subject(sentence[: hit.start], words)
    has_event = [bool(words.of("kinds").find(part)) for part in (subject, behind)]
    if subject and (has_event[0] or not has_event[1]):
        return Name(text=subject, found="subject")
    leads = not sentence[: hit.start].strip(f" ,{CUT}") and not _HAN.match(behind)
    return Name(text=behind, found="subject") if behind and has_event[1] and leads else None


def _is_apart(bare: str) -> bool:
    """Whether what was cut out stands apart from the text: "5 May: Who was William Turner?", "Who ... | 5 May"."""
    inner = _NOTE.sub("", bare)
    return (
        re.match(rf"\s*[{CUT}][{CUT}\s]*[:：|\n–—-]", inner) is not None
        or re.search(rf"[:：|\n–—-][{CUT}\s]*[{CUT}]\s*$", inner) is not None
    )


def _described(bare: str, words: Lexicon) -> str | None:
    """The noun that a date describes: "information relating to the [5 May] Local Election"."""
    before, cut, after = bare.partition(CUT)
    after = re.split(rf"[{CUT}\n,;.:(–—]", after.strip(CUT))[0]
    if not cut or not re.search(r"\w\s$", before) or not after.strip() or not after.strip()[0].isupper():
        return None
    last = before.split()[-1]
    if last[:1].isupper() or last.casefold() not in _DETERMINERS:
        return None
    noun = trim(after, words)
    return noun if words.of("kinds").find(noun) else None


def _subject(before: str, words: Lexicon) -> str:
    """The noun phrase at the end of what stands before a verb."""
    before = re.sub(rf"\s+\w+\s+{ASIDE}+\s*$", "", before).rstrip(f" ,{CUT}{ASIDE}")
    relative = re.search(r"\s*,?\s+(\w+)$", before)
    if relative and words.of("titles.relatives").whole(relative[1]):
        before = before[: relative.start()]
    clause = re.split(rf"[{CUT}{ASIDE}\n;:；：]|[.!?]\s", before)[-1]
    hosts = words.of("titles.objects").find(clause)
    if relative and hosts and (hosted := _noun(clause[hosts[-1].end :], words)):
        return hosted
    parts = _COMMA.split(clause)
    within = [at for at, part in enumerate(parts[1:], 1) if words.of("titles.relatives").at_start(part)]
    clause = ", ".join(parts[: within[0]]) if within else clause
    parts = [part for part in _COMMA.split(clause) if part.strip()]
    kept = parts
    for at, part in enumerate(parts):
        if words.of("kinds").find(part) or _is_named(part):
            kept = parts[at:]
            break
    subject = ", ".join(kept)
    subject = _without_leads(trim(subject, words), words)
    if words.of("titles.pronouns").whole(subject) or len(subject.split()) > 2 * _LONG:
        return ""
    return subject if names_something(subject, words) else ""


def _noun(after: str, words: Lexicon) -> str:
    """The noun phrase that follows a verb, up to the date, a comma or the sentence's end."""
    piece = re.split(rf"[{CUT}{ASIDE}\n;.;。,，،]", _LED_ASIDE.sub("", after.lstrip(f" {CUT}{ASIDE}")))[0]
    if _ARABIC.match(piece) and (kinds := words.of("kinds").find(piece)):
        # The verb comes first, then who does it, then what: "ينظم المركز ورشة عمل".
        piece = piece[kinds[0].start :]
    noun = _without_leads(trim(piece, words), words)
    if words.of("titles.pronouns").whole(noun):
        return ""
    return noun if names_something(noun, words) else ""


def _without_leads(title: str, words: Lexicon) -> str:
    before = None
    while title != before:
        before = title
        rest = title[words.of("titles.leads").at_start(title) :].lstrip(_EDGES)
        title = rest or title
    return title[:1].upper() + title[1:] if title[:1].islower() else title


def _is_named(part: str) -> bool:
    """Whether a part is written as a name: most of its longer words with a capital, beyond the first."""
    long = [word for word in part.split()[1:] if len(word) > 3]
    return bool(long) and sum(word[0].isupper() for word in long) * 2 >= len(long)


def _is_cut_open(piece: str, words: Lexicon) -> bool:
    """Whether a piece may begin with a word that belonged to what was cut: small letters show it."""
    return piece[:1].islower() or bool(re.match(r"[(\[\u0600-\u06ff\u3400-\u9fff]", piece))


def _continues(piece: str, first: str) -> bool:
    """Whether a piece behind the date goes on with the title before it: "Workshop on mercury, 5 May, for customs"."""
    return piece[:1].islower() and len(piece.split()) <= _LONG and not _is_long(first)


def _is_long(title: str) -> bool:
    return len(title.split()) > _LONG or len(_HAN.findall(title)) > _LONG_HAN


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those with nothing but signs between them as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and not re.search(r"\w", text[found[-1][1] : start]) and "\n" not in text[found[-1][1] : start]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _unbalanced(piece: str) -> str:
    for opening, closing in ("()", "[]", "（）", "“”", "«»"):
        opened, closed = piece.count(opening), piece.count(closing)
        if opened > closed:
            head, _, tail = piece.rpartition(opening)
            piece = head.rstrip() if not tail.strip() else tail.strip() if not head.strip() else piece
        elif closed > opened:
            head, _, tail = piece.partition(closing)
            piece = tail.lstrip() if not head.strip() else head.rstrip() if not tail.strip() else piece
    pair = piece[:1] + piece[-1:]
    if pair in ("()", "[]", "“”", '""', "«»", "（）") and not set(piece[1:-1]) & set(pair):
        piece = piece[1:-1]
    return piece.strip(_EDGES)


def _sentence_case(title: str) -> str:
    """A title begins with a capital, unless its first word has one inside ("eBay")."""
    first = title.split(maxsplit=1)[0] if title else ""
    return title[0].upper() + title[1:] if first.islower() else title


def _tidy(title: str) -> str:
    return _SPACE_BEFORE.sub(r"\1", " ".join(title.replace(CUT, " ").split()))
