"""Soundness, from outside: meanings are made, said in each language in the ways that people say them, and read.

Nothing here shares code or names with the reader. What is said tells its days exactly, so that a reading has to have
these and no others. Taking away a day, a month beside a year, or a word that narrows may widen a reading or drop it,
and never moves it outside of what it was.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.dates import Context, interpret

REFERENCE = date(2013, 3, 13)

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
# Months as they are called alone, where that is another form.
ALONE = {"ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"}

# Ways to say a meaning. d, e: days of one month; M, N: months; y, z: years. X, Y: months called alone.
WAYS: dict[str, dict[str, list[str]]] = {
    "en": {
        "day": ["{d} {M} {y}", "{M} {d}, {y}", "on {d} {M} {y}", "{y}-{m:02}-{d:02}", "the {d}th of {M}, {y}"],
        "days": ["{d}-{e} {M} {y}", "from {d} to {e} {M} {y}", "{M} {d}–{e}, {y}", "between {d} and {e} {M} {y}"],
        "two days": ["{d} and {e} {M} {y}", "{M} {d} and {e}, {y}", "{d} {M} {y} and {e} {M} {y}"],
        "over months": ["{d} {M} - {e} {N} {y}", "from {d} {M} to {e} {N} {y}", "{M} {d} – {N} {e}, {y}"],
        "month": ["{X} {y}", "in {X} {y}", "during {X} {y}", "{X}, {y}", "{m:02}/{y}"],
        "months": ["{X}-{Y} {y}", "from {X} to {Y} {y}", "between {X} and {Y} {y}", "{X} through {Y} {y}"],
        "two months": ["{X} and {Y} {y}", "{X}, {Y} {y}", "{X} & {Y} {y}"],
        "years": ["{y}-{z}", "from {y} to {z}", "between {y} and {z}"],
        "from": ["from {X} {y} onwards", "starting in {X} {y}", "as of {X} {y}", "since {X} {y}"],
        "until": ["until {d} {M} {y}", "by {d} {M} {y}", "no later than {d} {M} {y}"],
        "early": ["early {X} {y}"],
        "late": ["end of {X} {y}", "late {X} {y}"],
    },
    "fr": {
        "day": ["{d} {M} {y}", "le {d} {M} {y}", "{d:02}/{m:02}/{y}", "{d:02}.{m:02}.{y}"],
        "days": ["{d}-{e} {M} {y}", "du {d} au {e} {M} {y}", "entre le {d} et le {e} {M} {y}"],
        "two days": ["{d} et {e} {M} {y}", "les {d} et {e} {M} {y}", "le {d} et le {e} {M} {y}"],
        "over months": ["du {d} {M} au {e} {N} {y}", "{d} {M} - {e} {N} {y}"],
        "month": ["{X} {y}", "en {X} {y}", "au mois de {X} {y}", "courant {X} {y}"],
        "months": ["de {X} à {Y} {y}", "{X}-{Y} {y}", "entre {X} et {Y} {y}"],
        "two months": ["{X} et {Y} {y}", "{X}, {Y} {y}"],
        "years": ["{y}-{z}", "de {y} à {z}", "entre {y} et {z}"],
        "from": ["à partir de {X} {y}", "dès {X} {y}", "à compter de {X} {y}"],
        "until": ["jusqu'au {d} {M} {y}", "au plus tard le {d} {M} {y}"],
        "early": ["début {X} {y}"],
        "late": ["fin {X} {y}"],
    },
    "es": {
        "day": ["{d} de {M} de {y}", "el {d} de {M} de {y}", "{d:02}/{m:02}/{y}"],
        "days": ["del {d} al {e} de {M} de {y}", "{d}-{e} de {M} de {y}", "entre el {d} y el {e} de {M} de {y}"],
        "two days": ["{d} y {e} de {M} de {y}", "los días {d} y {e} de {M} de {y}"],
        "over months": ["del {d} de {M} al {e} de {N} de {y}", "{d} de {M} - {e} de {N} de {y}"],
        "month": ["{X} de {y}", "en {X} de {y}", "en el mes de {X} de {y}"],
        "months": ["de {X} a {Y} de {y}", "{X}-{Y} de {y}", "entre {X} y {Y} de {y}"],
        "two months": ["{X} y {Y} de {y}", "{X}, {Y} de {y}"],
        "years": ["{y}-{z}", "de {y} a {z}", "entre {y} y {z}"],
        "from": ["a partir de {X} de {y}", "desde {X} de {y}"],
        "until": ["hasta el {d} de {M} de {y}", "a más tardar el {d} de {M} de {y}"],
        "early": ["principios de {X} de {y}"],
        "late": ["finales de {X} de {y}"],
    },
    "de": {
        "day": ["{d}. {M} {y}", "am {d}. {M} {y}", "{d}.{m}.{y}", "{d:02}.{m:02}.{y}"],
        "days": ["{d}.-{e}. {M} {y}", "vom {d}. bis {e}. {M} {y}", "{d}. bis {e}. {M} {y}", "{d}.-{e}.{m}.{y}"],
        "two days": ["{d}. und {e}. {M} {y}", "am {d}. und am {e}. {M} {y}"],
        "over months": ["{d}. {M} bis {e}. {N} {y}", "vom {d}. {M} bis zum {e}. {N} {y}"],
        "month": ["{X} {y}", "im {X} {y}"],
        "months": ["{X}-{Y} {y}", "{X} bis {Y} {y}", "von {X} bis {Y} {y}"],
        "two months": ["{X} und {Y} {y}", "{X}, {Y} {y}"],
        "years": ["{y}-{z}", "von {y} bis {z}", "zwischen {y} und {z}"],
        "from": ["ab {X} {y}", "beginnend im {X} {y}"],
        "until": ["bis zum {d}. {M} {y}", "spätestens am {d}. {M} {y}"],
        "early": ["Anfang {X} {y}"],
        "late": ["Ende {X} {y}"],
    },
    "pt": {
        "day": ["{d} de {M} de {y}", "em {d} de {M} de {y}", "{d:02}/{m:02}/{y}"],
        "days": ["de {d} a {e} de {M} de {y}", "{d}-{e} de {M} de {y}"],
        "two days": ["{d} e {e} de {M} de {y}", "nos dias {d} e {e} de {M} de {y}"],
        "over months": ["de {d} de {M} a {e} de {N} de {y}"],
        "month": ["{X} de {y}", "em {X} de {y}"],
        "months": ["de {X} a {Y} de {y}", "{X}-{Y} de {y}", "entre {X} e {Y} de {y}"],
        "two months": ["{X} e {Y} de {y}"],
        "years": ["{y}-{z}", "de {y} a {z}", "entre {y} e {z}"],
        "from": ["a partir de {X} de {y}", "desde {X} de {y}"],
        "until": ["até {d} de {M} de {y}"],
        "early": ["início de {X} de {y}"],
        "late": ["fim de {X} de {y}"],
    },
    "it": {
        "day": ["{d} {M} {y}", "il {d} {M} {y}", "{d:02}/{m:02}/{y}"],
        "days": ["dal {d} al {e} {M} {y}", "{d}-{e} {M} {y}"],
        "two days": ["{d} e {e} {M} {y}", "il {d} e il {e} {M} {y}"],
        "over months": ["dal {d} {M} al {e} {N} {y}"],
        "month": ["{X} {y}", "nel mese di {X} {y}"],
        "months": ["da {X} a {Y} {y}", "{X}-{Y} {y}", "tra {X} e {Y} {y}"],
        "two months": ["{X} e {Y} {y}"],
        "years": ["{y}-{z}", "dal {y} al {z}", "tra il {y} e il {z}"],
        "from": ["a partire da {X} {y}"],
        "until": ["entro il {d} {M} {y}", "fino al {d} {M} {y}"],
        "early": ["inizio {X} {y}"],
        "late": ["fine {X} {y}"],
    },
    "ru": {
        "day": ["{d} {M} {y} года", "{d} {M} {y} г.", "{d:02}.{m:02}.{y}"],
        "days": ["{d}-{e} {M} {y} года", "с {d} по {e} {M} {y} года"],
        "two days": ["{d} и {e} {M} {y} года"],
        "over months": ["с {d} {M} по {e} {N} {y} года", "{d} {M} – {e} {N} {y} г."],
        "month": ["{X} {y} года"],
        "months": ["{X}-{Y} {y} года", "{X} – {Y} {y} г."],
        "two months": ["{X} и {Y} {y} года", "{X}, {Y} {y} года"],
        "years": ["{y}–{z} годы", "с {y} по {z} год"],
        "from": ["начиная с {M} {y} года", "с {M} {y} года"],
        "until": ["до {d} {M} {y} года", "не позднее {d} {M} {y} года"],
        "early": ["начало {M} {y} года"],
        "late": ["конец {M} {y} года"],
    },
    "ar": {
        "day": ["{d} {M} {y}", "يوم {d} {M} {y}", "{d:02}/{m:02}/{y}"],
        "days": ["من {d} إلى {e} {M} {y}", "{d}-{e} {M} {y}"],
        "two days": ["{d} و{e} {M} {y}"],
        "over months": ["من {d} {M} إلى {e} {N} {y}"],
        "month": ["{X} {y}", "في {X} {y}"],
        "months": ["من {X} إلى {Y} {y}", "{X} - {Y} {y}"],
        "two months": ["{X} و{Y} {y}"],
        "years": ["{y}-{z}", "من {y} إلى {z}"],
        "from": ["اعتبارا من {X} {y}"],
        "until": ["حتى {d} {M} {y}"],
        "early": ["أوائل {X} {y}"],
        "late": ["أواخر {X} {y}"],
    },
    "zh": {
        "day": ["{y}年{M}{d}日", "{y}-{m:02}-{d:02}", "{y}.{m}.{d}"],
        "days": ["{y}年{M}{d}日至{e}日", "{y}年{M}{d}-{e}日", "{y}年{M}{d}日到{e}日"],
        "two days": ["{y}年{M}{d}日和{e}日", "{y}年{M}{d}日、{e}日"],
        "over months": ["{y}年{M}{d}日至{N}{e}日"],
        "month": ["{y}年{X}", "在{y}年{X}"],
        "months": ["{y}年{X}至{Y}", "{y}年{m}-{Y}"],
        "two months": ["{y}年{X}和{Y}", "{y}年{X}、{Y}"],
        "years": ["{y}年至{z}年", "{y}-{z}年"],
        "from": ["自{y}年{X}起", "从{y}年{X}开始"],
        "until": ["截至{y}年{M}{d}日"],
        "early": ["{y}年{X}初", "{y}年{X}上旬"],
        "late": ["{y}年{X}底", "{y}年{X}下旬"],
    },
}  # fmt: skip

Days = tuple[date | None, date | None]


class Said(NamedTuple):
    text: str
    days: list[Days]


def last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@st.composite
def said(draw: st.DrawFn, lang: str) -> Said:
    """A meaning, and one of the ways to say it."""
    kind = draw(st.sampled_from(sorted(WAYS[lang])))
    year = draw(st.integers(1990, 2035))
    month = draw(st.integers(1, 11))
    later = draw(st.integers(month + 1, 12))
    day = draw(st.integers(4, 19))
    other = draw(st.integers(day + 1, 28)) if kind != "over months" else draw(st.integers(1, 28))
    until = draw(st.integers(year + 2, year + 8))
    called, alone = MONTHS[lang].split(), ALONE.get(lang, MONTHS[lang]).split()
    text = draw(st.sampled_from(WAYS[lang][kind])).format(
        d=day, e=other, M=called[month - 1], N=called[later - 1], m=month, y=year, z=until,
        X=alone[month - 1], Y=alone[later - 1],
    )  # fmt: skip
    first, end = date(year, month, day), last_day(year, month)
    days: dict[str, list[Days]] = {
        "day": [(first, first)],
        "days": [(first, date(year, month, other))],
        "two days": [(first, first), (date(year, month, other),) * 2],
        "over months": [(first, date(year, later, other))],
        "month": [(date(year, month, 1), end)],
        "months": [(date(year, month, 1), last_day(year, later))],
        "two months": [(date(year, month, 1), end), (date(year, later, 1), last_day(year, later))],
        "years": [(date(year, 1, 1), date(until, 12, 31))],
        "from": [(date(year, month, 1), None)],
        "until": [(None, first)],
        "early": [(date(year, month, 1), date(year, month, 10))],
        "late": [(date(year, month, 21), end)],
    }
    return Said(text, days[kind])


def read(text: str, lang: str) -> list[Days]:
    told = interpret(text, Context(reference=REFERENCE, lang=lang))
    return [(one.start, one.end) for reading in told.readings[:1] for one in reading.periods]


@pytest.mark.parametrize("lang", sorted(WAYS))
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_what_is_said_is_read_with_its_days_and_no_others(lang: str, data: st.DataObject) -> None:
    meaning = data.draw(said(lang))
    assert read(meaning.text, lang) == meaning.days, meaning.text


NARROW_AND_WIDE = [
    ("{d} {M} {y}", "{M} {y}"),
    ("{M} {y}", "{y}"),
    ("{d}-{e} {M} {y}", "{M} {y}"),
    ("early {M} {y}", "{M} {y}"),
    ("mid-{M} {y}", "{M} {y}"),
    ("late {M} {y}", "{M} {y}"),
    ("early {y}", "{y}"),
    ("the end of {y}", "{y}"),
    ("second half of {M} {y}", "{M} {y}"),
    ("first quarter of {y}", "{y}"),
    ("second Tuesday of {M} {y}", "{M} {y}"),
    ("last day of {M} {y}", "{M} {y}"),
    ("{d} {M} {y}, 9:00", "{d} {M} {y}"),
    ("{d}, {e} {M} {y}", "{M} {y}"),
    ("{d} {M} - {e} {M} {y}", "{M} {y}"),
]


@pytest.mark.parametrize(("narrow", "wide"), NARROW_AND_WIDE)
@settings(max_examples=25, deadline=None)
@given(month=st.integers(1, 12), year=st.integers(1995, 2030), day=st.integers(1, 14), other=st.integers(15, 28))
def test_taking_a_word_away_widens(narrow: str, wide: str, month: int, year: int, day: int, other: int) -> None:
    known = {"d": day, "e": other, "M": MONTHS["en"].split()[month - 1], "y": year}
    inner, outer = read(narrow.format(**known), "en"), read(wide.format(**known), "en")
    assert inner
    assert len(outer) == 1
    (first, last), *_ = outer
    assert all(first and last and a and b and first <= a and b <= last for a, b in inner), (inner, outer)


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("2014~2018", [(date(2014, 1, 1), date(2018, 12, 31))]),
        ("April 22-3, 2005", [(date(2005, 4, 22), date(2005, 4, 23))]),
        ("Juin2O27", []),
        ("room 5, 12 May 2014", [(date(2014, 5, 12), date(2014, 5, 12))]),
        ("COP-12, May 2015", [(date(2015, 5, 1), date(2015, 5, 31))]),
        ("31 April 2014", []),
        ("section 3.14.1", []),
    ],
)
def test_no_day_is_claimed_that_no_word_names(text: str, claimed: list[Days]) -> None:
    assert read(text, "en") == claimed
