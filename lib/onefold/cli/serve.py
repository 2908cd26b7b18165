"""The command that starts the small server: `onefold serve`."""

from __future__ import annotations

import getpass
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from onefold.catch import CatchIndex
from onefold.cli.display import Display
from onefold.cli.opened import opened, shown
from onefold.cli.options import LogFormat, LogFormatOption, Settings, Verbose
from onefold.errors import ConfigurationError
from onefold.run.desk import WarehouseDesk
from onefold.web import Address, Site, serve_site
from onefold.web.desk import Desk
from onefold.web.gate import Gate
from onefold.web.server import is_loopback, own_hosts
from onefold.web.users import add_user, read_users

__all__ = ["register"]

_HELP = """Serve the review page for stewards, the list of decisions, and POST /match-one, until Ctrl-C.

On loopback (the default) whoever can open the address decides under your login name. On any other --host people log in: --users
names a file that --add-user writes, a line for each name with a salted hash. Passwords cross the network as they are unless
--certificate and --key are given, or a proxy that speaks TLS stands before the server.

Example: onefold serve --conf conf/examples/demo --warehouse data/demo/warehouse
"""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("serve", help=_HELP)(_serve)


def _serve(
    conf: Annotated[Path | None, typer.Option("--conf", help="Configuration folder.")] = None,
    warehouse: Annotated[str | None, typer.Option("--warehouse", help="Folder or URI that holds the Delta tables.")] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; any but loopback needs --users.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: any free one.")] = 8460,
    users: Annotated[Path | None, typer.Option("--users", help="File of names and hashes of those who may log in.")] = None,
    new_user: Annotated[
        str | None, typer.Option("--add-user", help="Ask for a password, write this name into --users, and end.")
    ] = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="Certificate (PEM) to speak TLS with.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Key (PEM) of the certificate.")] = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    if new_user is not None:
        _add(users, new_user)
        return
    if conf is None or warehouse is None:
        raise ConfigurationError("serving needs --conf and --warehouse", hint="`onefold serve --help` shows an example")
    address = Address(host, port, certificate, key)
    address.check(login=users is not None)
    gate = Gate(read_users(users) if users else None, getpass.getuser())
    display = shown(log_format, verbose=verbose)
    with address.listen() as listening, opened(conf, warehouse, settings, display) as context:
        site = Site(
            desk=Desk(WarehouseDesk(replace(context, progress=_quiet))),
            gate=gate,
            open_index=lambda: CatchIndex.open(context.warehouse.root, folder=context.project.catch.folder),
            secure=certificate is not None,
            own_hosts=own_hosts(host) if is_loopback(host) and not gate.asks else None,
            cookie=f"onefold_{listening.getsockname()[1]}",
        )
        serve_site(site, address, listening, lambda: _ready(display, address.url(listening)))


def _quiet(_message: str) -> None:
    """Say nothing: what goes on is said in the pages."""


def _ready(display: Display, url: str) -> None:
    display.pause()
    if display.json:
        display.rows("", ("event", "url"), [("serving", url)])
    else:
        display.say(f"serving on {url} (Ctrl-C ends it)")


def _add(users: Path | None, name: str) -> None:
    if users is None:
        raise ConfigurationError("--add-user needs the file to write into", hint="add --users FILE")
    password = typer.prompt(f"password of {name}", hide_input=True, confirmation_prompt=True)
    add_user(users, name, password)
    typer.echo(f"{name} can log in by {users}")
