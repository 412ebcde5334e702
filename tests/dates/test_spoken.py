"""Times of day and recurrences in words, in each language of the site."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.dates.spoken import rule_words
from calfeed.dates.words import prefix, vague, words
from calfeed.model import Period, Precision, Qualifier

LANGUAGES = ("en", "fr", "es", "de", "ar", "ru", "zh")
RULES: dict[str, tuple[str, ...]] = {
    "FREQ=WEEKLY;BYDAY=WE": (
        "every Wednesday", "chaque mercredi", "cada miércoles", "jeden Mittwoch",
        "كل يوم أربعاء", "по средам", "每星期三",
    ),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE": (
        "every other Wednesday", "un mercredi sur deux", "cada dos semanas, el miércoles", "jeden zweiten Mittwoch",
        "كل أسبوعين يوم أربعاء", "раз в две недели, по средам", "每两周的星期三",
    ),
    "FREQ=MONTHLY;BYDAY=2TU": (
        "the second Tuesday of each month", "le deuxième mardi de chaque mois", "el segundo martes de cada mes",
        "am zweiten Dienstag jedes Monats", "ثاني ثلاثاء من كل شهر",
        "второй вторник каждого месяца", "每月第二个星期二",
    ),
    "FREQ=MONTHLY;BYDAY=-1FR": (
        "the last Friday of each month", "le dernier vendredi de chaque mois", "el último viernes de cada mes",
        "am letzten Freitag jedes Monats", "آخر جمعة من كل شهر",
        "последняя пятница каждого месяца", "每月最后一个星期五",
    ),
    "FREQ=MONTHLY;BYDAY=1SU": (
        "the first Sunday of each month", "le premier dimanche de chaque mois", "el primer domingo de cada mes",
        "am ersten Sonntag jedes Monats", "أول أحد من كل شهر", "первое воскресенье каждого месяца", "每月第一个星期日",
    ),
    "FREQ=MONTHLY;BYMONTHDAY=15": (
        "day 15 of each month", "le 15 de chaque mois", "el día 15 de cada mes", "am 15. jedes Monats",
        "يوم 15 من كل شهر", "15-го числа каждого месяца", "每月15日",
    ),
    "FREQ=MONTHLY;INTERVAL=3": (
        "every quarter", "chaque trimestre", "cada trimestre", "jedes Quartal",
        "كل ربع سنة", "каждый квартал", "每季度",
    ),
    "FREQ=YEARLY;BYMONTH=3": (
        "every year, in March", "chaque année, en mars", "cada año, en marzo", "jedes Jahr, im März",
        "كل سنة، في مارس", "каждый год, март", "三月，每年",
    ),
    "FREQ=DAILY": ("every day", "chaque jour", "cada día", "jeden Tag", "كل يوم", "каждый день", "每天"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "lang", "expected"),
    [(rule, lang, told) for rule, row in RULES.items() for lang, told in zip(LANGUAGES, row, strict=True)],
)
def test_a_rule_is_said_in_every_language(rule: str, lang: str, expected: str) -> None:
    assert rule_words(rule, lang) == expected


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=SECONDLY", "FREQ=WEEKLY;BYDAY=XX", "nonsense"]
)
def test_what_there_are_no_words_for_is_not_said_wrongly(rule: str) -> None:
    assert all(rule_words(rule, lang) is None for lang in LANGUAGES)


def on(first: str, last: str | None = None, **fields: object) -> Period:
    end = date.fromisoformat(last or first)
    return Period(start=date.fromisoformat(first), end=end, precision=Precision.DAY, **fields)  # type: ignore[arg-type]


CALL = on("2027-03-12", times="14:00/15:30", zone="Europe/Zurich")
EACH = on("2027-05-12", "2027-05-14", times="09:00/17:00")
STRETCH = on("2027-05-12", "2027-05-14", times="09:00/17:00", zone="America/New_York", continuous=True)
YEAR = Period(start=date(2027, 1, 1), end=date(2027, 12, 31), precision=Precision.YEAR, rrule="FREQ=WEEKLY;BYDAY=WE")
OPEN = Period(start=date(2027, 3, 1), precision=Precision.MONTH, qualifier=Qualifier.STARTING, rrule="FREQ=MONTHLY")


@pytest.mark.parametrize(
    ("period", "lang", "expected"),
    [
        (CALL, "en", "12 March 2027, 14:00–15:30 (Zurich time, UTC+1)"),
        (CALL, "fr", "12 mars 2027, 14:00–15:30 (heure de Zurich, UTC+1)"),
        (CALL, "es", "12 de marzo de 2027, 14:00–15:30 (hora de Zúrich, UTC+1)"),
        (CALL, "ar", "12 مارس 2027، 14:00–15:30 (بتوقيت زيورخ، UTC+1)"),
        (CALL, "ru", "12 марта 2027 г., 14:00–15:30 (время: Цюрих, UTC+1)"),
        (CALL, "zh", "2027年3月12日 14:00–15:30（苏黎世时间 UTC+1）"),
        (EACH, "en", "12–14 May 2027, 09:00–17:00 each day"),
        (STRETCH, "en", "12 May 2027, 09:00 – 14 May 2027, 17:00 (New York time, UTC−4)"),
        (on("2027-05-12", times="09:00", zone="-03:30"), "en", "12 May 2027, 09:00 (UTC−3:30)"),
        (on("2027-05-12", times="09:00", zone="UTC"), "en", "12 May 2027, 09:00 (UTC)"),
        (YEAR, "en", "every Wednesday, 6 January – 29 December 2027"),
        (YEAR, "fr", "chaque mercredi, 6 janvier – 29 décembre 2027"),
        (YEAR, "zh", "每星期三 2027年1月6日至12月29日"),
        (OPEN, "en", "every month, from March 2027"),
    ],
)
def test_a_period_is_said_with_its_times_and_its_rule(period: Period, lang: str, expected: str) -> None:
    assert words(period, lang, long=True) == expected


def test_days_left_out_are_said() -> None:
    period = on("2027-05-01", "2027-05-31", rrule="FREQ=WEEKLY;BYDAY=WE", exdates=(date(2027, 5, 12),))
    assert words(period, "en") == "every Wednesday, 5–26 May 2027, except 12 May 2027"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (CALL, None),
        (STRETCH, None),
        (on("2027-03-12", times="14:00/15:30"), "14:00-15:30"),
        (on("2027-03-12", times="14:00"), "14:00"),
        (EACH, "09:00-17:00 each day"),
    ],
)
def test_a_title_says_the_hours_that_a_calendar_cannot_show(period: Period, expected: str | None) -> None:
    assert prefix(period, "en") == expected


def test_a_recurrence_of_days_is_not_called_vague() -> None:
    assert vague(YEAR, "en") == "every Wednesday, 6 January – 29 December 2027"
