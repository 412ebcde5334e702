"""The commands with an assistant, from a document to the catalogue; and what real answers to real documents may do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from calfeed.assistant import merge, read_answer
from calfeed.assistant.words import words_of
from calfeed.cli import main
from calfeed.documents import read_tree
from calfeed.extract import read_weights, survey
from tests.assistant.server import model_server
from tests.needs import shared

HERE = Path(__file__).parent
ANSWERS = (HERE / "answers.json").read_text("utf-8")


@pytest.mark.parametrize("trusting", [False, True])
def test_a_recorded_answer_is_read_beside_the_document(trusting: bool) -> None:
    command = ["entries", str(HERE / "programme.md"), "--json", "--reference", "2027-01-01", "--assistant-answers"]
    done = CliRunner().invoke(
        main, [*command, str(HERE / "answers.json"), *(["--trusting"] if trusting else [])], catch_exceptions=False
    )
    entries = json.loads(done.stdout)
    accepted = {one["title"] for one in entries if not one["suggested"]}
    assert {"Ropes and knots", "The lighthouse keepers", "Charts before the compass"} <= accepted
    assert ("Brass band on the quay" in accepted) is trusting
    assert not any("1951" in one["text"] for one in entries if not one["suggested"])
    assert {one["proposed"] for one in entries if "1951" in one["text"]} <= {None, "2027-06-02..2027-06-02"}
    assert "1 are not in the document" in done.stderr


def test_import_asks_once_and_publishes_only_what_stands_in_the_document(tmp_path: Path) -> None:
    (tmp_path / "programme.md").write_bytes((HERE / "programme.md").read_bytes())
    with model_server(lambda _: ANSWERS) as model:
        (tmp_path / "calfeed.toml").write_text(
            f"""
            [site]
            name = "Harbour museum"
            [[sources]]
            id = "museum"
            title = "Programme"
            path = "programme.md"
            published = 2027-01-01
            [assistant]
            url = "{model.url}"
            model = "m"
            private = true
            trusting = true
            """
        )
        settings = ["--settings", str(tmp_path / "calfeed.toml")]
        first = CliRunner().invoke(main, [*settings, "import", "--yes", "--assistant"], catch_exceptions=False)
        assert "was asked about 1 of 1 pages" in first.stderr
        # Without asking again, what was answered still counts: nothing of it is cancelled.
        again = CliRunner().invoke(main, [*settings, "import", "--yes"], catch_exceptions=False)
    assert first.exit_code == again.exit_code == 0
    assert len(model.asked) == 1
    assert "Nothing to change" in again.stdout
    stored = (tmp_path / "data" / "events.toml").read_text("utf-8")
    assert 'reader = "assistant"' in stored
    assert 'reader = "both"' in stored
    assert "sharp" not in stored


def test_an_assistant_is_asked_only_where_one_is_configured(tmp_path: Path) -> None:
    (tmp_path / "calfeed.toml").write_text('[site]\nname = "A"\n')
    done = CliRunner().invoke(main, ["--settings", str(tmp_path / "calfeed.toml"), "import", "--assistant"])
    assert done.exit_code == 1
    assert "no assistant is configured" in done.stderr


@pytest.mark.parametrize(
    "name", ["en/santa-fe-early-voting.html", "es/semana-museos.markdown", "de/trolug-termine.rst"]
)
def test_every_accepted_entry_has_words_of_the_document_and_days_that_calfeed_read(name: str) -> None:
    path = shared("documents", *name.split("/"))
    answer = read_answer(shared("documents", "answers", f"{path.stem}.json").read_bytes())
    tree = read_tree(path.read_bytes(), source=path.name, name=path.name)
    read = survey(tree, {}, reference=date(2019, 1, 1))
    merged = merge(read, answer, source="s", bar=read_weights(), trusting=True)
    written = " ".join(word for part in read.root.walk() for word, _, _ in words_of(part.text))
    known = {
        (period.start, period.end)
        for part in read.root.walk()
        for anchor in part.anchors
        for reading in anchor.found.readings
        for period in reading.periods
    } | {
        (period.start, period.end)
        for one in read.entries
        if one.found
        for reading in one.found.readings
        for period in reading.periods
    }
    accepted = [one for one in merged.entries if one.reader == "assistant" and not one.suggested]
    for one in accepted:
        assert all(f" {word} " in f" {written} " for word, _, _ in words_of(one.text))
        assert one.found and {(p.start, p.end) for p in one.found.readings[0].periods} <= known
