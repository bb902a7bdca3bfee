"""Tokens on one's own record: made once, seen once, ended by oneself; nobody else's are there."""

import re

import pytest

from people import accounts, tokens
from people.settings import SignIn
from store.paths import Home
from store.settings import Settings
from tests.dashboard.signed_in import HERE, signed_in
from tests.dashboard.test_security import CALLBACKS, located

MADE = {"name": "Weekly report", "uses": "read,sql", "days": "30"}
SUBJECT = "demonstration|analyst"


@pytest.fixture(autouse=True)
def without_tokens(home) -> Home:
    place = Settings.read().home
    if accounts.active(place, SUBJECT):
        for one in tokens.of_person(place, SUBJECT, SignIn.read()):
            tokens.end(place, SUBJECT, one.token_id)
    return place


def shown(client) -> str:
    return client.post(CALLBACKS, json=located("/your-record", "")).get_data(as_text=True)


def made(client, **changes):
    return client.post("/your-record/tokens/make", data=MADE | changes, headers=HERE)


def test_a_token_is_shown_once_and_then_works(without_tokens):
    client = signed_in("analyst")
    answer = made(client)
    (token,) = re.findall(tokens.FORM, answer.get_data(as_text=True))
    assert answer.headers["Cache-Control"] == "no-store"
    page = shown(client)
    assert token not in page and "Weekly report" in page and "never" in page
    asked = {"headers": {"Authorization": f"Bearer {token}"}}
    assert client.get("/api/v1/metrics", **asked).status_code == 200
    (one,) = [o for o in tokens.of_person(without_tokens, SUBJECT, SignIn.read()) if o.holds]
    ended = client.post("/your-record/tokens/end", data={"token_id": one.token_id}, headers=HERE)
    assert (ended.status_code, ended.headers["Location"]) == (303, "/your-record#tokens")
    assert client.get("/api/v1/metrics", **asked).status_code == 401


def test_ones_own_are_shown_and_nobody_elses_can_be_ended(without_tokens):
    client, other = signed_in("analyst"), signed_in("operations")
    made(client, name="Of the analyst")
    assert "Of the analyst" in shown(client)
    assert "Of the analyst" not in shown(other)
    newest = tokens.of_person(without_tokens, SUBJECT, SignIn.read())[0]
    refused = other.post(
        "/your-record/tokens/end", data={"token_id": newest.token_id}, headers=HERE
    )
    assert refused.status_code == 400 and "no such token" in refused.get_data(as_text=True)
    assert tokens.of_person(without_tokens, SUBJECT, SignIn.read())[0].holds


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"days": "91"}, "from 1 to 90 days"),
        ({"days": "soon"}, "as a number"),
        ({"uses": "write"}, "choose what the token may do"),
        ({"name": " "}, "is empty"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(changes, why):
    answer = made(signed_in("analyst"), **changes)
    assert answer.status_code == 400 and why in answer.get_data(as_text=True)


def test_another_site_makes_none():
    client = signed_in("analyst")
    answer = client.post(
        "/your-record/tokens/make", data=MADE, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_a_role_is_offered_what_it_may():
    assert "Ask questions in SQL" in shown(signed_in("analyst"))
    assert "Ask questions in SQL" not in shown(signed_in("engineer"))
