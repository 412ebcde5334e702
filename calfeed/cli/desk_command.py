"""`calfeed desk`: the editors' pages."""

from __future__ import annotations

import getpass

import click

from calfeed.cli import settings_of


@click.command(short_help="The editors' pages: documents, review, publishing.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65534), help="The port to listen on.")
@click.option("--name", metavar="NAME", help="Your name in the history (default: that of this account).")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.pass_context
def command(ctx: click.Context, host: str, port: int, name: str | None, open_browser: bool) -> None:
    """Look after the calendar in a browser: hand over documents, look at what was read, correct it, publish.

    On this machine alone the desk opens with the address that is printed, which holds a token. With `[desk] url` in
    calfeed.toml people sign in with the accounts of `calfeed user`. The preview is served on the next port.
    """
    from calfeed.desk.serving import run
    from calfeed.web.server import check_address

    settings = settings_of(ctx)
    for each in (port, port + 1):
        check_address(host, each)
    run(settings, host, port, name or _account(), say=click.echo, open_browser=open_browser)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "editor"
