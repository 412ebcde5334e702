"""Layouts of tables, one a case: what is read in them, by title and days. The documents are invented."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.documents import read_tree
from calfeed.extract import survey
from calfeed.model import Entry

# A day's hours at the left, its days in the first row, which nothing marks as a head.
SESSIONS = b"""<table><tr><td></td><td>Monday<br>June 2</td><td>Tuesday<br>June 3</td><td>Wednesday<br>June 4</td></tr>
<tr><td>9:00 - 10:00</td><td>Soil maps</td><td>River maps</td><td>Coast maps</td></tr>
<tr><td>10:30 - 11:30</td><td>Plenary lecture</td><td>No session</td><td>Closing round</td></tr></table>"""

# The sheets of a wall calendar, one under the other, with a list beside each.
WALL = b"""<h1>Calendar 2014</h1><table>
<tr><td colspan=7>March</td><td>Dates</td></tr>
<tr><td>M</td><td>T</td><td>W</td><td>T</td><td>F</td><td>S</td><td>S</td><td></td></tr>
<tr><td></td><td></td><td></td><td></td><td></td><td>1</td><td>2</td><td>10 - Town fair</td></tr>
<tr><td>3</td><td>4</td><td>5 Choir concert</td><td>6</td><td>7</td><td>8</td><td>9</td><td></td></tr>
<tr><td>10</td><td>11</td><td>12</td><td>13</td><td>14</td><td>15</td><td>16</td><td></td></tr>
<tr><td>17</td><td>18</td><td>19</td><td>20</td><td>21</td><td>22</td><td>23</td><td></td></tr>
<tr><td colspan=7>April</td><td>Dates</td></tr>
<tr><td>M</td><td>T</td><td>W</td><td>T</td><td>F</td><td>S</td><td>S</td><td></td></tr>
<tr><td></td><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td><td>6</td><td>12/04 - Book sale</td></tr>
<tr><td>7</td><td>8</td><td>9</td><td>10</td><td>11</td><td>12</td><td>13</td><td></td></tr>
<tr><td>14</td><td>15</td><td>16</td><td>17</td><td>18</td><td>19</td><td>20</td><td></td></tr>
</table>"""

CASES = {
    "first and last days in two columns, heads without accents": (
        "calendario.csv",
        b"MES,INICIO,TERMINO,ACTIVIDAD\nENERO,2014-01-06,2014-01-17,Inscripcion de cursos\n"
        b"ENERO,2014-01-20,,Inicio de clases\nMARZO,2014-03-03,2014-04-04,Semanas de examenes\n",
        {
            ("Inscripcion de cursos", "2014-01-06..2014-01-17"),
            ("Inicio de clases", "2014-01-20..2014-01-20"),
            ("Semanas de examenes", "2014-03-03..2014-04-04"),
        },
    ),
    "months before days, told by one row of a column": (
        "club 2014.csv",
        b"Date,Programme\n6/5,Garden walk\n6/12,Museum day\n6/26,Summer dinner\n7/3,Boat tour\n",
        {
            ("Garden walk", "2014-06-05..2014-06-05"),
            ("Museum day", "2014-06-12..2014-06-12"),
            ("Summer dinner", "2014-06-26..2014-06-26"),
            ("Boat tour", "2014-07-03..2014-07-03"),
        },
    ),
    "fixtures: the two sides are the title": (
        "spiele 2014.csv",
        "Datum,Uhrzeit,Heim,Gast\n03.05.2014,15:00,Adler,Bären\n10.05.2014,17:00,Bären,Wölfe\n".encode(),
        {("Adler - Bären", "2014-05-03..2014-05-03"), ("Bären - Wölfe", "2014-05-10..2014-05-10")},
    ),
    "days as heads that nothing marks, hours as rows": (
        "school 2014.html",
        SESSIONS,
        {
            ("Soil maps", "2014-06-02..2014-06-02"),
            ("River maps", "2014-06-03..2014-06-03"),
            ("Coast maps", "2014-06-04..2014-06-04"),
            ("Plenary lecture", "2014-06-02..2014-06-02"),
            ("Closing round", "2014-06-04..2014-06-04"),
        },
    ),
    "wall calendars: a number is no event, what stands beside it is": (
        "wall.html",
        WALL,
        {
            ("Choir concert", "2014-03-05..2014-03-05"),
            ("Town fair", "2014-03-10..2014-03-10"),
            ("Book sale", "2014-04-12..2014-04-12"),
        },
    ),
    "weeks as rows, weekdays as columns, deadlines beside them": (
        "course.md",
        b"# Course, autumn 2014\n\n| Week | Dates | Tuesday | Thursday | Assignments |\n|---|---|---|---|---|\n"
        b"| 1 | Sep. 2, 4 | Introduction | Sampling | Essay 1 - due Sep. 11 |\n"
        b"| 2 | Sep. 9, 11 | Regression | No class | Essay 2 - due Sep. 16 |\n",
        {
            ("Introduction", "2014-09-02..2014-09-02"),
            ("Sampling", "2014-09-04..2014-09-04"),
            ("Regression", "2014-09-09..2014-09-09"),
            ("Essay 1", "..2014-09-11"),
            ("Essay 2", "..2014-09-16"),
        },
    ),
    "months as columns, marks beside each other": (
        "plan.md",
        b"# Work plan 2014\n\n| Activity | January | February | March | April |\n|---|---|---|---|---|\n"
        b"| Baseline survey | x | x | | |\n| Training | | | x | |\n| Review | | | | x |\n",
        {
            ("Baseline survey", "2014-01-01..2014-02-28"),
            ("Training", "2014-03-01..2014-03-31"),
            ("Review", "2014-04-01..2014-04-30"),
        },
    ),
    "days that run into the next month": (
        "salidas.md",
        b"# Salidas 2014\n\n## Abril\n\n| Dia | Evento |\n|---|---|\n| 6 | Ruta del norte |\n| 28-1 | Viaje |\n",
        {("Ruta del norte", "2014-04-06..2014-04-06"), ("Viaje", "2014-04-28..2014-05-01")},
    ),
}


def read(name: str, content: bytes) -> tuple[Entry, ...]:
    tree = read_tree(content, source=name, name=name)
    return survey(tree, {}, reference=date(2014, 1, 2)).entries


def told(entry: Entry) -> tuple[str, str]:
    assert entry.found is not None
    periods = entry.found.readings[0].periods if entry.found.readings else ()
    days = ", ".join(f"{period.start or ''}..{period.end or ''}" for period in periods)
    return entry.title or entry.text, days


@pytest.mark.parametrize("layout", CASES)
def test_a_layout_is_read(layout: str) -> None:
    name, content, wanted = CASES[layout]
    assert {told(entry) for entry in read(name, content)} == wanted


def test_a_code_stands_for_what_another_table_says_of_it() -> None:
    content = (
        b"# Cup 2014\n\n| code | name |\n|---|---|\n| eh | East Hall |\n| wh | West Hall |\n\n"
        b"| Date | Title | Venue |\n|---|---|---|\n| 3 May 2014 | Opening game | eh |\n| 4 May 2014 | Final | wh |\n"
    )
    assert [entry.place for entry in read("cup.md", content)] == ["East Hall", "West Hall"]
