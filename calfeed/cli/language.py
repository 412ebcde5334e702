"""The option --lang: a language that dates are read in."""

from __future__ import annotations

import click

from calfeed.dates.vocabulary import LANGUAGES


class Language(click.ParamType[str]):
    """A BCP 47 tag whose language calfeed reads: "en", "fr", "en-GB"."""

    name = "tag"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The tag as it was given; click's error names the languages that are read."""
        if value.replace("_", "-").partition("-")[0].lower() not in LANGUAGES:
            self.fail(f"dates are not read in {value!r}; they are in {', '.join(LANGUAGES)}.", param, ctx)
        return value
