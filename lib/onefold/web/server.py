"""Starts the server on its address, and ends it so that what was answered is recorded."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from onefold.errors import ConfigurationError, MissingInputError, RuntimeSetupError
from onefold.web.app import Site, make_app

__all__ = ["Address", "is_loopback", "make_server", "own_hosts", "serve_site"]

_CONNECTIONS = 200
_LAST_REQUESTS = 10  # seconds that requests under way get when the server ends


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches the host.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_hosts(host: str) -> frozenset[str]:
    """Return the names by which a server on loopback may be asked for: another one points here by a trick."""
    return frozenset({"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host})


@dataclass(frozen=True)
class Address:
    """Where the server listens, and the certificate and key of its name when it speaks TLS itself."""

    host: str = "127.0.0.1"
    port: int = 8460
    certificate: Path | None = None
    key: Path | None = None

    def check(self, *, login: bool) -> None:
        """Stop before anything is started.

        Raises:
            ConfigurationError: when others could reach it without a login, or only one of certificate and key is given.
            MissingInputError: when the certificate or the key is not there.
        """
        if not is_loopback(self.host) and not login:
            raise ConfigurationError(
                f"on {self.host} other machines reach the server, and nobody would have to log in",
                hint="add --users FILE (`onefold serve --users FILE --add-user NAME` makes it), or leave --host out",
            )
        if (self.certificate is None) != (self.key is None):
            raise ConfigurationError("--certificate and --key belong together", hint="give both, or neither")
        for file in (self.certificate, self.key):
            if file is not None and not file.is_file():
                raise MissingInputError(f"the file {file} is not there")

    def listen(self) -> socket.socket:
        """Return the socket that listens.

        Raises:
            RuntimeSetupError: when the address cannot be had.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family)
        except OSError as error:
            raise RuntimeSetupError(
                f"{self.host} port {self.port} cannot be listened on: {error.strerror}", hint="choose another with --port"
            ) from error

    def url(self, listening: socket.socket) -> str:
        """Return what to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.certificate else ''}://{host}:{listening.getsockname()[1]}/"


def make_server(site: Site, address: Address) -> uvicorn.Server:
    """Return the server of a site; it logs nothing of its own, as addresses of requests are nobody's business."""
    return uvicorn.Server(
        uvicorn.Config(
            make_app(site),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_LAST_REQUESTS,
            ssl_certfile=address.certificate,
            ssl_keyfile=address.key,
        )
    )


def serve_site(site: Site, address: Address, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until the process is asked to end (Ctrl-C, SIGTERM), then record what has been answered.

    Args:
        site: what is served.
        address: where.
        listening: the socket of `Address.listen`.
        ready: called once requests are about to be taken.
    """
    server = make_server(site, address)
    before = signal.signal(signal.SIGTERM, _leave)  # the server hands the signal on when it has stopped listening
    try:
        site.desk.begin()
        ready()
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        site.desk.close()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
