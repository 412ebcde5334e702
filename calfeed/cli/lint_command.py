"""calfeed lint: what is wrong with an .ics file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from calfeed.errors import CalfeedError, Spot
from calfeed.lint import RULES, Finding, Severity, lint
from calfeed.lint.table import counted


@click.command()
@click.argument("inputs", metavar="FILE|URL|-...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON array.")
@click.option("--rules", "list_rules", is_flag=True, help="Print what is looked for, and why.")
@click.option("--allow-loopback", is_flag=True, help="Let a URL be of this machine (127.0.0.1, ::1).")
def command(inputs: tuple[str, ...], as_json: bool, list_rules: bool, allow_loopback: bool) -> None:
    """Find what makes a calendar program misread an .ics FILE, a URL, or standard input (-).

    One line a finding: place, severity, rule, what is wrong, what to do. The exit status is 1 where there is an error.

    \b
    calfeed lint feeds/*.ics
    calfeed lint https://example.org/calendar.ics
    """
    if list_rules:
        _print_rules()
        return
    if not inputs:
        raise click.UsageError("Name a file, an address, or - for standard input.")
    findings = [finding for name in inputs for finding in lint(_read(name, allow_loopback), name=name)]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(findings), indent=2).decode())
    else:
        for finding in findings:
            click.echo(str(finding))
        _print_sum(findings, len(inputs))
    if any(finding.severity is Severity.ERROR for finding in findings):
        sys.exit(1)


def _read(name: str, allow_loopback: bool) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    if name.startswith(("http://", "https://", "webcal://")):
        from calfeed.fetch import fetch_url

        # webcal is what calendar programs call https in the links that they open.
        address = name.replace("webcal://", "https://", 1)
        return fetch_url(address, loopback=allow_loopback).content or b""
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CalfeedError(f"the file cannot be read: {reason}.", spot=Spot(name)) from error


def _print_rules() -> None:
    for rule in RULES.values():
        click.echo(f"{rule.id} ({rule.severity}): {rule.why}.")


def _print_sum(findings: list[Finding], files: int) -> None:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    click.echo(f"{counted(files, 'file')}: {counted(errors, 'error')}, {counted(warnings, 'warning')}.", err=True)
