"""A webhook is told of what opened and closed, never more than it should, and its failure is nobody else's."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from onefold.quality.alarm import Incident, alarm_message
from onefold.quality.history_settings import AlarmSettings
from onefold.run.webhook import send

AT = dt.datetime(2026, 11, 24, 6, tzinfo=dt.UTC)
HOOK = AlarmSettings(webhook_env="HOOK", tries=2, timeout_seconds=0.5)
Serve = Callable[..., list[dict[str, object]]]


def incident(number: int, opened: str, closed: str | None = None) -> Incident:
    return Incident(
        f"I{number}", "score", "score", "rule", f"rule_{number}", "crm", "ann", "warns", opened, AT, 0.8, 0.9, float("nan"),
        f"rule_{number} in crm: 80.00 % pass", closed, AT if closed else None,
    )  # fmt: skip


@pytest.fixture()
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a server that answers with the statuses given, and returns what it was told."""
    servers: list[ThreadingHTTPServer] = []

    def start(*statuses: int) -> list[dict[str, object]]:
        told: list[dict[str, object]] = []
        left = list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(left.pop(0) if left else 200)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        monkeypatch.setenv("HOOK", f"http://127.0.0.1:{servers[-1].server_port}/secret-path")
        return told

    yield start
    for one in servers:
        one.shutdown()
        one.server_close()


def test_what_opened_and_closed_is_sent_as_json(server: Serve) -> None:
    told = server()
    message = alarm_message("r2", [incident(1, "r1"), incident(2, "r2"), incident(3, "r1", "r2"), incident(4, "r0", "r1")])
    assert message is not None
    assert send(message, HOOK) == "sent"
    assert told[0]["open"] == 2
    assert [one["incident_id"] for one in told[0]["opened"]] == ["I2"]  # type: ignore[attr-defined]
    assert told[0]["opened"][0]["expected_high"] is None  # type: ignore[index]
    assert [one["incident_id"] for one in told[0]["closed"]] == ["I3"]  # type: ignore[attr-defined]
    assert str(told[0]["text"]).startswith("onefold: 1 incident opened, 1 closed, 2 open\n- ann: rule_2 in crm")


def test_nothing_new_is_not_sent() -> None:
    assert alarm_message("r2", [incident(1, "r1"), incident(4, "r0", "r1")]) is None


@pytest.mark.parametrize(
    ("statuses", "calls", "said"),
    [((503, 200), 2, "sent"), ((500, 500), 2, "HTTP 500"), ((404,), 1, "HTTP 404"), ((302,), 1, "HTTP 302")],
)
def test_a_server_that_fails_is_tried_again_and_a_refusal_or_redirect_is_not(
    server: Serve, statuses: tuple[int, ...], calls: int, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = server(*statuses)
    with caplog.at_level(logging.WARNING):
        assert said in send({"text": "x"}, HOOK)
    assert len(told) == calls
    assert "secret-path" not in caplog.text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, "holds no address"),
        ("ftp://127.0.0.1/x", "holds no address"),
        ("file:///etc/passwd", "holds no address"),
        ("http://127.0.0.1:1/x", "ConnectionRefusedError"),
        ("http://[bad/x", "ValueError"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_and_nothing_is_raised(
    monkeypatch: pytest.MonkeyPatch, address: str | None, said: str
) -> None:
    monkeypatch.delenv("HOOK", raising=False)
    if address:
        monkeypatch.setenv("HOOK", address)
    assert said in send({"text": "x"}, HOOK.model_copy(update={"tries": 1}))


def test_without_a_webhook_nothing_is_sent() -> None:
    assert send({"text": "x"}, AlarmSettings()) == "no webhook is configured"
