"""Messages to channels, against a real server on this machine."""

import json

import pytest

from people.addresses import require_webhook
from store.errors import WrongUse
from store.reader import open_reader
from store.viewer import EVERYONE, Viewer
from tests.mailing.guarded_england import LONDON, REGIONAL, SITE
from tests.mailing.posted import SECRET
from tests.mailing.test_rounds import REPORTED, altered, of_mail, run, states


def test_a_brief_reaches_slack_as_everybody_may_see_it(home, channel, subscribe):
    with open_reader(home, Viewer(scope=LONDON)) as own, open_reader(home, EVERYONE) as others:
        exact, told = (f"{r.ask(REPORTED, area=LONDON).item():.0f}" for r in (own, others))
    subscribe(REGIONAL, channel="slack", address=channel.address)
    assert states(run(home)) == ["sent"]
    ((path, body),) = channel.posted
    assert path == f"/services/{SECRET}"
    assert set(body) == {"text"}
    assert body["text"].startswith("*Today in London*")
    assert f"Cases by report date: {told}." in body["text"]
    assert f"Cases by report date: {exact}." not in body["text"]
    assert f"<{SITE}/?" in body["text"]
    assert "What stands here is what everybody may see." in body["text"]


def test_alerts_reach_teams_as_a_card(home, channel, subscribe):
    subscribe(REGIONAL, "held", channel="teams", address=channel.address)
    assert states(run(home)) == ["sent"]
    assert states(run(home)) == ["nothing"]
    ((_, body),) = channel.posted
    (attached,) = body["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attached["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    lines = [run_["text"] for block in card["body"] for run_ in block["inlines"]]
    assert lines[0] == "1 alert for London"
    assert any("is held since" in line for line in lines)
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open the page", "url": f"{SITE}/?area={LONDON}"}
    ]


def test_a_name_in_the_data_is_no_link_of_slack_and_no_markup_of_teams(home, channel, subscribe):
    name = "<http://evil.example|London> [here](http://evil.example)"
    altered(home, f"update areas set area_name = '{name}' where area_id = '{LONDON}'")
    for kind in ("slack", "teams"):
        subscribe(REGIONAL, "special_cause", channel=kind, address=channel.address)
    assert states(run(home)) == ["sent", "sent"]
    (_, slack), (_, teams) = channel.posted
    assert "<http://evil.example" not in slack["text"]
    blocks = teams["attachments"][0]["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}


def test_a_redirect_is_not_followed_and_said(home, channel, subscribe):
    channel.code, channel.leads_to = 307, f"http://{channel.host}/elsewhere"
    subscribe(REGIONAL, channel="slack", address=channel.address)
    (outcome,) = run(home)
    assert outcome.state == "failed"
    assert f"{channel.host} did not take the message (307)" in outcome.told
    assert [path for path, _ in channel.posted] == [f"/services/{SECRET}"]
    channel.code, channel.leads_to = 200, ""
    assert states(run(home)) == ["sent"]


def test_the_secret_of_an_address_is_told_nowhere(home, channel, subscribe):
    subscribe(REGIONAL, channel="slack", address=channel.address)
    sent = run(home)
    channel.server.shutdown()
    channel.server.server_close()
    subscribe(REGIONAL, "held", channel="slack", address=channel.address)
    failed = run(home)
    assert (states(sent), states(failed)) == (["sent"], ["nothing", "failed"])
    told = json.dumps([one.as_row() for one in (*sent, *failed)] + of_mail(home), default=str)
    assert channel.host in told
    assert SECRET not in told
    assert {row["exit"] for row in of_mail(home)} == {"webhook"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://elsewhere.example/x", "sends no messages to elsewhere.example"),
        ("https://hooks.example.org:8443/x", "sends no messages to hooks.example.org:8443"),
        ("http://hooks.example.org/x", "begin with https://"),
        ("https://hooks.example.org@elsewhere.example/x", "no name"),
        ("https://hooks.example.org\\@elsewhere.example/x", "no messages|no name|no address"),
        ("https://hooks.example.org/x#y", "fragment"),
        ("https://hooks.example.org/x y", "no address"),
        ("file:///etc/passwd", "no address"),
        ("https://[::1", "host cannot be read"),
        ("https://[x]y/", "host cannot be read"),
        ("https://hooks.example.org.elsewhere.example/x", "sends no messages"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused(home, channel, subscribe, address, said):
    with pytest.raises(WrongUse, match=said):
        require_webhook(address)
    subscribe(REGIONAL, channel="slack", address=address)
    assert states(run(home)) == ["not_sent"]
    assert channel.posted == []


def test_without_a_list_of_hosts_nothing_leaves(home, channel, subscribe, monkeypatch):
    monkeypatch.delenv("TRIGPOINT_WEBHOOK_HOSTS")
    subscribe(REGIONAL, channel="slack", address=channel.address)
    (outcome,) = run(home)
    assert "TRIGPOINT_WEBHOOK_HOSTS is not set" in outcome.told
    assert channel.posted == []
