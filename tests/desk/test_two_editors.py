"""Two editors at once: no update is lost, whatever the order in which they load and save."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.desk import create_desk
from tests.desk.desks import TOKEN, Visitor, imported, uid_of

FIELDS = ("title", "place", "note")
# Who does it, what they do, and to which field.
STEPS = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(("load", "save")), st.sampled_from(FIELDS)), max_size=12
)


def two(folder: Path) -> tuple[object, str, dict[str, Visitor]]:
    desk, _anna = imported(folder)
    editors = {}
    for name in "AB":
        app = create_desk(desk.settings, token=TOKEN, local=name, desk=desk)
        editors[name] = Visitor(app.test_client())
        editors[name].get(f"/enter?token={TOKEN}")
    return desk, uid_of(desk, "customs"), editors


def test_the_second_sees_what_changed_and_merges(tmp_path: Path) -> None:
    desk, uid, editors = two(tmp_path)
    forms = {name: editors[name].form(uid) for name in "AB"}
    assert editors["A"].post(f"/events/{uid}", forms["A"] | {"title": "By A"}).status_code == 303
    # Another field: both stand.
    assert editors["B"].post(f"/events/{uid}", forms["B"] | {"place": "Nairobi"}).status_code == 303
    event = desk.event(uid)  # type: ignore[attr-defined]
    assert (event.title, event.place) == ("By A", "Nairobi")
    # The same field: nothing is written, and the page tells both.
    answer = editors["B"].post(f"/events/{uid}", forms["B"] | {"title": "By B"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "By A" in page and 'value="By B"' in page
    assert desk.event(uid).title == "By A"  # type: ignore[attr-defined]


@settings(max_examples=6, deadline=None)
@given(STEPS)
def test_no_update_is_lost_in_any_order(steps: list[tuple[str, str, str]]) -> None:
    no_update_is_lost(steps)


def no_update_is_lost(steps: list[tuple[str, str, str]]) -> None:
    """Play the steps, and compare what stands there with what whoever saw the newest value wrote last."""
    with TemporaryDirectory() as folder:
        desk, uid, editors = two(Path(folder))
        forms = {name: editors[name].form(uid) for name in "AB"}
        seen = {name: dict.fromkeys(FIELDS, 0) for name in "AB"}
        truth = {field: str(forms["A"][field]) for field in FIELDS}
        version = dict.fromkeys(FIELDS, 0)
        for number, (name, what, field) in enumerate(steps):
            if what == "load":
                forms[name] = editors[name].form(uid)
                seen[name] = dict(version)
                continue
            mine = f"{name}{number}"
            answer = editors[name].post(f"/events/{uid}", forms[name] | {field: mine})
            # Whoever saw the newest value of the field may change it; whoever did not is told.
            expected = 303 if seen[name][field] == version[field] else 409
            assert answer.status_code == expected
            if expected == 303:
                truth[field] = mine
                version[field] += 1
        event = desk.event(uid)  # type: ignore[attr-defined]
        assert {field: getattr(event, field) or "" for field in FIELDS} == truth
