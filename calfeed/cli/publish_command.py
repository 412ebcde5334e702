"""calfeed publish: put the built generation into another folder, or bring all targets of calfeed.toml to it."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli import settings_of
from calfeed.settings import Settings


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--configuration",
    type=click.Choice(["nginx", "caddy"]),
    help="Print what this server must include to serve FOLDER; publish nothing.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path | None, configuration: str | None) -> None:
    """Put what `calfeed build` made into FOLDER as well, or without one into every target of calfeed.toml.

    Every file is checked first. Readers see the old generation or the new one, never a mix of both; the old one stays
    beside it. A target that fails keeps what it has and stops no other; the exit status is then 1.
    """
    from calfeed.publish import load, publish, repair
    from calfeed.publish.web_folder import configuration as included

    if configuration:
        if folder is None:
            raise click.UsageError("--configuration needs the FOLDER that is to be served.")
        click.echo(included(configuration, folder.resolve()), nl=False)
        return
    settings = settings_of(ctx)
    if folder is None:
        ctx.exit(_to_targets(settings))
    generation = load(settings.feeds_path)
    for sentence in repair(folder):
        click.echo(sentence, err=True)
    changed = publish(generation, folder)
    did = "published to" if changed else "unchanged in"
    click.echo(f"{len(generation.files)} files, generation {generation.id}, {did} {folder}")


def _to_targets(settings: Settings) -> int:
    """Publish to all targets, and say how each fares; the exit status."""
    from calfeed import store
    from calfeed.cli.differences import utc_now
    from calfeed.publish.targets import publish_to_targets

    if not settings.targets:
        raise click.UsageError("name a FOLDER, or write [[targets]] in calfeed.toml.")
    published = store.published(settings.feeds_path, settings.state_path)
    catalogue = published or store.load(settings.catalogue_path).catalogue
    statuses = publish_to_targets(settings, catalogue, now=utc_now())
    for name, status in statuses.items():
        click.echo(f"{name}: {status.message or f'generation {status.generation}'}", err=bool(status.message))
    return int(any(status.message for status in statuses.values()))
