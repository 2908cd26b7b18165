"""The server on loopback over a desk without Spark, and a client that keeps cookies as a browser does."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest

from onefold.errors import DataContractError, StageOrderError
from onefold.match.explain import Explanation, Step
from onefold.match.judge.choose import Question
from onefold.match.judge.cluster import Cluster
from onefold.match.judge.graph import Link
from onefold.run.desk import EntitySheet, Given, Outcome, PairSheet
from onefold.run.queue import Item
from onefold.web.desk import Desk
from onefold.web.gate import Gate
from onefold.web.server import Address, make_server, own_hosts
from onefold.web.site import Site
from onefold.web.users import Users

HOSTILE = '<script>alert("x")</script>"><img src=x onerror=alert(1)>'


def item(number: int, kind: str = "pair", key: str | None = None) -> Item:
    """A question about the records 2n and 2n+1."""
    ends = f"crm:{key or 2 * number}", f"shop:{2 * number + 1}"
    question = Question("person", 2 * number, 2 * number + 1, *ends, 3.5, 0.91, None, None, None)
    customers = (f"P{number}",) if kind == "cluster" else (f"P{2 * number}", f"P{2 * number + 1}")
    return Item(f"R{number:04d}", kind, question, customers, "0.4 bits from the threshold, 5 records hang on it", 9.0 - number)


@dataclass
class FakeDesk:
    """Stands in for the warehouse: its lists are what it shows, `given` what was recorded."""

    items: list[Item] = field(default_factory=lambda: [item(1, key=HOSTILE), item(2, "cluster"), item(3), item(4)])
    given: list[Given] = field(default_factory=list)
    made: list[dict[str, object]] = field(default_factory=list)
    refuse: str = ""
    settles: frozenset[str] = frozenset()
    version: int = 1
    published: bool = True
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def stamp(self) -> tuple[int, ...]:
        return (self.version, 0)

    def queue(self) -> tuple[Item, ...]:
        if not self.published:
            raise StageOrderError("table gold/review_queue is not there yet", hint="run publish")
        answered = {given.item.item_id for given in self.given}
        return tuple(i for i in self.items if i.item_id not in answered)

    def pair(self, asked: Item) -> PairSheet | None:
        self.gate.wait(10)
        left, right = asked.question.record_id_l, asked.question.record_id_r
        steps = (
            Step("prior", "before anything is compared", -9.2, -9.2),
            Step("family_name", "exact", 7.9, -1.3),
            Step("given_name", "nickname", 4.2, 2.9),
            Step("birth_date", "one digit differs", 2.8, 5.7),
            Step("email", "else", -2.2, 3.5),
        )
        why = Explanation(left, right, "person", True, ("name and birth year",), steps, 3.5, 0.91)
        one = {"full_name": f"Katharina {HOSTILE}", "birth_date": "1984-02-11", "emails": [{"value": "kathi@x.org"}]}
        other = {"full_name": "Kathi Meier", "birth_date": "1984-02-17", "emails": [{"value": "k.meier@y.org"}]}
        home = {"street": "Lindenweg", "house_number": "4", "postcode": "10115", "city": "Berlin", "country": "DE"}
        return PairSheet(why, one | {"addresses": [home]}, other | {"addresses": [home], "phones": [{"value": "+49301"}]}, 3.1)

    def entity(self, customer_id: str) -> EntitySheet:
        if customer_id == "P9":
            raise DataContractError("no customer and no record P9")
        records = (f"crm:{HOSTILE}", "crm:5", "shop:5", "shop:6", "web:7")
        pairs = [(0, 1, 12.0, True), (1, 2, 3.5, True), (2, 3, 9.0, True), (3, 4, 8.0, True), (0, 4, -2.0, False)]
        links = tuple(Link(records[a], records[b], weight, 0.9, "name", joins) for a, b, weight, joins in pairs)
        cluster = Cluster(customer_id, "person", 5, records, links, 3.1)
        return EntitySheet(cluster, {r: {"record_id": r, "full_name": HOSTILE, "entity_type": "person"} for r in records})

    def record(self, given: Given, others: Sequence[Item]) -> Outcome:
        self.gate.wait(10)
        if self.refuse:
            return Outcome((self.refuse,), frozenset())
        self.given.append(given)
        about = f"{given.item.question.record_id_l} {given.item.question.record_id_r}"
        row: dict[str, object] = {
            "decision": f"D{len(self.made):03d}",
            "kind": "must_link",
            "state": "in force",
            "records": about,
        }
        rest = {"attribute": None, "value": None, "policy": None, "at": "2026-11-25 09:00", "expires": None}
        self.made.insert(0, row | rest | {"by": given.who, "reason": given.reason})
        return Outcome((), self.settles)

    def decisions(self) -> tuple[dict[str, object], ...]:
        return tuple(self.made)

    def revoke(self, decision_id: str, reason: str, who: str) -> None:
        self.gate.wait(10)
        for row in self.made:
            if row["decision"] == decision_id:
                row["state"] = f"revoked by {who}: {reason}"


class Found:
    """What the index finds."""

    def to_dict(self) -> dict[str, Any]:
        return {"customer_id": "P1", "weight": 12.5}


class FakeIndex:
    """Stands in for the index that match-one asks."""

    fresh = True

    def match(self, prospect: Any, /) -> list[Found]:
        if "full_name" not in prospect:
            raise DataContractError("a prospect needs a name")
        return [Found()]


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


class Client:
    """A browser without a window: it keeps cookies and the token of the last page."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.token = port, dict[str, str](), ""

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, **form: str) -> Answer:
        return self.send("POST", path, urlencode({"token": self.token} | form), {})

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        cookies = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        connection.request(method, path, body, kind | cookies | {k.replace("_", "-"): v for k, v in headers.items()})
        got = connection.getresponse()
        text = got.read().decode()
        for line in got.headers.get_all("Set-Cookie") or []:
            self.cookies |= {k: morsel.value for k, morsel in SimpleCookie(line).items()}
        self.token = next(iter(re.findall('name="token" value="([^"]+)"', text)), self.token)
        connection.close()
        return Answer(got.status, {k.lower(): v for k, v in got.headers.items()}, text)


Serve = Callable[..., Client]


@pytest.fixture()
def fake() -> FakeDesk:
    return FakeDesk()


@pytest.fixture()
def serve(fake: FakeDesk) -> Iterator[Serve]:
    """Start the server, with users or without, and stop it at the end."""
    running: list[tuple[Any, threading.Thread, Desk]] = []

    def no_index() -> FakeIndex:
        raise StageOrderError("no index in the warehouse", hint="run onefold run")

    def start(*, users: Users | None = None, index: bool = True, patience: float = 5.0, look_every: float = 0.0) -> Client:
        desk = Desk(fake, patience=patience, look_every=look_every)
        gate = Gate(users, "ann")
        listening = Address(port=0).listen()
        site = Site(desk, gate, FakeIndex if index else no_index, own_hosts=None if users else own_hosts("127.0.0.1"))
        server = make_server(replace(site, cookie="onefold_test"), Address())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread, desk))
        while not server.started:
            time.sleep(0.01)
        return Client(listening.getsockname()[1])

    start.index_kind = FakeIndex  # type: ignore[attr-defined]
    yield start
    fake.gate.set()
    for server, thread, desk in running:
        server.should_exit = True
        thread.join(20)
        desk.close()
        assert not thread.is_alive()
