"""`calfeed user`: the accounts of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from calfeed.cli import settings_of

if TYPE_CHECKING:
    from calfeed.desk.people import Accounts, Role

ROLES = ("reader", "editor", "publisher", "administrator")


@click.group(short_help="Give and take the desk's accounts.")
def command() -> None:
    """Who may use the desk, and what they may do there: a reader looks, an editor changes the draft, a publisher
    publishes, an administrator gives accounts."""


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="editor", show_default=True)
@click.password_option(help="Asked for where it is not given.")
@click.pass_context
def add(ctx: click.Context, name: str, role: str, password: str) -> None:
    """Give NAME an account."""
    _accounts(ctx).add(name, _role(role), password)
    click.echo(f"{name} may use the desk as {role}.")


@command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_context
def role_of(ctx: click.Context, name: str, role: str) -> None:
    """Give NAME another role; they sign in again."""
    _accounts(ctx).change(name, role=_role(role))
    click.echo(f"{name} is {role} now.")


@command.command("password")
@click.argument("name")
@click.password_option()
@click.pass_context
def password_of(ctx: click.Context, name: str, password: str) -> None:
    """Give NAME another password; they sign in again."""
    _accounts(ctx).change(name, password=password)
    click.echo(f"{name} has another password now.")


@command.command("remove")
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Take NAME's account away."""
    _accounts(ctx).remove(name)
    click.echo(f"{name} has no account any more.")


@command.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """Name all accounts with their roles."""
    accounts = _accounts(ctx).all()
    for account in accounts:
        click.echo(f"{account.name}  {account.role}")
    if not accounts:
        click.echo("There are no accounts.")


def _accounts(ctx: click.Context) -> Accounts:
    from calfeed.desk.people import Accounts
    from calfeed.web.mistakes import FOLDER

    return Accounts(settings_of(ctx).state_path / FOLDER)


def _role(name: str) -> Role:
    from calfeed.desk.people import Role

    return Role.named(name)
