"""A linter for any .ics file: what its bytes and its meaning do to the programs that subscribe to it.

In: bytes. Out: findings with line, rule and mend. It knows nothing of calfeed's own feeds, reads nothing else, and
never raises. The rules are the table `rules.toml`; each has one function here and one defect in the tests.
"""

from calfeed.lint import calendars, events, octets, texts
from calfeed.lint.table import RULES, Finding, Rule, Severity, lint

__all__ = ["RULES", "Finding", "Rule", "Severity", "calendars", "events", "lint", "octets", "texts"]
