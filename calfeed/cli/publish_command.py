"""calfeed publish: put the built generation into another folder, such as a web server's."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli import settings_of


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Put what `calfeed build` made into FOLDER as well, whole and at once.

    Every file is checked first. Readers of FOLDER see the old generation or the new one, never a mix of both; the old
    one stays beside it.
    """
    from calfeed.publish import load, publish, repair

    generation = load(settings_of(ctx).feeds_path)
    for sentence in repair(folder):
        click.echo(sentence, err=True)
    changed = publish(generation, folder)
    did = "published to" if changed else "unchanged in"
    click.echo(f"{len(generation.files)} files, generation {generation.id}, {did} {folder}")
