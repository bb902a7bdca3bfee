"""Sign-in with a real provider, and with one that cheats in every way that is known."""

import base64
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from dashboard.app import server
from people import accounts
from store.paths import Home
from tests.people.openid_provider import CLIENT, SECRET, OpenIdProvider, free_port, through

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from pipeline.cli import main; main()", "serve")
CLAIMS = """
[[people]]
claims = { groups = "trigpoint-leaders" }
role = "national_leader"
scope = "E92000001"

[[people]]
claims = { groups = "trigpoint-local" }
role = "local_official"
scope_from = "area"
"""


@pytest.fixture(scope="module")
def claims_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.toml"
    path.write_text(CLAIMS)
    return path


def settings(issuer: str, claims_file: Path) -> dict[str, str]:
    return {
        "TRIGPOINT_SIGN_IN": "provider",
        "TRIGPOINT_PROVIDER": issuer,
        "TRIGPOINT_PROVIDER_CLIENT": CLIENT,
        "TRIGPOINT_PROVIDER_SECRET": SECRET,
        "TRIGPOINT_PROVIDER_NAME": "Example Trust",
        "TRIGPOINT_CLAIMS": str(claims_file),
        "TRIGPOINT_SECRET": "another-secret-of-the-tests-51f2a9c7e0b3d486",
    }


class TestRealProvider:
    @pytest.fixture(scope="class")
    def place(self, home: Path, claims_file: Path) -> Iterator[tuple[str, OpenIdProvider]]:
        """A served store with two workers, and the provider that it signs in with."""
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        provider = OpenIdProvider(free_port(), f"{base}/sign-in/return")
        process = subprocess.Popen(
            [*COMMAND, "--home", str(home), "--port", str(port)],
            cwd=ROOT,
            env=os.environ | settings(provider.issuer, claims_file),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until_answered(base, process)
            yield base, provider
        finally:
            process.kill()
            process.wait()

    def test_a_deep_link_leads_through_the_provider_and_on(self, place) -> None:
        base, provider = place
        with provider.running():
            browser = requests.Session()
            page = browser.get(f"{base}/areas?find=Leic&as_of=2020-07-25", timeout=30)
            assert urlsplit(page.url).path == "/sign-in"
            start = re.search(r'href="(/sign-in/start[^"]*)"', page.text)
            assert start and "Sign in with Example Trust" in page.text
            arrived = through(browser, base + start.group(1).replace("&amp;", "&"), "ada")
        assert arrived.url == f"{base}/areas?find=Leic&as_of=2020-07-25"
        assert arrived.status_code == 200
        assert "trigpoint_on_the_way" not in browser.cookies

    def test_role_and_scope_come_from_the_claims(self, place, home: Path) -> None:
        base, provider = place
        with provider.running():
            arrived = through(requests.Session(), f"{base}/sign-in/start", "bo")
        assert arrived.status_code == 200
        found = {row["name"]: row for row in accounts.listed(Home(home))}
        assert found["Bo Cole"]["subject"] == f"{provider.issuer}|bo"
        assert (found["Bo Cole"]["role"], found["Bo Cole"]["scope"]) == (
            "local_official",
            "E06000016",
        )

    def test_whom_no_rule_names_is_not_let_in(self, place) -> None:
        base, provider = place
        browser = requests.Session()
        with provider.running():
            page = through(browser, f"{base}/sign-in/start", "cy")
        assert page.status_code == 403
        assert "your account has no role in Trigpoint" in page.text
        assert "trigpoint" not in browser.cookies
        assert browser.get(f"{base}/files/areas.json", timeout=30).status_code == 401

    def test_a_provider_may_change_its_key(self, place) -> None:
        base, provider = place
        for kid in ("first", "second"):
            provider.kid = kid
            with provider.running():
                assert (
                    through(requests.Session(), f"{base}/sign-in/start", "ada").status_code == 200
                )

    def test_a_provider_that_is_away_is_said_in_a_sentence(self, place) -> None:
        base, _ = place
        page = requests.get(f"{base}/sign-in/start", timeout=30)
        assert page.status_code == 502
        assert "The sign-in did not succeed" in page.text

    def test_a_code_is_of_no_use_in_another_browser(self, place) -> None:
        """Who lures somebody into signing in as another has a code, and not that browser."""
        base, provider = place
        with provider.running():
            browser, victim = requests.Session(), requests.Session()
            browser.hooks["response"].append(stop_at_return)
            with pytest.raises(Stopped) as stopped:
                through(browser, f"{base}/sign-in/start", "ada")
            page = victim.get(stopped.value.address, timeout=30)
        assert page.status_code == 400
        assert "trigpoint" not in victim.cookies


class Stopped(Exception):  # noqa: N818
    def __init__(self, address: str) -> None:
        self.address = address


def stop_at_return(answer: requests.Response, *_: object, **__: object) -> None:
    if "/sign-in/return" in answer.headers.get("Location", ""):
        raise Stopped(answer.headers["Location"])


def until_answered(base: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended before it answered"
        try:
            requests.get(f"{base}/health", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer")


@dataclass
class Cheat:
    """A provider that answers whatever a test tells it to."""

    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k", "alg": "RS256"})
    )
    token: str | None = None
    described: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    asked: dict[str, list[str]] = field(default_factory=dict)
    issuer: str = ""

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return self.describe()
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/me":
            return self.userinfo or {}
        given = {"access_token": "a", "token_type": "Bearer"}
        return given | ({"id_token": self.token} if self.token else {})

    def describe(self) -> dict[str, Any]:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        more = {"userinfo_endpoint": f"{self.issuer}/me"} if self.userinfo else {}
        return told | more | self.described


@pytest.fixture
def cheat() -> Iterator[Cheat]:
    told = Cheat()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(told.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.asked = parse_qs(sent)
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.issuer = f"http://127.0.0.1:{listening.server_port}"
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield told
    listening.shutdown()


@pytest.fixture
def client(cheat: Cheat, claims_file: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in settings(cheat.issuer, claims_file).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(server.config, "SECRET_KEY", "a key of the tests")
    return server.test_client()


def begun(client, cheat: Cheat) -> dict[str, str]:
    """The parameters with which a browser leaves for the provider."""
    sent = client.get("/sign-in/start?next=/areas")
    assert sent.status_code == 302
    assert sent.location.startswith(f"{cheat.issuer}/auth?")
    return {name: value[0] for name, value in parse_qs(urlsplit(sent.location).query).items()}


def said(cheat: Cheat, sent: dict[str, str], **changes: Any) -> dict[str, Any]:
    moment = int(time.time())
    told = {
        "iss": cheat.issuer,
        "aud": CLIENT,
        "sub": "ada",
        "iat": moment,
        "exp": moment + 60,
        "nonce": sent["nonce"],
        "groups": ["trigpoint-leaders"],
    } | changes
    return {name: value for name, value in told.items() if value is not None}


def signed(cheat: Cheat, told: dict[str, Any], key: Any = None, **header: str) -> str:
    head = {"alg": "RS256", "kid": "k"} | header
    return jwt.encode(head, told, key or cheat.key, algorithms=[head["alg"]])


def unsigned(told: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, told)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def returned(client, sent: dict[str, str], **more: str):
    return client.get("/sign-in/return", query_string={"code": "c", "state": sent["state"]} | more)


def is_let_in(client, answer) -> bool:
    has_cookie = client.get_cookie("trigpoint") is not None
    assert has_cookie == (answer.status_code == 303)
    return has_cookie


def test_a_sound_answer_lets_in_and_the_code_is_bound_to_this_browser(client, cheat) -> None:
    sent = begun(client, cheat)
    cheat.token = signed(cheat, said(cheat, sent))
    answer = returned(client, sent, iss=cheat.issuer)
    assert is_let_in(client, answer)
    assert answer.location == "/areas"
    assert sent["code_challenge_method"] == "S256"
    assert len(cheat.asked["code_verifier"][0]) >= 43
    assert cheat.asked["code_verifier"] != [sent["code_challenge"]]


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k"})
CHEATS = {
    "another issuer": lambda c, s: signed(c, said(c, s, iss="https://other.example")),
    "no issuer": lambda c, s: signed(c, said(c, s, iss=None)),
    "for another client": lambda c, s: signed(c, said(c, s, aud="other")),
    "for nobody": lambda c, s: signed(c, said(c, s, aud=None)),
    "another nonce": lambda c, s: signed(c, said(c, s, nonce="other")),
    "no nonce": lambda c, s: signed(c, said(c, s, nonce=None)),
    "no nonce, and says that it has none": lambda c, s: signed(
        c, said(c, s, nonce=None, nonce_supported=False)
    ),
    "expired": lambda c, s: signed(c, said(c, s, exp=int(time.time()) - 3600)),
    "no expiry": lambda c, s: signed(c, said(c, s, exp=None)),
    "from the future": lambda c, s: signed(c, said(c, s, iat=int(time.time()) + 3600)),
    "nobody": lambda c, s: signed(c, said(c, s, sub=None)),
    "another key": lambda c, s: signed(c, said(c, s), OTHER_KEY),
    "a key that is not published": lambda c, s: signed(c, said(c, s), OTHER_KEY, kid="other"),
    "the shared secret": lambda c, s: signed(c, said(c, s), OctKey.import_key(SECRET), alg="HS256"),
    "not signed": lambda c, s: unsigned(said(c, s)),
    "no token of identity": lambda c, s: None,
    "no token at all": lambda c, s: "nonsense",
}


@pytest.mark.parametrize("how", CHEATS)
def test_a_token_that_does_not_hold_lets_nobody_in(client, cheat, how) -> None:
    sent = begun(client, cheat)
    cheat.token = CHEATS[how](cheat, sent)
    answer = returned(client, sent)
    assert answer.status_code == 400
    assert not is_let_in(client, answer)


@pytest.mark.parametrize(
    "more",
    [
        {"state": "other"},
        {"state": ""},
        {"iss": "https://other.example"},
        {"error": "access_denied"},
    ],
)
def test_an_answer_to_another_question_lets_nobody_in(client, cheat, more) -> None:
    sent = begun(client, cheat)
    cheat.token = signed(cheat, said(cheat, sent))
    assert not is_let_in(client, returned(client, sent, **more))


def test_an_answer_counts_once(client, cheat) -> None:
    sent = begun(client, cheat)
    cheat.token = signed(cheat, said(cheat, sent))
    assert is_let_in(client, returned(client, sent))
    client.delete_cookie("trigpoint")
    assert not is_let_in(client, returned(client, sent))


def test_a_provider_that_describes_another_is_not_asked(client, cheat) -> None:
    cheat.described = {"issuer": "https://other.example"}
    assert client.get("/sign-in/start").status_code == 502


def test_what_is_told_later_is_about_the_same_person(client, cheat) -> None:
    sent = begun(client, cheat)
    cheat.token = signed(cheat, said(cheat, sent, groups=None))
    cheat.userinfo = {"sub": "eve", "groups": ["trigpoint-leaders"]}
    assert not is_let_in(client, returned(client, sent))
    sent = begun(client, cheat)
    cheat.token = signed(cheat, said(cheat, sent, groups=None))
    cheat.userinfo = {"sub": "ada", "groups": ["trigpoint-leaders"], "iss": "https://other.example"}
    assert is_let_in(client, returned(client, sent))


def test_who_was_removed_here_is_not_let_in_whatever_the_provider_says(client, cheat, home) -> None:
    for is_expected in (True, False):
        sent = begun(client, cheat)
        cheat.token = signed(cheat, said(cheat, sent, sub="gone"))
        answer = returned(client, sent)
        assert is_let_in(client, answer) == is_expected
        client.delete_cookie("trigpoint")
        if is_expected:
            accounts.remove(Home(home), f"{cheat.issuer}|gone")
    assert "this account was removed from Trigpoint" in answer.get_data(as_text=True)


def test_another_role_at_the_provider_ends_the_sessions_of_the_one_before(client, cheat) -> None:
    sent = begun(client, cheat)
    cheat.token = signed(cheat, said(cheat, sent, sub="moves"))
    assert is_let_in(client, returned(client, sent))
    elsewhere = server.test_client()
    sent = begun(elsewhere, cheat)
    told = {"sub": "moves", "groups": ["trigpoint-local"], "area": "E06000016"}
    cheat.token = signed(cheat, said(cheat, sent, **told))
    assert is_let_in(elsewhere, returned(elsewhere, sent))
    assert elsewhere.get("/files/areas.json").status_code == 200
    assert client.get("/files/areas.json").status_code == 401
