"""Bytes -> text, whatever they were written in: a byte order mark, UTF-8 where it fits, then a label, then evidence.

Labels are believed from a short list, as browsers do (WHATWG Encoding Standard, where "latin1" is code page 1252), and
only where the text looks like words: a wrong label would give letters that no language puts side by side.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable

from calfeed.documents.language import guess

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's name of a charset -> the one that is meant by it: its superset, as browsers read it.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
    "big5": "big5hkscs",
    "koi8-u": "koi8-u",
}
# What documents come in. The order settles what evidence cannot.
_SHORT_LIST = (
    "cp1252", "cp1251", "cp1256", "gb18030", "cp1250", "koi8-r", "iso8859-2", "cp1253", "cp1254", "iso8859-15",
    "cp932", "euc_jp", "cp949", "big5hkscs", "cp1255", "cp874", "cp1257", "cp1258", "iso8859-5", "iso8859-6",
    "iso8859-7", "iso8859-8", "koi8-u", "mac_roman", "cp866", "cp850", "iso2022_jp",
)  # fmt: skip
# Languages that code page 1252 was made for.
_WESTERN = frozenset(("en", "fr", "es", "de", "pt", "it", "nl"))
_IN_TEXT = re.compile(rb"(?:charset\s*=\s*|encoding\s*=\s*|coding:\s*)[\"']?([A-Za-z][\w.:-]{1,30})")
_WORD = re.compile(r"[^\s<>=/\\&;,\"(){}\[\]]*[^\x00-\x7f][^\s<>=/\\&;,\"(){}\[\]]*")
_SAMPLE = 200_000
_WORDS = 2_000
# Signs beyond ASCII that words have within them.
_WITHIN = frozenset("’‘²³º°ª®™©")
# A share of strange words that no right charset gives.
_STRANGE = 0.15
# Broken sequences that a text in UTF-8 may have, as a share of its good ones.
_BROKEN = 0.05


def decoded(content: bytes, label: str | None) -> str | None:
    """The text of `content`, None where no charset of the short list fits. `label` is the declared charset."""
    marked = next((name for mark, name in _BOMS if content.startswith(mark)), None) or _wide(content)
    escaped = "iso2022_jp" if b"\x1b$" in content else None
    for encoding in filter(None, (marked, escaped, "utf-8")):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    if b"\0" in content[:4096] or _has_surrogates(content):
        return None
    if (text := _broken_utf_8(content)) is not None:
        return text
    labels = [name for name in (_listed(label), _listed(_label_in(content))) if name]
    return (
        _first_fitting(content, labels, _STRANGE)
        or _first_fitting(content, _by_evidence(content), _STRANGE)
        or _first_fitting(content, [*labels, *_SHORT_LIST], 1.0)
    )


def _first_fitting(content: bytes, encodings: Iterable[str], strange: float) -> str | None:
    """The text in the first encoding that fits all bytes, with no larger share of strange words."""
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _strangeness(text) <= strange:
            return text
    return None


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of mostly Latin text is zero."""
    sample = content[:2000]
    if len(sample) < 8:
        return None
    even, odd = (sample[start::2].count(0) / (len(sample) // 2) for start in (0, 1))
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else None


def _has_surrogates(content: bytes) -> bool:
    """Whether bytes are UTF-8 but for halves of characters: a broken writer, not another charset."""
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _broken_utf_8(content: bytes) -> str | None:
    """The text where it is UTF-8 but for a few broken sequences, each replaced by U+FFFD."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for letter in text[:_SAMPLE] if letter > "\x7f" and letter != "\ufffd")
    return text if broken <= _BROKEN * good else None


def _label_in(content: bytes) -> str | None:
    found = _IN_TEXT.search(content[:2048])
    return found[1].decode("ascii") if found else None


def _listed(label: str | None) -> str | None:
    """Python's name of a labelled charset, None where it is not on the short list (UTF-8 was tried before)."""
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _SHORT_LIST else None


def _by_evidence(content: bytes) -> list[str]:
    """The short list, the likeliest first."""
    from charset_normalizer import from_bytes

    sample = content[:_SAMPLE]
    matches = from_bytes(sample, cp_isolation=[*_SHORT_LIST])
    names = [match.encoding for match in matches]
    if matches and guess(str(matches[0])) in _WESTERN:
        # A few accents cannot tell the code pages of Europe apart; the language can.
        names.insert(0, "cp1252")
    return [*dict.fromkeys([*names, *_SHORT_LIST])]


def _strangeness(text: str) -> float:
    """The share of the words beyond ASCII that look like no word of any language."""
    words = [word[0] for _, word in zip(range(_WORDS), _WORD.finditer(text), strict=False)]
    return sum(map(_is_strange, words)) / len(words) if words else 0.0


def _is_strange(word: str) -> bool:
    """Whether a word has letters of two scripts, accents on most of them, capitals within, signs between letters, or
    characters that are none."""
    word = word.strip("()[]{}<>\"'“”‘’«»„‚.,;:!?…–—-/|*•·©®™°§¶†")
    scripts: set[str] = set()
    before = ""
    if len(word) > 4 and sum("\x7f" < letter < "\u0180" for letter in word) > 0.6 * len(word):
        return True
    for letter in word:
        kind = unicodedata.category(letter)
        if kind in ("Cc", "Cn", "Co") or letter == "\ufffd":
            return True
        if kind[0] == "L" and kind != "Lm":
            scripts.add(unicodedata.name(letter, "?").split(" ", 1)[0])
        if kind == "Lu" and before == "Ll" and letter > "\x7f":
            return True
        if kind in ("Sc", "Sk", "So", "Sm", "No", "Pi", "Pf") and before in ("Ll", "Lu"):
            if letter <= "\x7f" or letter in _WITHIN:
                continue
            return True
        before = kind
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "THAI"}) > 1
