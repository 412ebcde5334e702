"""Rule 41 of feeds: the links, letter by letter."""

from datetime import date

from calfeed.web.subscribe import (
    Single,
    clients,
    google_event,
    outlook_event,
    too_long,
    webcal_address,
)

FEED = "https://calendar.example.org/feeds/custom.ics?convention=basel&q=a%20b"


def test_the_links_are_those_that_work() -> None:
    links = {client.id: client.link for client in clients(FEED, "Basel & more")}
    assert links == {
        "google": "https://calendar.google.com/calendar/u/0/r?cid=webcal%3A%2F%2Fcalendar.example.org%2Ffeeds%2F"
        "custom.ics%3Fconvention%3Dbasel%26q%3Da%2520b",
        "apple": "webcal://calendar.example.org/feeds/custom.ics?convention=basel&q=a%20b",
        "outlook": "https://outlook.live.com/calendar/0/addfromweb/?url=https%3A%2F%2Fcalendar.example.org%2Ffeeds%2F"
        "custom.ics%3Fconvention%3Dbasel%26q%3Da%2520b&name=Basel%20%26%20more",
        "microsoft365": "https://outlook.office.com/calendar/0/addfromweb/?url=https%3A%2F%2Fcalendar.example.org"
        "%2Ffeeds%2Fcustom.ics%3Fconvention%3Dbasel%26q%3Da%2520b&name=Basel%20%26%20more",
        "thunderbird": None,
    }


def test_microsoft_links_lead_nowhere_on_a_telephone() -> None:
    assert [client.id for client in clients(FEED, "x") if client.desktop_only] == ["outlook", "microsoft365"]


def test_webcal_takes_the_place_of_the_scheme_only() -> None:
    assert webcal_address("http://127.0.0.1:8000/feeds/http.ics") == "webcal://127.0.0.1:8000/feeds/http.ics"


def test_an_address_above_200_characters_is_too_long() -> None:
    assert not too_long("https://x/" + "y" * 190)
    assert too_long("https://x/" + "y" * 191)


EVENT = Single(
    title="A & B", first=date(2013, 7, 1), last=date(2013, 9, 30), details="some days\nwithin", place="Geneva, CH"
)


def test_a_copy_for_google_ends_on_the_day_after_the_last() -> None:
    assert google_event(EVENT) == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=A%20%26%20B&dates=20130701%2F20131001"
        "&details=some%20days%0Awithin&trp=false&location=Geneva%2C%20CH"
    )


def test_a_copy_for_outlook_ends_on_the_day_after_the_last() -> None:
    assert outlook_event(EVENT, "outlook.live.com") == (
        "https://outlook.live.com/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
        "&subject=A%20%26%20B&startdt=2013-07-01&enddt=2013-10-01&allday=true&body=some%20days%0Awithin"
        "&location=Geneva%2C%20CH"
    )


def test_the_last_day_of_all_has_no_day_after_it() -> None:
    assert "99991231%2F99991231" in google_event(Single(title="x", first=date.max, last=date.max, details=""))
