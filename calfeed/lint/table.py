"""The table of rules, and the run over them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from calfeed.lint.stream import Stream


class Severity(StrEnum):
    """An error loses or damages events in some program, or breaks the RFC; a warning shows them badly."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of rules.toml. `what` has {placeholders} that a finding fills; `why` ends with its source."""

    id: str
    severity: Severity
    what: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect: the rule's id, the line (from 1) where it begins, what is wrong there, and what to do.

    `name` is what the caller called the input.
    """

    rule: str
    line: int
    severity: Severity
    what: str
    mend: str
    name: str = ""

    def __str__(self) -> str:
        place = f"{self.name}:{self.line}" if self.name else f"{self.line}"
        return f"{place}: {self.severity} {self.rule}: {self.what} {self.mend}"


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule's function yields: a line, and the words that fill the rule's sentence."""

    line: int
    words: dict[str, object]


Check = Callable[[Stream], Iterator[Hit]]

_CHECKS: dict[str, Check] = {}


def _read_rules() -> dict[str, Rule]:
    table = tomllib.loads(resources.files("calfeed.lint").joinpath("rules.toml").read_text("utf-8"))
    return {
        name: Rule(name, Severity(row["severity"]), row["what"], row["why"], row["mend"]) for name, row in table.items()
    }


RULES = _read_rules()


def hit(line: int, **words: object) -> Hit:
    return Hit(line, words)


def counted(number: int, noun: str) -> str:
    """As in "1 event" and "2 events"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def check(rule: str) -> Callable[[Check], Check]:
    """Make a function the check of `rule`, which stands in rules.toml."""

    def register(function: Check) -> Check:
        if rule not in RULES or rule in _CHECKS:
            raise ValueError(f"{rule} is no rule of rules.toml, or has two checks")
        _CHECKS[rule] = function
        return function

    return register


def checked_rules() -> frozenset[str]:
    """The ids that have a check."""
    return frozenset(_CHECKS)


def lint(content: bytes, *, name: str = "") -> tuple[Finding, ...]:
    """The defects of an iCalendar file, in the order of its lines; none for a file that every program reads well.

    `content` is the whole file as it is served, `name` what findings shall call it. Never raises.
    """
    stream = Stream(content)
    # A web page or an empty file has every defect there is; saying so once is of more use.
    names = _CHECKS if stream.calendars else ("not-a-calendar",)
    found = [_finding(RULES[rule], each, name) for rule in names for each in _CHECKS[rule](stream)]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.rule)))


def _finding(rule: Rule, each: Hit, name: str) -> Finding:
    words = {key: _printable(word) for key, word in each.words.items()}
    return Finding(rule.id, each.line, rule.severity, rule.what.format(**words), rule.mend.format(**words), name)


def _printable(word: object) -> str:
    """A word from the file, short and without characters that would act on a terminal."""
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(word))
    return text if len(text) <= 60 else f"{text[:59]}…"
