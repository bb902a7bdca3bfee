"""`trigpoint mail` as an operator runs it: a process of its own."""

import json
from collections.abc import Callable
from typing import Any

from journal import subscriptions
from tests.mailing.guarded_england import LONDON, NATIONAL, REGIONAL


def test_what_is_due_is_sent_and_said(home, post_box, subscribe, trigpoint: Callable[..., Any]):
    subscribe(REGIONAL, "held")
    post_box.refused = {"grace@example.org"}
    subscribe(NATIONAL, "held")
    tried = trigpoint("mail", "send", "--dry-run", "--home", home.root)
    assert (tried.code, tried.error) == (0, "")
    assert tried.out.count(": due, 1 to tell") == 2
    assert post_box.mail == []
    ran = trigpoint("mail", "send", "--home", home.root)
    assert (ran.code, ran.error) == (1, "")
    assert "alert to priya@example.org (demonstration|priya): sent, 1 told" in ran.out
    assert "alert to grace@example.org (demonstration|grace): failed" in ran.out
    post_box.refused = set()
    again = trigpoint("mail", "send", "--home", home.root, "--json")
    found = {row["where"]: row["state"] for row in json.loads(again.out)["subscriptions"]}
    assert (again.code, found) == (0, {"priya@example.org": "nothing", "grace@example.org": "sent"})


def test_a_setting_that_is_wrong_is_one_plain_line(home, trigpoint, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_SMTP", "nowhere")
    ran = trigpoint("mail", "send", "--home", home.root)
    assert (ran.code, ran.out) == (2, "")
    assert ran.error.splitlines() == [
        "TRIGPOINT_SMTP is 'nowhere'; write it as mail.example.org:587"
    ]


def test_a_store_that_is_not_there_is_one_plain_line(home, trigpoint, tmp_path):
    ran = trigpoint("mail", "send", "--home", tmp_path / "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert ran.error.splitlines() == [
        f"there is no store at {tmp_path / 'nowhere'}; give the folder of one with --home"
    ]


def test_who_is_sent_what_is_listed(home, subscribe, trigpoint):
    assert "Nobody wants to be sent anything" in trigpoint("mail", "list", "--home", home.root).out
    subscribe(REGIONAL, *subscriptions.ALERTS, quiet=(22, 7))
    secret = "https://hooks.example.org/services/T0K3N"
    subscribe(NATIONAL, channel="slack", address=secret)
    ran = trigpoint("mail", "list", "--home", home.root, "--json")
    first, second = json.loads(ran.out)["subscriptions"]
    assert (first["subject"], first["area_id"], first["quiet"]) == (
        REGIONAL.subject,
        LONDON,
        [22, 7],
    )
    assert second["address"] == "hooks.example.org"
    table = trigpoint("mail", "list", "--home", home.root).out
    assert "T0K3N" not in ran.out + table
