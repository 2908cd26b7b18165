"""The pages: what they show, what becomes of an answer, and what is said when it is refused or takes long."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from typing import Any

import pytest

HOSTILE_PARTS = ("<script>alert", "<img src=x")


def _until(ready: Any) -> None:
    deadline = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_answer_is_recorded_with_name_and_reason_and_leaves_the_queue(serve: Any, fake: Any) -> None:
    client = serve()
    listed = client.get("/")
    assert re.findall(r">(R\d+)<", listed.text) == ["R0001", "R0002", "R0003", "R0004"]
    shown = client.get("/item/R0001")
    for text in ("Kathi Meier", "1984-02-1<mark>7</mark>", "Waterfall of the match weight", "over the threshold of +3.10"):
        assert text in shown.text
    sent = client.post("/item/R0001", answer="match", reason="  same   person ")
    assert (sent.status, sent.headers["location"]) == (303, "/item/R0002")
    _until(lambda: fake.given)
    assert [(g.item.item_id, g.answer, g.reason, g.who) for g in fake.given] == [("R0001", "match", "same person", "ann")]
    after = client.get("/")
    assert "R0001 answered: same." in after.text
    assert "/item/R0001" not in after.text
    assert "R0001 answered" not in client.get("/").text  # told once
    assert client.get("/item/R0001").status == 404
    assert client.post("/item/R0001", answer="no_match", reason="x").headers["location"] == "/"
    assert len(fake.given) == 1


def test_only_an_unsure_answer_needs_no_reason(serve: Any, fake: Any) -> None:
    client = serve()
    client.get("/item/R0003")
    assert client.post("/item/R0003", answer="match", reason=" ").status == 400
    assert client.post("/item/R0003", answer="maybe", reason="x").status == 400
    assert client.post("/item/R0003", answer="match", reason="x" * 301).status == 400
    assert client.post("/item/R0003", answer="unsure", reason="").status == 303
    _until(lambda: fake.given)
    assert [g.answer for g in fake.given] == ["unsure"]


def test_a_refused_answer_comes_back_and_its_reason_is_told(serve: Any, fake: Any) -> None:
    fake.refuse = "D1 keeps apart what this decision makes one customer"
    client = serve()
    client.get("/item/R0001")
    client.post("/item/R0001", answer="match", reason="x")
    _until(lambda: "/item/R0001" in (page := client.get("/").text) and "being recorded" not in page)
    fake.refuse = ""
    client.get("/item/R0003")
    client.post("/item/R0003", answer="match", reason="x")
    _until(lambda: fake.given)


def test_answers_that_follow_leave_too_and_a_failure_says_no_value(
    serve: Any, fake: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.settles = frozenset({"R0003"})
    client = serve(look_every=60.0)
    client.get("/item/R0004")
    client.post("/item/R0004", answer="no_match", reason="x")
    _until(lambda: "/item/R0003" not in client.get("/").text)

    def broken(*_given: Any) -> None:
        raise ValueError("Katharina Meier")

    monkeypatch.setattr(fake, "record", broken)
    monkeypatch.setattr(fake, "decisions", broken)
    client.get("/item/R0001")
    client.post("/item/R0001", answer="match", reason="x")
    pages: list[str] = []
    _until(lambda: pages.append(client.get("/").text) or "ValueError" in pages[-1])  # type: ignore[func-returns-value]
    failed = client.get("/decisions")
    assert (failed.status, "ValueError" in failed.text) == (500, True)
    assert "Katharina" not in failed.text + pages[-1] + caplog.text


def test_the_graph_of_a_suspicious_customer_is_shown(serve: Any, fake: Any) -> None:
    fake.items.append(replace(fake.items[2], item_id="R0009", customer_ids=("P9", "P3")))
    client = serve()
    assert "Graph of the records" in client.get("/item/R0002").text
    assert "Graph of the records" not in client.get("/item/R0003").text
    linked = client.get("/item/R0003/customer/2")
    assert (linked.status, "Person P7" in linked.text) == (200, True)
    assert client.get("/item/R0003/customer/3").status == 404
    assert "No customer and no record P9." in client.get("/item/R0009/customer/1").text


def test_hostile_values_are_text_everywhere(serve: Any, fake: Any) -> None:
    client = serve()
    for path in ("/", "/item/R0001", "/item/R0002", "/item/R0003/customer/1"):
        page = client.get(path)
        assert page.status == 200
        assert not any(part in page.text for part in HOSTILE_PARTS), path
    assert "&lt;script&gt;" in page.text
    client.post("/item/R0001", answer="match", reason='<script>alert(1)</script>"onfocus=x')
    listed = client.get("/decisions")
    assert not any(part in listed.text for part in HOSTILE_PARTS)
    assert "&lt;script&gt;alert(1)" in listed.text


def test_no_value_and_no_record_is_in_addresses_or_logs(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = serve()
    shown = client.get("/item/R0002").text
    client.post("/item/R0002", answer="match", reason="the reason given")
    client.get("/decisions")
    logged = [vars(record) for record in caplog.records if record.name.startswith("onefold")]
    assert {entry["route"] for entry in logged} == {"/item/{item_id}", "/decisions"}
    assert not any(word in str(logged) for word in ("crm:", "shop:", "Meier", "the reason given", client.token))
    assert not any(word in part for part in shown.split("href=")[1:] for word in ("crm:", "P2/") if word in part.split(">")[0])


def test_waiting_for_spark_is_a_page_that_opens_by_itself(serve: Any, fake: Any) -> None:
    client = serve(patience=0.05)
    _until(lambda: client.get("/").status == 200)
    fake.gate.clear()
    waiting = client.get("/item/R0004")
    assert (waiting.status, 'http-equiv="refresh"' in waiting.text) == (503, True)
    fake.gate.set()
    _until(lambda: client.get("/item/R0004").status == 200)


def test_the_queue_is_read_anew_after_a_release(serve: Any, fake: Any) -> None:
    client = serve()
    assert "R0004" in client.get("/").text
    fake.items = fake.items[:2]
    assert "R0004" in client.get("/").text
    fake.version = 2
    _until(lambda: "R0004" not in client.get("/").text)


def test_before_anything_is_published_it_says_so(serve: Any, fake: Any) -> None:
    fake.published = False
    client = serve()
    first = client.get("/")
    assert (first.status, "gold/review_queue is not there yet" in first.text) == (503, True)
    fake.published = True
    assert client.get("/").status == 200
    fake.items.clear()
    fake.version = 3
    _until(lambda: "Nothing is open" in client.get("/").text)


def test_a_decision_is_taken_back(serve: Any, fake: Any) -> None:
    client = serve()
    assert "Nobody has decided anything yet." in client.get("/decisions").text
    client.get("/item/R0003")
    client.post("/item/R0003", answer="match", reason="seen")
    listed = client.get("/decisions")
    assert "seen" in listed.text
    assert client.post("/decisions/D000/revoke", reason="").status == 400
    assert client.post("/decisions/D999/revoke", reason="x").status == 404
    assert client.post("/decisions/D000/revoke", reason="a mistake").headers["location"] == "/decisions"
    assert "revoked by ann: a mistake" in client.get("/decisions").text


def test_long_lists_come_in_parts(serve: Any, fake: Any) -> None:
    fake.items = [replace(fake.items[2], item_id=f"R{n:05d}") for n in range(120)]
    client = serve()
    assert "Page 1 of 3" in client.get("/").text
    last = client.get("/?page=99999").text
    assert "R00119" in last
    assert "R00000" not in last
    assert client.get("/?page=x").status == 200
