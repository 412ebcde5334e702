"""Words recognised from pictures of pages, by Tesseract where it is installed.

In: a page of pypdfium2. Out: words with their places, as `pdf_words` gives them of a page that has words.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import groupby
from statistics import median
from threading import Thread
from typing import IO, Any

from calfeed.documents.pdf_words import Face, View, Word

INSTALL = "Install Tesseract (apt install tesseract-ocr, and tesseract-ocr-fra and the like for each language)"
_DPI = 300
_SECONDS = 60
# A page is drawn with no more dots than this, whatever its size.
_MOST_DOTS = 40_000_000
# Words that Tesseract is less sure of than this are noise (per cent).
_SURE = 45.0
_LARGER, _HUGE = 1.5, 4.0
_MODELS = {"ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "ja": "jpn", "nl": "nld",
           "pt": "por", "ru": "rus", "zh": "chi_sim"}  # fmt: skip
_BY_SCRIPT = {
    "Latin": ("eng", "fra", "deu", "spa", "por"),
    "Cyrillic": ("rus", "eng"),
    "Arabic": ("ara", "eng"),
    "Han": ("chi_sim", "chi_tra", "eng"),
    "Japanese": ("jpn", "eng"),
}


def installed() -> bool:
    """Whether Tesseract is there."""
    return shutil.which("tesseract") is not None


def words_in_picture(
    page: Any, view: View, *, lang: str | None, waiting: Callable[[], None]
) -> list[list[Word]] | None:
    """The words of a page's picture, a list a line, None where it could not be read. `waiting` is called every
    second.
    """
    scale = min(_DPI / 72, (_MOST_DOTS / max(1.0, view.width * view.height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    lines = (bytes(rows[at : at + bitmap.width]) for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
    picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
    models = _models(picture, lang, waiting)
    told = _run(("-l", "+".join(models), "--dpi", str(round(72 * scale)), "tsv"), picture, waiting)
    return list(_lines(told, scale)) if told is not None else None


def _models(picture: bytes, lang: str | None, waiting: Callable[[], None]) -> list[str]:
    """The models to read with: the language's, else those of the picture's script that are installed."""
    known = _languages()
    model = _MODELS.get((lang or "").partition("-")[0])
    if model in known:
        return [model]
    script = "Latin"
    if "osd" in known:
        told = _run(("--psm", "0"), picture, waiting) or ""
        script = next(
            (line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("Script:")), script
        )
    found = [name for name in _BY_SCRIPT.get(script, ()) if name in known]
    return found or [name for name in ("eng",) if name in known] or sorted(known - {"osd"})[:1]


@cache
def _languages() -> frozenset[str]:
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=10)
    return frozenset(told.stdout.split("\n")[1:]) - {""}


def _run(arguments: tuple[str, ...], picture: bytes, waiting: Callable[[], None]) -> str | None:
    """What Tesseract says of a picture, None where it fails or takes too long."""
    process = subprocess.Popen(
        ["tesseract", "stdin", "stdout", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A confined process may not end another: the kernel does.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS)),
    )
    assert process.stdin is not None
    # `communicate` gives up what it has not written yet when it is called again after its timeout.
    giving = Thread(target=_give, args=(process.stdin, picture), daemon=True)
    process.stdin = None
    giving.start()
    while True:
        try:
            told, _ = process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            waiting()
            continue
        return told.decode("utf-8", "replace") if process.returncode == 0 else None


def _give(stream: IO[bytes], picture: bytes) -> None:
    """Write the whole picture; a program that ended before it was read to its end says why itself."""
    with suppress(BrokenPipeError), stream:
        stream.write(picture)


def _lines(told: str, scale: float) -> Iterator[list[Word]]:
    """The lines of Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, sureness,
    text.
    """
    rows = [row.split("\t") for row in told.splitlines()[1:]]
    words = [row for row in rows if len(row) == 12 and row[0] == "5" and row[11].strip() and float(row[10]) >= _SURE]
    usual = median(float(row[9]) / scale for row in words) if words else 1.0
    for _, group in groupby(words, key=lambda row: tuple(row[1:5])):
        line = [([float(value) / scale for value in row[6:10]], row[11].strip()) for row in group]
        height = median(height for (_, _, _, height), _ in line)
        # A line's height depends on its letters: only what is much larger is set larger. What is huge is a drawing.
        if height > _HUGE * usual:
            continue
        size = round((height if height > _LARGER * usual else usual) * 1.3) or 1.0
        face = Face(size, bold=False, italic=False, turned=False)
        middle = median(top + height / 2 for (_, top, _, height), _ in line)
        yield [
            Word(text, left, middle - size / 2, left + width, middle + size / 2, face)
            for (left, _, width, _), text in line
        ]
