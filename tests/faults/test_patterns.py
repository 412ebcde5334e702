"""No regular expression of calfeed takes exponential time, whatever text it meets: proven for each of them.

A backtracking matcher is exponential where one state of the pattern's automaton can be left and reached again by one
word in two ways (Weideman and others, Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers,
2016). That is a walk in the product of the automaton with itself, so it is decided, not tried. All patterns are looked
at that exist once calfeed's modules are imported: also those that are made from tables.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import calfeed

# Letters by which sets are told apart: one for each kind that the patterns speak of, and those that they name.
KINDS = "aZéж漢5٣_- \t\n\u00a0.,;:/()[]–+'\"#|*=~?!@&%$§"
MOST_STATES = 4_000


class Automaton:
    """Thompson's automaton of a pattern: `steps` are (set of letters, next state), `free` steps take no letter."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.flags = pattern.flags
        self.steps: list[list[tuple[Any, int]]] = []
        self.free: list[list[int]] = []
        self.named: set[int] = set()
        self.start = self.state()
        self.end = self.sequence(parser.parse(pattern.pattern, pattern.flags), self.start)

    def state(self) -> int:
        self.steps.append([])
        self.free.append([])
        return len(self.free) - 1

    def sequence(self, parts: Any, at: int) -> int:
        for code, argument in parts:
            at = self.part(code, argument, at)
        return at

    def part(self, code: Any, argument: Any, at: int) -> int:
        if code in (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN):
            after = self.state()
            self.steps[at].append(((code, argument), after))
            self.name(code, argument)
            return after
        if code is codes.SUBPATTERN:
            return self.sequence(argument[-1], at)
        if code is codes.BRANCH:
            after = self.state()
            for branch in argument[1]:
                first = self.state()
                self.free[at].append(first)
                self.free[self.sequence(branch, first)].append(after)
            return after
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            return self.repeat(*argument, at)
        # Possessive and atomic parts never go back, so they are one step; assertions take no letter.
        if code in (codes.ATOMIC_GROUP, codes.POSSESSIVE_REPEAT):
            return self.sequence(argument if code is codes.ATOMIC_GROUP else argument[-1], at)
        return at

    def repeat(self, least: int, most: Any, body: Any, at: int) -> int:
        """A bounded number of times stands for few: what is exponential then is bounded as well."""
        for _ in range(min(least, 2)):
            at = self.sequence(body, at)
        if most is not codes.MAXREPEAT:
            after = self.state()
            self.free[at].append(after)
            for _ in range(min(most - least, 2)):
                at = self.sequence(body, at)
                self.free[at].append(after)
            return after
        loop = self.state()
        self.free[at].append(loop)
        self.free[self.sequence(body, loop)].append(loop)
        after = self.state()
        self.free[loop].append(after)
        return after

    def name(self, code: Any, argument: Any) -> None:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            self.named.add(argument)
        elif code is codes.IN:
            for kind, value in argument:
                if kind is codes.LITERAL:
                    self.named.add(value)
                elif kind is codes.RANGE:
                    self.named.update(value)

    def moves(self) -> list[list[tuple[frozenset[int], int]]]:
        """From each state, the letters that lead on and where to, without free steps. One way is listed as often as it
        can be taken: two free ways to the same step are two ways."""
        letters = sorted({*map(ord, KINDS), *self.named})
        known: dict[str, frozenset[int]] = {}

        def taken(step: Any) -> frozenset[int]:
            if repr(step) not in known:
                compiled = parser.SubPattern(parser.State(), [step])
                compiled.state.flags = self.flags
                matches = re._compiler.compile(compiled, self.flags & ~re.DEBUG).fullmatch  # type: ignore[attr-defined]
                known[repr(step)] = frozenset(letter for letter in letters if matches(chr(letter)))
            return known[repr(step)]

        found = []
        for state in range(len(self.free)):
            ways: list[tuple[frozenset[int], int]] = []
            for reached in self.reached(state):
                ways += [(taken(step), after) for step, after in self.steps[reached]]
            found.append(ways)
        return found

    def reached(self, state: int) -> list[int]:
        """The states that free steps lead to, twice those that they lead to in two ways."""
        seen, waiting = {state: 1}, [state]
        while waiting:
            for after in self.free[waiting.pop()]:
                if after not in seen:
                    waiting.append(after)
                seen[after] = seen.get(after, 0) + 1
        double = [one for one, ways in seen.items() if ways > 1]
        waiting = list(double)
        while waiting:
            for after in self.free[waiting.pop()]:
                if after not in double:
                    double.append(after)
                    waiting.append(after)
        return [*seen, *double]


def is_exponential(pattern: re.Pattern[str]) -> bool:
    """Whether some state returns to itself by one word in two ways."""
    automaton = Automaton(pattern)
    moves = automaton.moves()
    live = [state for state in range(len(moves)) if any(after for _, after in moves[state])]
    cycle = {state for state in live if state in _after(moves, {after for _, after in moves[state]})}
    return any(_twice(moves, state, cycle) for state in cycle)


def _after(moves: list[list[tuple[frozenset[int], int]]], begin: set[int]) -> set[int]:
    seen, waiting = set(begin), list(begin)
    while waiting:
        for letters, after in moves[waiting.pop()]:
            if letters and after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def _twice(moves: list[list[tuple[frozenset[int], int]]], state: int, cycle: set[int]) -> bool:
    """Whether a walk of two from (state, state) parts and comes back to it, both reading the same word."""
    begin = (state, state, False)
    seen, waiting = {begin}, [begin]
    while waiting:
        one, other, parted = waiting.pop()
        for at, (letters, first) in enumerate(moves[one]):
            for also, (others, second) in enumerate(moves[other]):
                if first not in cycle or second not in cycle or not letters & others:
                    continue
                apart = parted or (one == other and at != also) or first != second
                if apart and first == second == state:
                    return True
                following = (first, second, apart)
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
    return False


def patterns() -> list[re.Pattern[str]]:
    """All patterns of text that calfeed's modules make when they are imported."""
    for module in pkgutil.walk_packages(calfeed.__path__, "calfeed."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from datetime import date

    from calfeed.dates.context import Context
    from calfeed.dates.find import find

    for lang in ("en", "fr", "es", "de", "pt", "it", "ar", "ru", "zh"):
        find("12-14 May 2014", Context(reference=date(2014, 1, 1), lang=lang))
    found: dict[tuple[str, int], re.Pattern[str]] = {}
    for name, module in list(__import__("sys").modules.items()):
        if name.startswith("calfeed"):
            for value in list(vars(module).values()):
                _collect(value, found, 3)
    return list(found.values())


def _collect(value: Any, found: dict[tuple[str, int], re.Pattern[str]], depth: int) -> None:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            found[value.pattern, value.flags] = value
    elif depth and isinstance(value, dict):
        for inner in value.values():
            _collect(inner, found, depth - 1)
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            _collect(inner, found, depth - 1)


@pytest.mark.parametrize("planted", [r"(a+)+b", r"(?:ab|\wb)*c", r"(?:\w+\s?)*$", r"((a*)*)*c", r"(?:a?b?)*c"])
def test_the_proof_finds_what_is_exponential(planted: str) -> None:
    assert is_exponential(re.compile(planted))


@pytest.mark.parametrize("sound", [r"a+b", r"(?:ab+)*c", r"(?:\w+\s)*$", r"(?:a|b)*c", r"\d{1,2}(?:-\d{1,2})*"])
def test_the_proof_lets_pass_what_is_not(sound: str) -> None:
    assert not is_exponential(re.compile(sound))


def test_no_pattern_of_calfeed_is_exponential() -> None:
    found = patterns()
    assert len(found) > 150
    bad = [pattern.pattern[:200] for pattern in found if len(pattern.pattern) < 20_000 and is_exponential(pattern)]
    assert bad == []
