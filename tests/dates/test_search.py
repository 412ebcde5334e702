"""Every date of a text where it stands: partial dates, lent fields, masks, times alone, and time in proportion."""

from __future__ import annotations

import time
from datetime import date

import pytest

from calfeed.dates import Context, Dated, Field, Lent, masked, search

REFERENCE = date(2014, 1, 10)
MAY = Lent(field=Field.MONTH, value=5, origin="heading", words="May 2015")
YEAR = Lent(field=Field.YEAR, value=2015, origin="heading", words="May 2015")
Y, M, D = Field.YEAR, Field.MONTH, Field.DAY


def found(text: str, *lent: Lent, bare: bool = False, lang: str | None = "en") -> tuple[Dated, ...]:
    return search(text, Context(reference=REFERENCE, lang=lang, lent=lent), bare=bare)


def days(one: Dated) -> list[tuple[str, str]]:
    return [(str(p.start), str(p.end)) for r in one.interpretation.readings[:1] for p in r.periods]


def test_dates_are_found_where_they_stand() -> None:
    text = "Workshop in Lima on 5 May 2014; second part from 2 to 4 June 2014 in Quito."
    first, second = found(text)
    assert text[first.start : first.end] == "on 5 May 2014"
    assert text[second.start : second.end] == "from 2 to 4 June 2014"
    assert days(first) == [("2014-05-05", "2014-05-05")]
    assert days(second) == [("2014-06-02", "2014-06-04")]


@pytest.mark.parametrize(
    ("text", "lacks", "has"),
    [
        ("5 May 2014", set(), {Y, M, D}),
        ("5 May", {Y}, {M, D}),
        ("12-14", {Y, M}, {D}),
        ("6 & 7", {Y, M}, {D}),
        ("12", {Y, M}, {D}),
        ("the 3rd Thursday", {Y, M}, set()),
        ("06.18-19", {Y}, {M, D}),
        ("June", {Y}, {M}),
        ("Monday", {Y, M, D}, set()),
    ],
)
def test_what_a_date_lacks_and_has_is_told(text: str, lacks: set[Field], has: set[Field]) -> None:
    (one,) = found(text, bare=True)
    assert (one.lacks, one.has) == (lacks, has)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-14", [("2015-05-12", "2015-05-14")]),
        ("6 & 7", [("2015-05-06", "2015-05-06"), ("2015-05-07", "2015-05-07")]),
        ("the 3rd Thursday", [("2015-05-21", "2015-05-21")]),
        ("5/6", [("2015-05-05", "2015-05-06")]),
        ("2 June", [("2015-06-02", "2015-06-02")]),
        ("2 June 2016", [("2016-06-02", "2016-06-02")]),
    ],
)
def test_lent_fields_fill_what_is_missing_and_nothing_else(text: str, expected: list[tuple[str, str]]) -> None:
    (one,) = found(text, MAY, YEAR, bare=True)
    assert days(one) == expected


def test_what_was_lent_is_recorded_with_its_origin() -> None:
    (one,) = found("12-14", MAY, YEAR, bare=True)
    origins = {(entry.field, entry.value, entry.origin) for entry in one.interpretation.readings[0].inferred}
    assert ("month", "5", "heading") in origins
    assert ("year", "2015", "heading") in origins


def test_a_weekday_chooses_among_the_years_of_a_span() -> None:
    span = Lent(field=Y, value=2014, until=2016, origin="heading", words="2014-2016")
    (one,) = found("Friday 8 May", span)
    assert days(one) == [("2015-05-08", "2015-05-08")]
    assert one.weekdays == (4,)
    assert not one.interpretation.review
    (doubtful,) = found("8 May", span)
    assert doubtful.interpretation.review


def test_numbers_are_no_dates_where_no_days_are_known_to_stand() -> None:
    assert found("12") == found("12-14 Geneva") == ()
    (one,) = found("12, 19 Geneva", MAY, YEAR, bare=True)
    assert days(one) == [("2015-05-12", "2015-05-12"), ("2015-05-19", "2015-05-19")]


def test_a_time_alone_has_no_readings() -> None:
    (one,) = found("14:00-15:30 CET")
    assert (one.times, one.zone, one.interpretation.readings) == ("14:00/15:30", "+01:00", ())
    assert one.has == one.lacks == frozenset()


def test_a_time_beside_a_date_belongs_to_it() -> None:
    (one,) = found("21.02. 13:00", YEAR, bare=True)
    assert (one.times, days(one)) == ("13:00", [("2015-02-21", "2015-02-21")])


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Tel. 022 917 81 11 for details", "telephone", "Tel. 022 917 81 11"),
        ("call +41 22 917 8271", "telephone", "+41 22 917 8271"),
        ("fee CHF 12.05 a day", "price", "CHF 12.05"),
        ("€ 2014 in all", "price", "€ 2014"),
        ("ISSN 2014-0512", "issn", "ISSN 2014-0512"),
        ("version 2.1 of the guide", "version", "version 2.1"),
        ("decision BC-12/5 was adopted", "number", "decision BC-12/5"),
        ("see https://example.org/2014/05/12 now", "address", "https://example.org/2014/05/12"),
    ],
)
def test_what_is_no_date_is_masked_by_kind(text: str, kind: str, words: str) -> None:
    (one,) = masked(text)
    assert (one.kind, text[one.start : one.end]) == (kind, words)
    assert found(text) == ()


@pytest.mark.parametrize("piece", ["?", "1", "1 ", "1,", "1-", "May ", "every second ", "("])
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def taken(text: str) -> float:
        begin = time.process_time()
        found(text)
        return time.process_time() - begin

    taken(piece * 100)
    short, long = taken(piece * 1_500), taken(piece * 12_000)
    # Eight times as long; three times that is left to the machine.
    assert long < 24 * max(short, 0.005)


def test_prose_without_dates_is_passed_over() -> None:
    prose = "The committee asked parties to share what they had learned from experts in many regions.\n" * 3_000
    begin = time.process_time()
    assert found(prose) == ()
    assert time.process_time() - begin < 1


@pytest.mark.parametrize("word", ["January ", "January\n", "5 May, ", "1/2/", "Tuesday ", "may "])
def test_a_megabyte_of_one_word_is_read_at_once(word: str) -> None:
    begin = time.process_time()
    search(word * (1_000_000 // len(word)), Context(reference=REFERENCE, lang="en"))
    assert time.process_time() - begin < 0.5


def test_of_very_many_dates_the_last_one_says_that_more_were_not_read() -> None:
    found = search("5 May 2014\n" * 6_000, Context(reference=REFERENCE, lang="en"))
    assert len(found) == 5_000
    assert found[-1].interpretation.review
    assert found[-1].interpretation.reasons == (
        "The text has more than 5,000 dates; what follows character 54,999 was not read. Divide the text.",
    )
    assert not found[-2].interpretation.review
