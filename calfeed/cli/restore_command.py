"""`calfeed restore`: a site from an archive that `calfeed backup` wrote."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Put the site of an archive into a folder.")
@click.argument("archive", metavar="ARCHIVE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="Replace the site that is there.")
def command(archive: Path, folder: Path, over: bool) -> None:
    """Check ARCHIVE as a whole, then put its files into DIR (default: this folder).

    Build the feeds afterwards. Subscribers see no event go back: revisions go on from what was published since.
    """
    from calfeed.backup import restore_backup

    names = restore_backup(archive, folder, over=over)
    click.echo(f"{len(names)} files restored to {folder}; next: calfeed build")
