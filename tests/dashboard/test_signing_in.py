"""Signing in with a password or as a persona: sessions, deep links, how often it may be tried."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from sqlalchemy import select, update

from dashboard import gate
from dashboard.app import server
from dashboard.signing_in import own_path
from journal.engine import journal_of
from journal.tables import SignedIn
from people import accounts
from people.accounts import Known
from people.personas import personas
from people.settings import SignIn
from store.moments import now
from store.paths import Home
from tests.dashboard.signed_in import HERE, Apart, signed_in
from tests.dashboard.test_serving import served

PASSWORD = "correct horse battery"
FILE = "/files/areas.json"


@pytest.fixture
def newcomer():
    return Apart(server, server.response_class)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A store with one local account and nothing else."""
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", "local")
    ada = Known("local|ada", "Ada Bell", "regional_lead", "E12000007")
    accounts.add(Home(tmp_path), ada, PASSWORD)
    return Home(tmp_path)


def enter(client, name="ada", password=PASSWORD, **more):
    told = {"name": name, "password": password} | more
    return client.post("/sign-in", data=told, headers=HERE)


def is_in(client) -> bool:
    """Signed in; nothing is published in these stores."""
    status = client.get(FILE).status_code
    assert status in {200, 404, 401}
    return status != 401


class TestPassword:
    def test_the_right_one_opens_a_session(self, place, newcomer):
        answer = enter(newcomer, next="/areas?find=Leic")
        assert (answer.status_code, answer.location) == (303, "/areas?find=Leic")
        assert is_in(newcomer)

    @pytest.mark.parametrize(
        ("name", "password"),
        [
            ("ada", "wrong horse battery"),
            ("ada", ""),
            ("ada", "x" * 100_000),
            ("bo", PASSWORD),
            ("", PASSWORD),
            ("local|ada", PASSWORD),
            ("ada\0", PASSWORD),
        ],
    )
    def test_any_other_does_not_and_the_page_says_no_more(self, place, newcomer, name, password):
        answer = enter(newcomer, name, password)
        assert answer.status_code == 401
        assert "This name and password do not go together." in answer.get_data(as_text=True)
        assert newcomer.get_cookie("trigpoint") is None

    def test_what_was_typed_comes_back_as_text(self, place, newcomer):
        page = enter(newcomer, '"><script>alert(1)</script>').get_data(as_text=True)
        assert "<script>alert" not in page

    def test_is_never_in_the_journal(self, place, newcomer):
        enter(newcomer)
        token = newcomer.get_cookie("trigpoint").value
        for path in place.root.glob("journal.db*"):
            held = path.read_bytes()
            assert PASSWORD.encode() not in held
            assert token.encode() not in held

    def test_is_guessed_ten_times_and_no_more_while_others_go_on(self, place, newcomer):
        bo = Known("local|bob", "Bob", "engineer", "E92000001")
        accounts.add(place, bo, PASSWORD)
        statuses = [enter(newcomer, password=f"guess number {n}").status_code for n in range(11)]
        assert statuses == [401] * 10 + [429]
        refused = enter(newcomer)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 900
        assert "Try again in 15 minutes" in refused.get_data(as_text=True)
        assert enter(newcomer, "bob").status_code == 303

    def test_guesses_are_counted_for_all_processes_of_a_server(self, place):
        def guessed(n: int) -> int:
            told = {"name": "ada", "password": f"guess number {n}"}
            sent = requests.post(f"{base}/sign-in", told, headers={"Origin": base}, timeout=60)
            return sent.status_code

        with served(place.root) as (_, port), ThreadPoolExecutor(4) as at_once:
            base = f"http://127.0.0.1:{port}"
            statuses = list(at_once.map(guessed, range(16)))
        assert sorted(statuses) == [401] * 10 + [429] * 6

    def test_the_right_one_begins_the_count_anew(self, place, newcomer):
        for _ in range(2):
            for n in range(9):
                assert enter(newcomer, password=f"guess number {n}").status_code == 401
            assert enter(newcomer).status_code == 303


class TestSession:
    def test_cookies_are_for_this_site_and_the_token_is_hidden_from_scripts(self, newcomer):
        answer = newcomer.post("/sign-in/as", data={"persona": "analyst"}, headers=HERE)
        cookies = dict(text.split("=", 1) for text in answer.headers.getlist("Set-Cookie"))
        assert set(cookies) == {"trigpoint", gate.FORM_TOKEN}
        assert "HttpOnly" in cookies["trigpoint"]
        for told in cookies.values():
            assert "SameSite=Lax" in told
            assert "Path=/" in told
            assert "Secure" not in told

    def test_cookies_insist_on_encryption_where_there_is_an_address(self, place, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_ADDRESS", "https://trigpoint.example.org")
        client = server.test_client()
        there = {"Host": "trigpoint.example.org", "Origin": "https://trigpoint.example.org"}
        told = {"name": "ada", "password": PASSWORD}
        answer = client.post("/sign-in", data=told, headers=there)
        cookies = dict(text.split("=", 1) for text in answer.headers.getlist("Set-Cookie"))
        assert set(cookies) == {"__Host-trigpoint", gate.FORM_TOKEN}
        assert all("Secure" in told for told in cookies.values())

    def test_a_new_one_ends_the_one_before(self, newcomer):
        client = signed_in()
        before = client.get_cookie("trigpoint").value
        # The page to sign in is no page of a session, so it brings no token of one.
        del client.environ_base["HTTP_X_TRIGPOINT_FORM"]
        answer = client.post("/sign-in/as", data={"persona": "engineer"}, headers=HERE)
        assert answer.status_code == 303
        assert client.get_cookie("trigpoint").value != before
        newcomer.set_cookie("trigpoint", before)
        assert not is_in(newcomer)

    def test_a_token_that_was_planted_is_not_taken_over(self, newcomer):
        newcomer.set_cookie("trigpoint", "planted")
        newcomer.post("/sign-in/as", data={"persona": "analyst"}, headers=HERE)
        assert newcomer.get_cookie("trigpoint").value != "planted"

    def test_signing_out_ends_it_here_and_in_the_browser(self, newcomer):
        client = signed_in()
        token = client.get_cookie("trigpoint").value
        answer = client.post("/sign-out", headers=HERE)
        assert (answer.status_code, answer.location) == (303, "/sign-in?signed-out")
        assert client.get_cookie("trigpoint") is None
        assert client.get_cookie(gate.FORM_TOKEN) is None
        newcomer.set_cookie("trigpoint", token)
        assert not is_in(newcomer)

    @pytest.mark.parametrize(
        "change",
        [
            lambda at: accounts.remove(at, "local|ada"),
            lambda at: accounts.change(at, "local|ada", "regional_lead", "E12000002"),
            lambda at: accounts.change(at, "local|ada", "analyst", "E12000007"),
            lambda at: accounts.set_password(at, "local|ada", "another horse battery"),
        ],
        ids=["removed", "another scope", "another role", "another password"],
    )
    def test_it_ends_when_its_person_changes(self, place, newcomer, change):
        enter(newcomer)
        assert is_in(newcomer)
        change(place)
        assert not is_in(newcomer)

    def test_it_ends_when_nobody_uses_it(self, place, newcomer):
        enter(newcomer)
        since(place, timedelta(minutes=29), idle_only=True)
        assert is_in(newcomer)
        since(place, timedelta(minutes=31), idle_only=True)
        assert not is_in(newcomer)

    def test_it_ends_however_much_it_is_used(self, place, newcomer, monkeypatch):
        enter(newcomer)
        since(place, timedelta(hours=11, minutes=59))
        assert is_in(newcomer)
        since(place, timedelta(hours=12, minutes=1))
        assert not is_in(newcomer)

    def test_a_shorter_setting_holds_for_those_that_are_open(self, place, newcomer, monkeypatch):
        enter(newcomer)
        since(place, timedelta(hours=2))
        assert is_in(newcomer)
        monkeypatch.setenv("TRIGPOINT_SESSION_HOURS", "1")
        assert not is_in(newcomer)

    def test_use_keeps_it_open_and_is_written_down_once_a_minute(self, place, newcomer):
        enter(newcomer)
        since(place, timedelta(minutes=20), idle_only=True)
        assert is_in(newcomer)
        with journal_of(place).reading() as session:
            (seen,) = session.scalars(select(SignedIn.last_seen_at))
        assert now() - seen < timedelta(minutes=1)
        assert is_in(newcomer)
        with journal_of(place).reading() as session:
            assert session.scalars(select(SignedIn.last_seen_at)).all() == [seen]

    def test_a_persona_is_nobody_where_the_demonstration_has_ended(self, monkeypatch):
        client = signed_in()
        assert is_in(client)
        for way in ("local", "provider"):
            monkeypatch.setenv("TRIGPOINT_SIGN_IN", way)
            assert not is_in(client)


def since(place: Home, ago: timedelta, *, idle_only: bool = False) -> None:
    """Let every session have begun, or been used last, some time ago."""
    moment = now() - ago
    longest = timedelta(hours=12)
    told = (
        {"last_seen_at": moment}
        if idle_only
        else {"created_at": moment, "ends_at": moment + longest}
    )
    with journal_of(place).writing() as session:
        if idle_only:
            session.execute(update(SignedIn).values(created_at=moment - timedelta(seconds=1)))
        session.execute(update(SignedIn).values(**told))


class TestWays:
    @pytest.mark.parametrize(
        ("way", "path", "method"),
        [
            ("local", "/sign-in/as", "post"),
            ("local", "/sign-in/start", "get"),
            ("local", "/sign-in/return", "get"),
            ("demonstration", "/sign-in", "post"),
            ("demonstration", "/sign-in/start", "get"),
        ],
    )
    def test_only_the_one_in_use_answers(self, newcomer, monkeypatch, way, path, method):
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", way)
        assert getattr(newcomer, method)(path, headers=HERE).status_code == 404

    def test_the_page_of_personas_has_a_button_for_each(self, newcomer):
        page = newcomer.get("/sign-in?next=/areas").get_data(as_text=True)
        assert re.findall(r'name="persona" value="(\w+)"', page) == list(personas())
        assert '<input type="hidden" name="next" value="/areas">' in page

    def test_a_persona_that_is_none_is_refused(self, newcomer):
        answer = newcomer.post("/sign-in/as", data={"persona": "minister"}, headers=HERE)
        assert answer.status_code == 400

    def test_without_a_setting_it_is_local_accounts(self, monkeypatch):
        monkeypatch.delenv("TRIGPOINT_SIGN_IN")
        assert SignIn.read().way == "local"


OWN = ["/", "/areas", "/areas/E06000016?as_of=2020-07-01&measure=x", "/figure/a.b.c.2020-01-01"]
FOREIGN = [
    *("", "areas", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"),
    *("/\t/evil.example", "/\n/evil.example", " /areas", "/areas\r\nSet-Cookie: a=b", "/a\x00"),
    *("https://evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x"),
    *("http://localhost@evil.example", "/%0d%0aX: y", "/a b", "/" + "x" * 3000),
    *("/sign-in", "/sign-out", "/sign-in/start?next=/"),
]


class TestDeepLinks:
    @pytest.mark.parametrize("path", OWN)
    def test_a_path_of_this_site_is_kept(self, newcomer, path):
        assert own_path(path) == path
        sent = newcomer.get(path)
        assert sent.status_code == 302
        page = newcomer.get(sent.location).get_data(as_text=True)
        assert f'name="next" value="{path.replace("&", "&amp;")}"' in page
        told = {"persona": "analyst", "next": path}
        assert newcomer.post("/sign-in/as", data=told, headers=HERE).location == path

    @pytest.mark.parametrize("path", FOREIGN)
    def test_anything_else_leads_to_the_first_page(self, newcomer, path):
        assert own_path(path) == "/"
        told = {"persona": "analyst", "next": path}
        assert newcomer.post("/sign-in/as", data=told, headers=HERE).location == "/"
