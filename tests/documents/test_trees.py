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
