"""Who follows README and docs/ to the letter, in an empty folder, sees what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from calfeed.cli import COMMANDS
from tests.acceptance.told import ROOT, Reader, fits, steps

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TYPED = [page for page in PAGES if any(step.command for step in steps(page.read_text("utf-8")))]


@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.name)
def test_every_command_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for step in steps(page.read_text("utf-8")):
        seen = reader.does(step)
        assert fits(step.lines, seen), f"{page.name}, line {step.line}: {step.command}\n" + "\n".join(seen)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^    (?:\$ )?|`)calfeed ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^    (?:\$ )?|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_the_docs_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
