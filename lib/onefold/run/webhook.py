"""Sends a message to an address that only the environment knows; whatever happens to it, the run goes on."""

from __future__ import annotations

import json
import logging
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from onefold.quality.history_settings import AlarmSettings

__all__ = ["send"]

logger = logging.getLogger(__name__)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: an address that sends us elsewhere is not the one that was configured."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Refuse."""


def send(message: Mapping[str, Any], settings: AlarmSettings) -> str:
    """Send a message as JSON; return what became of it, in words without the address.

    Errors of the network, of the server and of the address are logged by their kind, never raised.
    """
    name = settings.webhook_env
    if name is None:
        return "no webhook is configured"
    address = os.environ.get(name, "").strip()
    if not address.startswith(("https://", "http://")):
        logger.warning("the webhook was not called: %s holds no address that begins with https://", name)
        return f"not sent: {name} holds no address"
    problem = ""
    for attempt in range(settings.tries):
        if attempt:
            time.sleep(min(0.5 * 2**attempt, settings.timeout_seconds))
        problem, again = _post(address, message, settings.timeout_seconds)
        if not problem:
            return "sent"
        if not again:
            break
    logger.warning("the webhook of %s failed: %s", name, problem)
    return f"not sent: {problem}"


def _post(address: str, message: Mapping[str, Any], timeout: float) -> tuple[str, bool]:
    """Return the problem, empty when there was none, and whether another try may help."""
    headers = {"Content-Type": "application/json", "User-Agent": "onefold"}
    try:
        request = urllib.request.Request(address, json.dumps(message).encode(), headers, method="POST")
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
            answer.read(1024)
        return "", False
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}", error.code >= 500 or error.code == 429
    except OSError as error:  # refused, unreachable, timed out, wrong certificate
        return type(getattr(error, "reason", error)).__name__, True
    except Exception as error:  # an address that is none, an answer that is no HTTP
        return type(error).__name__, False
