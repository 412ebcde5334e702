"""`calfeed fetch`: fetch the configured sources, and say what came."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from calfeed.cli import settings_of
from calfeed.errors import CalfeedError


@click.command(short_help="Fetch sources that have a URL, and say what came.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Keep the documents there.")
@click.pass_context
def command(ctx: click.Context, sources: tuple[str, ...], folder: Path | None) -> None:
    """Fetch each SOURCE (an id of calfeed.toml; default: all that have a URL). The catalogue stays as it is. A source
    that was left alone since it failed, and answers, is read again at the next refresh."""
    from calfeed.fetch import fetch
    from calfeed.status import take_up
    from calfeed.store import load
    from calfeed.store.disk import replace_file

    settings = settings_of(ctx)
    unknown = [name for name in sources if settings.source(name) is None]
    if unknown:
        raise CalfeedError(f"there is no source {unknown[0]!r} in calfeed.toml.")
    known = {edition.source: edition.digest for edition in load(settings.catalogue_path).catalogue.editions}
    problems: list[CalfeedError] = []
    for source in settings.sources:
        if source.id not in sources and (sources or source.url is None):
            continue
        try:
            fetched = fetch(source, Path(settings.folder))
        except CalfeedError as error:
            problems.append(error)
            continue
        take_up(source.id, settings.state_path)
        content = fetched.content or b""
        news = "as imported" if known.get(source.id) == hashlib.sha256(content).hexdigest() else "not imported yet"
        click.echo(f"{source.id}: {len(content):,} bytes, {fetched.media_type or 'no media type'}, {news}")
        if folder is not None:
            target = folder / f"{source.id}{Path(fetched.name).suffix}"
            try:
                replace_file(target, content)
            except OSError as error:
                raise CalfeedError(f"{target} cannot be written: {error.strerror}.") from error
    for problem in problems[:-1]:
        click.echo(f"calfeed: {problem}", err=True)
    if problems:
        raise problems[-1]
