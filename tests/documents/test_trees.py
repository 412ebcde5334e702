"""What each text format is read as: small documents beside their trees."""

from __future__ import annotations

import pytest

from tests.documents.golden import drawn, tree_of

CASES = {
    "Markdown: headings, wrapped lines, emphasis, links and escapes": (
        "a.md",
        """
        # Plan _2025_

        Talks are on the 18\\. März,
        in the [hall](https://example.org), &amp; free.

        - **May 3**: opening
          - doors at ~~6~~ 7
        1. first
        """,
        """
        # Plan 2025
          p Talks are on the 18. März, in the hall, & free.
          - May 3: opening
            - doors at 6 7 (struck:6)
          1. first
        """,
    ),
    "Markdown: a table, with a break in a cell": (
        "a.md",
        """
        | Date | What |
        |------|------|
        | 3 May<br>4 May | *Opening* |
        """,
        """
        table
          * Date | What
          3 May / 4 May | Opening
        """,
    ),
    "Markdown: front matter, definition lists, labels in bold, hard breaks": (
        "a.md",
        """
        ---
        title: "Programme"
        date: 2025-03-01
        ---
        Venue
        : Town hall
        : Room 2

        **When:** 3 May\\
        **Where:** Basel
        {: .info }
        """,
        """
        note title = Programme
        note date = 2025-03-01
        Venue = Town hall
        Venue = Room 2
        When = 3 May
        Where = Basel
        """,
    ),
    "Markdown: a day with its dot is no number of a list; bullets typed by hand": (
        "a.md",
        """
        12. Mai 2025: Beginn
        26. Mai: Ende

        1. Erstens

        Themen:\\
        • Musik\\
        • Tanz
        """,
        """
        - 12. Mai 2025: Beginn
        - 26. Mai: Ende
        1. Erstens
        p Themen:
        - Musik
        - Tanz
        """,
    ),
    "Markdown: tables as Pandoc writes them": (
        "a.md",
        """
        +------+-----------+
        | Day  | What      |
        +:=====+===========+
        | 3    | *Opening* |
        | May  |           |
        +------+-----------+

          Day     What
          ------- ----------
          4 May   Talks

        ------------------------
        Day         What
        ----------- ------------
        5 May       Walk to the
                    lake

        6 May       Closing
        ------------------------
        """,
        """
        table
          * Day | What
          3 May | Opening
        table
          * Day | What
          4 May | Talks
        table
          * Day | What
          5 May | Walk to the lake
          6 May | Closing
        """,
    ),
    "Markdown: an HTML table with blank lines in it": (
        "a.md",
        """
        Before

        <table>

        <tr><th>Date</th><th>What</th></tr>

            <tr><td>3 May</td><td>Opening</td></tr>
        </table>

        After
        """,
        """
        p Before
        table
          * Date | What
          3 May | Opening
        p After
        """,
    ),
    "HTML: navigation apart, a title in its header, layout tables unwrapped": (
        "a.html",
        """
        <html><body><nav><a href="/">Home</a></nav>
        <header><h1>Fair</h1></header>
        <table><tr><td><p>10 May<br>11 May</p></td></tr></table>
        <footer>© 2024</footer></body></html>
        """,
        """
        furniture Home
        # Fair
          p 10 May / 11 May
          furniture © 2024
        """,
    ),
    "HTML: spans, hidden rows, struck days, time": (
        "a.html",
        """
        <table><caption>Dates</caption>
        <tr><th>Day</th><th>What</th></tr>
        <tr><td rowspan="2"><time datetime="2025-05-10">Saturday</time></td><td>Opening</td></tr>
        <tr><td><del>Dinner</del></td></tr>
        <tr style="display: none"><td>x</td><td>y</td></tr></table>
        """,
        """
        table Dates
          * Day | What
          Saturday (@2025-05-10)<2x1> | Opening
          Dinner (struck)
          x (hidden) | y (hidden)
        """,
    ),
    "HTML: siblings of one look are items, definition lists pairs": (
        "a.html",
        """
        <div><div class="c"><b>3 May</b><p>Opening</p></div><div class="c"><b>4 May</b><p>Talks</p></div>
        <div class="c"><b>5 May</b><p>Closing</p></div></div><dl><dt>Place</dt><dd>Basel</dd></dl>
        """,
        """
        - 3 May
          p Opening
        - 4 May
          p Talks
        - 5 May
          p Closing
        Place = Basel
        """,
    ),
    "HTML: events that it states": (
        "a.html",
        """
        <script type="application/ld+json">{"@type": "MusicEvent", "name": "Jazz", "startDate": "2025-05-10T20:00",
        "location": {"name": "Hall", "address": {"addressLocality": "Basel"}},
        "eventStatus": "https://schema.org/EventCancelled"}</script>
        <div class="h-event"><span class="p-name">Walk</span>
        <time class="dt-start" datetime="2025-06-01">1 June</time></div>
        """,
        """
        - Walk 1 June (@2025-06-01) !Walk: 2025-06-01
        note Jazz !Jazz: 2025-05-10 20:00:00 at Hall, Basel cancelled
        """,
    ),
    "RST: sections, fields, a table in CSV, unknown directives and roles": (
        "a.rst",
        """
        Termine
        =======

        :Ort: Bern

        .. csv-table::
           :header: "Datum", "Wer"

           "2019-02-07", "D. A."

        .. event:: Talk
           :date: 3 May

           In the :room:`hall <h1>`, see :download:`notes <a.txt>`.

        .. include:: /etc/passwd
        """,
        """
        # Termine
          Ort = Bern
          table
            * Datum | Wer
            2019-02-07 | D. A.
          p Talk
          date = 3 May
          p In the hall, see notes.
          furniture /etc/passwd
        """,
    ),
    "RST: a grid with spans, a list table, a line block": (
        "a.rst",
        """
        +-----+-------+
        | Day | What  |
        +=====+=======+
        | 3   | Talk  |
        +     +-------+
        |     | Lunch |
        +-----+-------+

        .. list-table:: Dates

           * - 4 May
             - Walk

        | 5 May
        | Closing
        """,
        """
        table
          * Day | What
          3<2x1> | Talk
          Lunch
        table Dates
          4 May | Walk
        p 5 May / Closing
        """,
    ),
    "AsciiDoc: attributes, lists with attached blocks, terms": (
        "a.adoc",
        """
        = Plan
        :place: Basel

        == Dates

        * *3 May*: opening in {place}
        +
        with https://example.org[music] +
        and wine
        ** doors at [line-through]#six# seven
        . first

        Venue:: Town hall
        """,
        """
        # Plan
          # Dates
            - 3 May: opening in Basel
              p with music / and wine
              - doors at six seven (struck:six)
                1. first
            Venue = Town hall
        """,
    ),
    "AsciiDoc: a table with spans over its columns": (
        "a.adoc",
        """
        [cols="1,2",options="header"]
        |===
        | Time | What
        2+| Tuesday 5 May
        | 9:00
        a| Opening +
        _in the hall_
        .2+| 10:00 | Talk
        | Walk
        |===
        """,
        """
        table
          * Time | What
          Tuesday 5 May<1x2>
          9:00 | Opening / in the hall
          10:00<2x1> | Talk
          Walk
        """,
    ),
    "iCalendar: days with their last one included, a cancelled one, a recurrence as its days": (
        "a.ics",
        """
        BEGIN:VCALENDAR
        X-WR-CALNAME:Fair
        BEGIN:VEVENT
        UID:1
        SUMMARY:Opening
        DTSTART;VALUE=DATE:20250510
        DTEND;VALUE=DATE:20250512
        LOCATION:Basel
        STATUS:CANCELLED
        END:VEVENT
        BEGIN:VEVENT
        UID:2
        SUMMARY:Talk
        DTSTART:20250601T180000Z
        DURATION:PT1H
        RRULE:FREQ=WEEKLY;COUNT=2
        END:VEVENT
        END:VCALENDAR
        """,
        """
        - Opening !Opening: 2025-05-10 to 2025-05-11 at Basel cancelled
          DTSTART = 2025-05-10
          DTEND = 2025-05-12
          LOCATION = Basel
        - Talk !Talk: 2025-06-01 18:00:00+00:00 to 2025-06-01 19:00:00+00:00
          DTSTART = 2025-06-01 18:00+00:00
          DTEND = 2025-06-01 19:00+00:00
          RRULE = FREQ=WEEKLY;COUNT=2
        - Talk !Talk: 2025-06-08 18:00:00+00:00 to 2025-06-08 19:00:00+00:00
          DTSTART = 2025-06-08 18:00+00:00
          DTEND = 2025-06-08 19:00+00:00
          RRULE = FREQ=WEEKLY;COUNT=2
        """,
    ),
    "E-mail: headers, the text in HTML, an attachment left": (
        "a.eml",
        """
        From: A <a@example.org>
        Subject: =?utf-8?q?Programm_M=C3=A4rz?=
        Date: Mon, 3 Mar 2025 10:00:00 +0100
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: multipart/alternative; boundary=y

        --y
        Content-Type: text/plain

        plain
        --y
        Content-Type: text/html; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        <p>Am 5. M=E4rz</p>
        --y--
        --x
        Content-Type: application/pdf
        Content-Disposition: attachment; filename=a.pdf

        x
        --x--
        """,
        """
        note Subject = Programm März
        note Date = Mon, 3 Mar 2025 10:00:00 +0100
        note From = A <a@example.org>
        p Am 5. März
        """,
    ),
    "CSV: semicolons, quoted line breaks, lines above the header": (
        "a.csv",
        """
        Programme of 2025;;
        Date;Event;Place
        3 May;"Opening
        of the fair";Basel
        4 May;Talks; "Bern"
        """,
        """
        p Programme of 2025
        table
          * Date | Event | Place
          3 May | Opening / of the fair | Basel
          4 May | Talks | Bern
        """,
    ),
    "Plain text: dates at the right edge, after leaders or a gap": (
        "a.txt",
        """
        Publication of the model law                 December 2014
        Consultations in member states .................. 2014-2015

        Opening in the hall                         3 May 2015
        Walk to the lake                       14 January 2015
        """,
        """
        table
          Publication of the model law | December 2014
          Consultations in member states | 2014-2015
          Opening in the hall | 3 May 2015
          Walk to the lake | 14 January 2015
        """,
    ),
    "Plain text: wrapped lines, bullets, an underlined heading, aligned columns": (
        "a.txt",
        """
        Programme
        =========

        The meetings of the society are open to every-
        body who wishes to come.

        * Opening of the exhibition in the old
          town hall
        * Talk

        Day        What           Where
        3 May      Opening        Basel
        4 May      Talks          Bern
        """,
        """
        # Programme
          p The meetings of the society are open to everybody who wishes to come.
          - Opening of the exhibition in the old town hall
          - Talk
          table
            * Day | What | Where
            3 May | Opening | Basel
            4 May | Talks | Bern
        """,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_document_is_read_as_a_careful_reader_sees_it(case: tuple[str, str, str]) -> None:
    name, text, expected = case
    assert drawn(text, name) == tree_of(expected)
