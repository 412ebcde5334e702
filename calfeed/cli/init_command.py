"""`calfeed init`: settings, folders and an example to start from."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

import click

from calfeed.errors import CalfeedError, Spot
from calfeed.settings import FILE_NAME

# What is written where, from the folder `starter` beside this module.
FILES = ((FILE_NAME, "calfeed.toml"), ("example.txt", "example.txt"))


@click.command(short_help="Make a folder with settings and an example programme.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write calfeed.toml and example.txt, a programme to try things on, to DIR (default: this folder).

    Nothing is overwritten, and nothing is published but what you import.

    \b
    calfeed init mycalendar
    cd mycalendar
    calfeed import example.txt && calfeed build && calfeed serve
    """
    for path in start(folder, date.today().year):
        click.echo(f"wrote {path}")
    where = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"Next: {where}calfeed entries example.txt, or your own document; then calfeed import it")


def start(folder: Path, year: int) -> list[Path]:
    """Write the starting files to `folder`, the example's dates from `year` on; the paths written.

    Raises CalfeedError where one of them is there already or cannot be written; then none is written.
    """
    present = next((folder / path for path, _ in FILES if (folder / path).exists()), None)
    if present is not None:
        raise CalfeedError(
            "this file is there already; nothing was written.",
            spot=Spot(present),
            mend="Choose another folder, or move the file away.",
        )
    written = []
    try:
        for path, template in FILES:
            text = resources.files("calfeed.cli").joinpath("starter", template).read_text("utf-8")
            if not template.endswith(".toml"):
                text = text.format(year=year, next=year + 1)
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(text)
            written.append(target)
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        raise CalfeedError(
            f"the folder cannot be written: {error.strerror}.", spot=Spot(folder), mend="Choose another folder."
        ) from error
    return written
