"""Who gets in, from where, and what the browser is told to refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onefold.errors import ConfigurationError, MissingInputError, RuntimeSetupError
from onefold.web import gate as gates
from onefold.web.server import Address, is_loopback
from onefold.web.users import Users, hashed

PASSWORD = "correct horse"
QUICK = (2**10, 8, 1)
PATHS = ("/", "/item/R0003", "/decisions", "/login", "/health", "/style.css", "/keys.js", "/nothing")


@pytest.fixture()
def users() -> Users:
    return Users({"ben": hashed(PASSWORD, cost=QUICK)})


def test_every_answer_forbids_foreign_content_and_storing(serve: Any) -> None:
    client = serve()
    for path in PATHS:
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
        if path not in ("/style.css", "/keys.js"):
            assert answer.headers["cache-control"] == "no-store"
        assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in answer.text
        assert "<script>" not in answer.text


def test_the_cookie_is_for_this_site_and_no_script(serve: Any) -> None:
    made = serve().get("/").headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in made.split(";")}


def test_a_form_from_elsewhere_is_refused(serve: Any, fake: Any) -> None:
    client = serve()
    client.get("/item/R0003")
    token, body = client.token, f"token={client.token}&answer=match&reason=x"
    path = "/item/R0003"
    assert client.send("POST", path, "answer=match&reason=x", {}).status == 403
    assert client.send("POST", path, body.replace(token, "x" * 43), {}).status == 403
    assert client.send("POST", path, body, {"Origin": "http://evil.example"}).status == 403
    assert client.send("POST", path, body, {"Origin": "null"}).status == 403
    assert client.send("POST", path, body, {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert client.send("POST", path, body, {"Sec-Fetch-Site": "same-site"}).status == 403
    assert client.send("POST", path, body, {"Content-Type": "text/plain"}).status == 415
    assert client.send("POST", path, body + "&pad=" + "x" * 70_000, {}).status == 413
    other = type(client)(client.port)
    other.get("/")  # a session of its own
    assert other.send("POST", path, body, {}).status == 403
    assert fake.given == []
    own = {"Origin": f"http://127.0.0.1:{client.port}", "Sec-Fetch-Site": "same-origin"}
    assert client.send("POST", path, body, own).status == 303


def test_loopback_is_not_served_under_another_name(serve: Any) -> None:
    client = serve()
    assert client.get("/", Host="evil.example:8460").status == 400
    assert client.get("/", Host=f"localhost:{client.port}").status == 200
    assert client.get("/", Host=f"[::1]:{client.port}").status == 200


def test_login_lets_in_and_out(serve: Any, fake: Any, users: Users) -> None:
    client = serve(users=users)
    for path in ("/", "/item/R0003", "/decisions"):
        assert client.get(path).headers["location"] == "/login"
    assert client.post("/item/R0003", answer="match", reason="x").headers["location"] == "/login"
    assert client.get("/health").status == 200
    wrong = client.post("/login", name="ben", password="wrong horse")
    assert (wrong.status, "Kathi" in wrong.text, client.cookies) == (401, False, {})
    assert client.post("/login", name="eve", password=PASSWORD).status == 401
    assert client.post("/login", name="ben", password=PASSWORD).status == 303
    first = dict(client.cookies)
    client.get("/item/R0003")
    assert client.post("/item/R0003", answer="match", reason="x").status == 303
    assert "ben" in client.get("/decisions").text
    assert client.post("/logout").headers["location"] == "/login"
    client.cookies = first
    assert client.get("/").headers["location"] == "/login"
    assert [g.who for g in fake.given] == ["ben"]


def test_failed_logins_are_limited(serve: Any, users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_FAILURES", {"address": 3, "name": 9})
    client = serve(users=users)
    for n in range(3):
        assert client.post("/login", name=f"ben{n}", password="x").status == 401
    assert client.post("/login", name="ben", password=PASSWORD).status == 429
    monkeypatch.setattr(gates, "_WINDOW", 0.0)
    assert client.post("/login", name="ben", password=PASSWORD).status == 303


def test_sessions_end(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = gates.Gate(users, "ann")
    session = gate.enter("ben", PASSWORD, "127.0.0.1")
    assert gate.session(session.key) is session
    monkeypatch.setattr(gates, "_IDLE", -1.0)
    assert gate.session(session.key) is None
    assert gate.visit() is None


def test_match_one_answers_in_json(serve: Any, users: Users) -> None:
    ask = {"Content-Type": "application/json"}
    client = serve()
    found = client.send("POST", "/match-one", json.dumps({"full_name": "Kathi Meier"}), ask)
    assert (found.status, json.loads(found.text)) == (200, {"matches": [{"customer_id": "P1", "weight": 12.5}]})
    assert "set-cookie" not in found.headers
    assert client.send("POST", "/match-one", "{}", ask).status == 422
    assert client.send("POST", "/match-one", "[1]", ask).status == 400
    assert client.send("POST", "/match-one", "{", ask).status == 400
    assert client.send("POST", "/match-one", "a=b", {}).status == 415
    assert client.send("POST", "/match-one", "{}", ask | {"Origin": "http://evil.example"}).status == 403
    assert client.get("/match-one").status == 405
    missing = serve(index=False).send("POST", "/match-one", "{}", ask)
    assert (missing.status, "no index in the warehouse" in missing.text) == (503, True)
    closed = serve(users=users)
    assert closed.send("POST", "/match-one", '{"full_name": "x"}', ask).status == 401
    closed.post("/login", name="ben", password=PASSWORD)
    assert closed.send("POST", "/match-one", '{"full_name": "x"}', ask).status == 200


def test_match_one_opens_a_newer_index(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    kind = serve.index_kind
    monkeypatch.setattr(kind, "__init__", lambda self: opened.append(self))
    client, ask = serve(), {"Content-Type": "application/json"}
    for _ in range(2):
        assert client.send("POST", "/match-one", '{"full_name": "x"}', ask).status == 200
    assert len(opened) == 1
    opened[0].fresh = False
    assert client.send("POST", "/match-one", '{"full_name": "x"}', ask).status == 200
    assert len(opened) == 2


def test_only_loopback_goes_without_a_login(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.7", "example.org", ""):
        assert not is_loopback(host)
        with pytest.raises(ConfigurationError, match="nobody would have to log in"):
            Address(host).check(login=False)
    Address("0.0.0.0").check(login=True)
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        Address(host).check(login=False)
    with pytest.raises(ConfigurationError, match="belong together"):
        Address(certificate=tmp_path).check(login=False)
    with pytest.raises(MissingInputError):
        Address(certificate=tmp_path / "c", key=tmp_path / "k").check(login=False)


def test_a_port_in_use_is_named() -> None:
    with Address(port=0).listen() as taken:
        with pytest.raises(RuntimeSetupError, match="cannot be listened on"):
            Address(port=taken.getsockname()[1]).listen()
        assert Address().url(taken) == f"http://127.0.0.1:{taken.getsockname()[1]}/"
