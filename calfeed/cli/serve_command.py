"""calfeed serve: the public site."""

from __future__ import annotations

import click

from calfeed.cli import settings_of
from calfeed.errors import PublishError
from calfeed.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
@click.option("--no-refresh", is_flag=True, help="Serve what is published; read no source again.")
@click.pass_context
def command(ctx: click.Context, host: str, port: int, workers: int, no_refresh: bool) -> None:
    """Serve the feeds and the site, and read the sources again on schedule.

    Feeds that were never built are built first. What another process publishes is served a second later. Behind a
    proxy, tell site.url in calfeed.toml the public address: no header of a request can change it. As long as it is
    this machine's own, pages name the host and port that are listened on.
    """
    from calfeed.web.server import check_address, check_feed_addresses, reached_at, run

    settings = settings_of(ctx)
    check_address(host, port)
    _put_in_order(settings)
    check_feed_addresses(settings)
    _, doubt = reached_at(settings, host, port)
    if doubt:
        click.echo(f"calfeed: {doubt}", err=True)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Serving {settings.site.name} at http://{shown}:{port}/ (stop with Ctrl-C)")
    run(settings, host, port, workers, refresh=not no_refresh)


def _put_in_order(settings: Settings) -> None:
    """Tidy what a killed publisher left, and publish what was never published. A disk that cannot be written does not
    keep what is on it from being served."""
    from calfeed import store
    from calfeed.cli.differences import utc_now
    from calfeed.feeds import build
    from calfeed.publish import publish, repair
    from calfeed.store.disk import sweep

    try:
        folders = dict.fromkeys((settings.catalogue_path.parent, settings.state_path))
        left = [sentence for folder in folders for sentence in sweep(folder, precious=settings.catalogue_path)]
        for sentence in (*left, *repair(settings.feeds_path)):
            click.echo(sentence, err=True)
        if not settings.feeds_path.exists():
            catalogue = store.load(settings.catalogue_path, strict=False).catalogue
            generation = build(catalogue, settings, today=utc_now().date())
            publish(generation, settings.feeds_path)
            store.keep(catalogue, generation.id, settings.state_path)
    except PublishError as error:
        click.echo(f"calfeed: {error}", err=True)
