"""`calfeed try`: paste a text or drop a file, see each date marked, take the calendar along."""

from __future__ import annotations

import click

from calfeed.cli import settings_of


@click.command(short_help="Paste a text or drop a file in a browser; nothing is kept.")
@click.option("--port", default=8099, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.pass_context
def command(ctx: click.Context, port: int, open_browser: bool) -> None:
    """A page on this machine that shows what calfeed reads in a text or file, with each date marked, and gives it as
    a calendar. It needs no settings, and keeps nothing."""
    from calfeed.desk.serving import run_try
    from calfeed.web.server import check_address

    check_address("127.0.0.1", port)
    run_try(settings_of(ctx, needed=False), port, say=click.echo, open_browser=open_browser)
