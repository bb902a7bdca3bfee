"""Your mail: one's own subscriptions, put down and ended by whoever is signed in."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dashboard.components.account import account
from dashboard.pages import subscriptions as page
from journal import confirmations, subscriptions
from people.personas import personas
from store.moments import now
from store.paths import Home
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
from tests.homes import copied

SUBSCRIBE, END = "/subscriptions/subscribe", "/subscriptions/end"
CONFIRM = "/subscriptions/confirm"
WANTED = {
    "what": "every_alert",
    "area": "E12000007",
    "measure": "",
    "channel": "mail",
    "address": "grace@example.org",
    "quiet_from": "22",
    "quiet_to": "7",
}


@pytest.fixture(autouse=True)
def own_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Nothing stands in it but what the test puts there."""
    at = Home(copied(home, tmp_path / "home"))
    monkeypatch.setenv("TRIGPOINT_HOME", str(at.root))
    monkeypatch.setenv("TRIGPOINT_MAIL_DOMAINS", "example.org")
    monkeypatch.setenv("TRIGPOINT_WEBHOOK_HOSTS", "hooks.example.org")
    return at


def post(action: str, persona: str = "national_leader", **form: str):
    return signed_in(persona).post(action, data=form, headers=HERE)


def subject(persona: str = "national_leader") -> str:
    return f"demonstration|{persona}"


def shown(persona: str = "national_leader", **query: str):
    signed_in(persona)
    with looking_at("/subscriptions", persona):
        return page.layout(**query)


def test_what_is_subscribed_is_kept_and_shown(own_home):
    answer = post(SUBSCRIBE, **WANTED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/subscriptions")
    (one,) = subscriptions.of_person(own_home, subject())
    assert one.wanted == subscriptions.Wanted(
        "alert",
        subscriptions.ALERTS,
        "E12000007",
        None,
        "mail",
        "grace@example.org",
        (22, 7),
    )
    told = words_in(shown())
    for said in ("Every alert", "London", "grace@example.org", "22:00 to 07:00 UTC ("):
        assert said in told
    assert "You are sent one thing." in told


def test_ones_own_is_ended_and_nobody_elses(own_home):
    post(SUBSCRIBE, **WANTED)
    (one,) = subscriptions.of_person(own_home, subject())
    refused = post(END, "analyst", subscription=one.subscription_id)
    assert (refused.status_code, "you have no subscription" in refused.text) == (400, True)
    assert post(END, subscription=one.subscription_id).status_code == 303
    told = words_in(shown())
    assert "You are sent nothing." in told
    assert "1 that has ended" in told


def test_nobody_is_shown_what_others_are_sent(own_home):
    post(SUBSCRIBE, **WANTED)
    assert "grace@example.org" not in words_in(shown("analyst"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "grace@elsewhere.example"}, "sends no mail to elsewhere.example"),
        ({"address": "grace@example.org\r\nBcc: b@example.org"}, "no address of mail"),
        ({"address": ""}, "no address of mail"),
        ({"channel": "slack", "address": "https://elsewhere.example/x"}, "sends no messages"),
        ({"channel": "pigeon"}, "begins with https://"),
        ({"what": "weather"}, "an alert can be about"),
        ({"what": ""}, "an alert can be about"),
        ({"area": "E99999999"}, "no such area"),
        ({"measure": "weather"}, "no such measure"),
        ({"quiet_to": ""}, "both hours of quiet"),
        ({"quiet_to": "22"}, "two different hours"),
    ],
)
def test_what_cannot_be_sent_is_said_and_not_kept(own_home, changes, said):
    answer = post(SUBSCRIBE, **(WANTED | changes))
    assert answer.status_code == 400
    assert said in answer.text
    assert subscriptions.running(own_home) == []


def test_the_secret_of_a_webhook_is_shown_to_nobody(own_home):
    address = "https://hooks.example.org/services/T0K3N"
    assert post(SUBSCRIBE, **(WANTED | {"channel": "slack", "address": address})).status_code == 303
    told = str(shown())
    assert "hooks.example.org" in told
    assert "T0K3N" not in told


def test_a_role_is_offered_and_given_what_it_may_take(own_home):
    offers = {persona: options(shown(persona)) for persona in personas()}
    assert "brief" in offers["regional_lead"]
    assert "brief" not in offers["engineer"]
    assert "late" in offers["engineer"]
    assert offers["data_protection_officer"] == []
    assert post(SUBSCRIBE, "engineer", **(WANTED | {"what": "brief"})).status_code == 403
    assert post(SUBSCRIBE, "data_protection_officer", **WANTED).status_code == 403
    assert subscriptions.running(own_home) == []


def options(layout) -> list[str]:
    """What the form offers to be sent."""
    (found,) = [
        part.to_plotly_json()["props"]["data-options"]
        for part in every(layout, "Div", "native")
        if part.to_plotly_json()["props"].get("data-name") == "what"
    ] or ["[]"]
    return [name for name, _ in json.loads(found)]


def test_where_nothing_may_leave_no_form_is_offered(own_home, monkeypatch):
    for name in ("MAIL_DOMAINS", "WEBHOOK_HOSTS"):
        monkeypatch.delenv(f"TRIGPOINT_{name}")
    told = shown()
    assert options(told) == []
    assert "This store sends nothing yet." in words_in(told)


def test_the_way_to_it_stands_in_the_account(own_home):
    with looking_at("/areas"):
        links = [link.href for link in every(account(), "A")]
    assert links == ["/your-record", "/subscriptions"]


def test_it_is_on_the_audit_without_the_address(own_home):
    post(SUBSCRIBE, **(WANTED | {"address": "grace@example.org"}))
    officer = signed_in("data_protection_officer")
    told = officer.get("/files/audit.csv").text
    assert SUBSCRIBE in told
    assert "grace@example.org" not in told


def asked_to_confirm(home: Home, moment: datetime) -> str:
    """As if a link had been sent to Grace's address: what it holds."""
    post(SUBSCRIBE, **WANTED)
    token = confirmations.new_token()
    confirmations.keep(home, subject(), "grace@example.org", token, moment)
    return token


def test_whoever_was_sent_a_link_confirms_the_address_with_a_button(own_home):
    post(SUBSCRIBE, **WANTED)
    assert "not confirmed: a link is sent there first" in words_in(shown())
    token = asked_to_confirm(own_home, now())
    assert "not confirmed: use the link that was sent there" in words_in(shown())
    assert "Mail is to go to grace@example.org." in words_in(shown(confirm=token))
    assert "This link is of no use" in words_in(shown("analyst", confirm=token))
    assert "grace@example.org" not in words_in(shown("analyst", confirm=token))
    assert not confirmations.is_confirmed(own_home, subject(), "grace@example.org")
    refused = post(CONFIRM, "analyst", token=token)
    assert (refused.status_code, "of no use" in refused.text) == (400, True)
    assert post(CONFIRM, token=token).status_code == 303
    assert confirmations.is_confirmed(own_home, subject(), "grace@example.org")
    assert "not confirmed" not in words_in(shown())
    assert post(CONFIRM, token=token).status_code == 400, "a link is used once"


def test_whoever_subscribes_once_more_is_sent_another_link(own_home):
    asked_to_confirm(own_home, now() - timedelta(hours=49))
    assert "subscribe once more to be sent another link" in words_in(shown())
    post(SUBSCRIBE, **WANTED)
    assert confirmations.asked(own_home, subject(), "grace@example.org") is None
    assert len(subscriptions.running(own_home)) == 1


def test_an_address_that_refuses_is_told_on_the_page(own_home):
    post(SUBSCRIBE, **WANTED)
    (one,) = subscriptions.running(own_home)
    why = "the mail server does not take mail to grace@example.org (550)"
    subscriptions.keep_refused(own_home, one.subscription_id, why, now() - timedelta(days=7))
    told = words_in(shown())
    assert why in told and "tried once a day, for a week" in told
    subscriptions.keep_refused(own_home, one.subscription_id, why, now())
    told = words_in(shown())
    assert "You are sent nothing." in told and f"{why}, for a week" in told


def test_who_signs_in_with_a_provider_is_told_for_how_long_mail_is_sent(own_home, monkeypatch):
    said = "30 days after you last signed in, nothing is sent until you do again."
    with looking_at("/subscriptions"):
        assert said not in words_in(page.layout())
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", "provider")
        assert said in words_in(page.layout())


def test_quiet_hours_are_told_as_clocks_show_them_in_london(own_home, monkeypatch):
    monkeypatch.setattr(page, "now", lambda: datetime(2026, 7, 1, 12))
    post(SUBSCRIBE, **WANTED)
    assert "22:00 to 07:00 UTC (23:00 to 08:00 in London today)" in words_in(shown())
    assert "22:00 (23:00 in London today)" in str(shown())
