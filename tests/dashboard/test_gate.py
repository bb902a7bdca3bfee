"""Every way out has a rule, each role gets what the rule says and no more, and nobody else does."""

import re
from datetime import timedelta

import dash
import pytest
from flask import Flask, request
from werkzeug.test import Client

from dashboard import exits, gate, looking, readers
from dashboard.app import _sign_in, app, server
from mailing.recipients import MAIL, WEBHOOK
from people.exits import Exit, register, registered, ruled
from people.personas import personas
from people.roles import roles
from store.errors import TrigpointError
from store.releases import current
from store.settings import Settings
from tests.dashboard.asked_in_sql import asking_sql, counting, stopping
from tests.dashboard.signed_in import HERE, Apart, looking_at, signed_in
from tests.dashboard.small_england import CITED, DISPUTED, LEICESTER
from tests.dashboard.test_security import CALLBACKS, DRAWER, PAGE, SCREEN, located

TREND = f"/files/trend.csv?measure=cases_by_specimen_date&area={LEICESTER}"
COMPARED = f"/files/comparison.csv?measure=cases_by_specimen_date&area={LEICESTER}"
# How each exit is taken; one that is not here fails the first test.
GETS = {
    "page.today": "/",
    "page.standup": "/standup",
    "page.areas": "/areas",
    "page.area": f"/areas/{LEICESTER}",
    "page.figure": f"/figure/{CITED}",
    "frame": "/_dash-layout",
    "lookup.areas": "/files/areas.json",
    "citation": f"/cite/TP-{CITED}-20200101-000000-000",
    "export.today_pdf": "/files/today.pdf",
    "export.today_png": "/files/today.png",
    "export.trend": TREND,
    "export.comparison": COMPARED,
    "export.regions": "/files/regions.csv?measure=cases_by_specimen_date",
    "export.authorities": "/files/authorities.csv?measure=cases_by_specimen_date",
    "export.versions": f"/files/versions.csv?figure={DISPUTED}",
    "export.figure": f"/files/figure.json?figure={CITED}",
    "page.sources": "/sources",
    "page.source": "/sources/phe_cases_vintages",
    "page.conflicts": "/sources/conflicts",
    "page.releases": "/sources/releases",
    "export.quarantine": "/files/quarantine/phe_cases_vintages.csv",
    "export.conflicts": "/files/conflicts.csv",
    "page.governance": "/governance",
    "page.your_record": "/your-record",
    "page.problems": "/problems",
    "page.catalogue": "/catalogue",
    "page.subscriptions": "/subscriptions",
    "page.exports": "/exports",
    "export_state": f"/exports/{'0' * 32}/state.json",
    "export.prepared": f"/files/exports/{'0' * 32}/figures.csv",
    "export.register": "/files/register.csv",
    "export.audit": "/files/audit.csv",
    "export.access": "/files/access.csv",
    # Of a query that nobody ran there is no file.
    "export.query": "/files/query.csv",
    "page.workspace": "/workspace",
    "health": "/health",
    "api.openapi": "/api/v1/openapi.json",
    "sign_in": "/sign-in",
}
POSTS = {
    "callback.page": PAGE,
    "callback.drawer": DRAWER,
    "callback.screen": SCREEN,
    "callback.query": asking_sql("select 1"),
    "callback.count": counting(),
    "callback.stop": stopping(),
    "page.none": located("/nothing", ""),
}
# Forms, which bring along what only a page of their session knows.
FORMS = {
    "sign_out": "/sign-out",
    "action.check_audit": "/governance/check",
    "action.standup": "/standup/start",
    "action.take_up": "/standup/action",
    "action.done": "/standup/done",
    "action.note": "/notes/write",
    "action.report": "/problems/report",
    "action.triage": "/problems/take-up",
    "action.accept": "/problems/accept",
    "action.take_back": "/problems/take-back",
    "action.roll_back": "/sources/releases/roll-back",
    "action.subscribe": "/subscriptions/subscribe",
    "export.make": "/exports/make",
    "action.cancel_export": "/exports/cancel",
    "action.unsubscribe": "/subscriptions/end",
    "action.save_query": "/workspace/save",
    "action.share_query": "/workspace/share",
    "action.make_token": "/your-record/tokens/make",
    "action.end_token": "/your-record/tokens/end",
}
# They leave by themselves; tests/mailing takes them.
MAILED = {*(way.name for way in MAIL.values()), WEBHOOK.name}
# Programs take these by tokens; tests/api does.
BY_TOKEN = {name for name, way in ruled().items() if way.kind == "api"}
ASKED_FOR = [name for name in ruled() if name not in MAILED | BY_TOKEN]
# Whoever gets past the gate is told what is missing.
NEED_MORE = {
    *("action.save_query", "action.share_query"),
    *("action.take_up", "action.done", "action.report", "action.triage", "action.accept"),
    *("export.make", "action.cancel_export"),
    *("action.note", "action.take_back", "action.subscribe", "action.unsubscribe"),
    *("action.make_token", "action.end_token"),
}
# No such file was written for whoever gets past the gate.
OTHERWISE = {"export.query": 404, "export.prepared": 404}
PAGES = {"page.today": "/", "page.areas": "/areas", "page.area": f"/areas/{LEICESTER}"}
MORE_PAGES = {
    *("page.standup", "page.workspace", "page.figure", "page.governance", "page.your_record"),
    *("page.subscriptions", "page.exports"),
    *("page.sources", "page.source", "page.conflicts", "page.releases", "page.problems"),
    "page.catalogue",
}


def take(client: Client, name: str) -> int:
    if name in FORMS:
        told = {"to": current(Settings.read().home).release_id, "because": "A test."}
        return client.post(FORMS[name], data=told, headers=HERE).status_code
    if name in POSTS:
        return client.post(CALLBACKS, json=POSTS[name]).status_code
    return client.get(GETS[name]).status_code


class TestEveryWayOut:
    def test_has_a_rule_and_a_test(self):
        assert set(registered()) == set(ruled()) == {*GETS, *POSTS, *FORMS, *MAILED, *BY_TOKEN}

    def test_every_address_is_an_exit(self):
        without = [
            rule.rule
            for rule in server.url_map.iter_rules()
            if rule.endpoint not in {*exits.PAGES, exits.CALLBACKS}
            and exits.of_view(server, rule.endpoint) is None
        ]
        assert without == []

    def test_every_page_is_an_exit(self):
        pages = dash.page_registry.values()
        assert [page["path"] for page in pages if exits.of_page(page["path"]) is None] == []

    def test_every_callback_that_runs_here_is_an_exit(self):
        known = app.callback_map
        here = [output for output, told in known.items() if "callback" in told]
        assert len(here) >= 2
        assert [output for output in here if exits.of_callback(known, output) is None] == []

    def test_one_without_a_rule_cannot_be_made(self):
        with pytest.raises(TrigpointError, match=r"give it a row in people/exits\.csv"):
            register("export.everything")

    def test_an_address_that_names_no_exit_is_shut_to_everybody(self, client, monkeypatch):
        monkeypatch.delattr(server.view_functions["files.areas"], "way_out")
        assert client.get("/files/areas.json").status_code == 403

    def test_a_page_that_names_no_exit_is_shut_to_everybody(self, client, monkeypatch):
        monkeypatch.delitem(exits._pages, "dashboard.pages.areas")
        assert client.get("/areas").status_code == 403
        assert client.post(CALLBACKS, json=located("/areas", "")).status_code == 403

    def test_a_callback_that_names_no_exit_is_shut_to_everybody(self, client, monkeypatch):
        callback = app.callback_map["drawer-body.children"]["callback"]
        monkeypatch.delattr(callback, "way_out")
        assert client.post(CALLBACKS, json=DRAWER).status_code == 403


class TestMatrix:
    """Every role at its scope, and nobody, by every exit that there is."""

    @pytest.fixture(params=personas(), scope="class")
    def persona(self, request):
        return personas()[request.param]

    def test_every_role_can_be_tried(self):
        assert {one.role for one in personas().values()} == set(roles())

    @pytest.mark.parametrize("name", ASKED_FOR)
    def test_a_role_gets_what_its_row_says(self, persona, name):
        may = persona.role in ruled()[name].who
        status = take(signed_in(persona.id), name)
        if may:
            assert status == OTHERWISE.get(name, 400 if name in NEED_MORE else status)
            assert status < 400 or name in {*NEED_MORE, *OTHERWISE}
        else:
            assert status == 403

    @pytest.mark.parametrize("name", ASKED_FOR)
    def test_nobody_gets_what_is_not_open(self, name):
        status = take(Apart(server, server.response_class), name)
        if "signed_out" in ruled()[name].who:
            assert status == 200
        else:
            assert status == 302 if name in {*PAGES, *MORE_PAGES} else status == 401

    def test_the_door_knows_the_scope_and_nothing_wider(self, persona):
        with looking_at("/", persona.id):
            found, opened = looking.viewer(), readers.reader_at().viewer
        exact = roles()[persona.role].sees_exact
        assert (found.role, found.who) == (persona.role, f"demonstration|{persona.id}")
        assert found.scope == opened.scope == (persona.scope if exact else None)

    @pytest.mark.parametrize("way", [f"page.{page}" for page in ("today", "areas", "area")])
    def test_a_page_is_shut_whatever_leads_to_it(self, monkeypatch, persona, way):
        """A rule that is changed holds for the address and for the callback alike."""
        shut = Exit(way, "page", "", frozenset())
        module = next(name for name, found in exits._pages.items() if found.name == way)
        monkeypatch.setitem(exits._pages, module, shut)
        client, path = signed_in(persona.id), PAGES[way]
        assert client.get(path).status_code == 403
        assert client.post(CALLBACKS, json=located(path, "")).status_code == 403
        assert f'href="{path}"' not in client.get("/figure/x").get_data(as_text=True)

    def test_a_page_asks_again_when_it_is_made(self, monkeypatch):
        monkeypatch.setattr(looking, "may", lambda way: False)
        with looking_at("/"), pytest.raises(Exception, match="403"):
            dash.page_registry["dashboard.pages.today"]["layout"]()


class TestWhereItComesFrom:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost:9999"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"X-Trigpoint-Form": "0" * 64},
            {"X-Trigpoint-Form": ""},
        ],
    )
    def test_a_callback_of_another_site_is_refused(self, client, headers):
        assert client.post(CALLBACKS, json=DRAWER).status_code == 200
        assert client.post(CALLBACKS, json=DRAWER, headers=headers).status_code == 403

    def test_a_callback_without_the_token_of_its_session_is_refused(self):
        other = signed_in().environ_base["HTTP_X_TRIGPOINT_FORM"]
        client = signed_in()
        client.environ_base["HTTP_X_TRIGPOINT_FORM"] = other
        assert client.post(CALLBACKS, json=DRAWER).status_code == 403
        del client.environ_base["HTTP_X_TRIGPOINT_FORM"]
        assert client.post(CALLBACKS, json=DRAWER).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"} | HERE],
    )
    def test_nobody_is_signed_in_or_out_by_another_site(self, client, headers):
        newcomer = Apart(server, server.response_class)
        answer = newcomer.post("/sign-in/as", data={"persona": "engineer"}, headers=headers)
        assert answer.status_code == 403
        assert newcomer.get_cookie("trigpoint") is None
        del client.environ_base["HTTP_X_TRIGPOINT_FORM"]
        assert client.post("/sign-out", headers=headers).status_code == 403
        assert client.get("/files/areas.json").status_code == 200


class TestWhereItIsServed:
    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("localhost", 200),
            ("localhost:8050", 200),
            ("127.0.0.1:8050", 200),
            ("[::1]:8050", 200),
            ("evil.example", 421),
            ("localhost.evil.example", 421),
            ("127.0.0.1.evil.example", 421),
            ("10.0.0.7:8050", 421),
        ],
    )
    def test_without_an_address_only_this_machine_is_meant(self, host, status):
        client = Apart(server, server.response_class)
        assert client.get("/sign-in", headers={"Host": host}).status_code == status

    def test_with_an_address_only_that_is_meant(self, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_ADDRESS", "https://trigpoint.example.org")
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", "local")
        client = Apart(server, server.response_class)
        for host, status in (("trigpoint.example.org", 200), ("localhost", 421)):
            assert client.get("/sign-in", headers={"Host": host}).status_code == status

    @pytest.mark.parametrize(
        "more",
        [
            {"environ_base": {"REMOTE_ADDR": "10.0.0.7"}},
            {"headers": {"X-Forwarded-For": "127.0.0.1"}},
            {"headers": {"Forwarded": "for=127.0.0.1"}},
        ],
    )
    def test_a_demonstration_is_for_this_machine_alone(self, client, more):
        assert client.get("/sign-in", **more).status_code == 421
        assert client.get("/files/areas.json", **more).status_code == 421


class TestExports:
    def test_are_limited_by_person_and_counted_for_all_processes(self, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_EXPORTS_A_MINUTE", "2")
        monkeypatch.setattr(gate.attempts, "exports", lambda most: limit(most, "test_export"))
        client, other = signed_in("analyst"), signed_in("operations")
        assert [client.get(TREND).status_code for _ in range(3)] == [200, 200, 429]
        refused = client.get(TREND)
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert re.search(r"Try again in \d+ seconds", refused.get_data(as_text=True))
        assert other.get(TREND).status_code == 200
        assert client.get("/").status_code == 200


def limit(most: int, name: str):
    """The same limit under a name of this test, which other tests do not use up."""
    return gate.attempts.Limit(name, most, timedelta(minutes=1))


@pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "10.0.0.7")])
def test_where_a_browser_is_comes_from_a_proxy_only_where_one_is_stated(monkeypatch, proxies, seen):
    monkeypatch.setenv("TRIGPOINT_PROXIES", proxies)
    behind = Flask("behind")
    _sign_in(behind)
    behind.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.host}")
    told = {"X-Forwarded-For": "6.6.6.6, 10.0.0.7", "X-Forwarded-Host": "evil.example"}
    assert behind.test_client().get("/", headers=told).get_data(as_text=True) == f"{seen} localhost"
