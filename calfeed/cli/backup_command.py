"""`calfeed backup`: one checked archive of the site."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli import settings_of


@click.command(short_help="Write an archive of the site to a folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Write settings, catalogue, documents and what the service remembers to an archive in DIR, and read it back.

    The feeds are not in it: `calfeed build` makes them of the catalogue.

    \b
    calfeed backup /mnt/backup
    calfeed restore /mnt/backup/calfeed-20270101T000000Z.tar.gz
    """
    from calfeed.backup import write_backup
    from calfeed.cli.differences import utc_now

    target = write_backup(settings_of(ctx), folder, now=utc_now())
    click.echo(f"{target}: {target.stat().st_size:,} bytes, read back and whole.")
