"""Who gets in: a token alone, no further than its person may now, counted and on the audit."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from api import limits as api_limits
from api.gate import audit
from dashboard import gate
from journal import chain, reading
from journal.engine import journal_of
from journal.tables import Token
from people import accounts, attempts, tokens
from people.exits import ruled
from people.personas import personas
from people.settings import SignIn
from store import releases
from store.moments import now
from tests.api.conftest import UNHURRIED, asking, token_of
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import CITED, ENGLAND, LEICESTER

SERIES = f"/figures?metric=cases_by_specimen_date&area={LEICESTER}"
GETS = {
    "api.metrics": "/metrics",
    "api.areas": "/areas",
    "api.releases": "/releases",
    "api.figures": SERIES,
    "api.figure": f"/figures/{CITED}",
    "api.claims": "/claims?limit=5",
}
SQL = {"sql": "select count(*) as n from figures"}


def taken(ask, name):
    return ask("/sql", "POST", json=SQL) if name == "api.sql" else ask(GETS[name])


def last(place):
    return reading.questions(place).row(0, named=True)


@pytest.mark.parametrize("persona", personas())
@pytest.mark.parametrize("name", [*GETS, "api.sql"])
def test_a_role_gets_what_its_row_says(place, persona, name):
    may = personas()[persona].role in ruled()[name].who
    answer = taken(asking(token_of(place, persona)), name)
    assert answer.status_code == (200 if may else 403), answer.text


@pytest.mark.parametrize(
    ("uses", "name", "status"),
    [
        (("read",), "api.sql", 403),
        (("read",), "api.figures", 200),
        (("sql",), "api.sql", 200),
        (("sql",), "api.figures", 403),
        (("sql",), "api.metrics", 403),
    ],
)
def test_a_token_does_what_it_was_made_for(place, uses, name, status):
    answer = taken(asking(token_of(place, "analyst", uses)), name)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer tp_",
        f"Bearer tp_{'A' * 43}",
        "Basic dXNlcjpwYXNz",
        "tp_" + "A" * 43,
        "Bearer é",
    ],
)
def test_whatever_is_no_token_lets_nobody_in(place, given):
    answer = asking(None)("/metrics", headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_session_is_not_taken(place):
    client = signed_in("analyst")
    assert client.get("/files/areas.json").status_code == 200
    assert client.get("/api/v1/metrics").status_code == 401
    assert client.post("/api/v1/sql", json=SQL).status_code == 401


def test_a_token_is_not_taken_elsewhere(place):
    token = token_of(place)
    with_it = {"Authorization": f"Bearer {token}"}
    assert asking(None)("/../../files/areas.json", headers=with_it).status_code in {401, 404}
    client = signed_in("analyst")
    client.delete_cookie("trigpoint")
    assert client.get("/files/areas.json", headers=with_it).status_code == 401


@pytest.mark.parametrize(
    "address",
    ["/metrics?token={}", "/metrics?x={}", "/metrics/{}", "/figures?metric={}", "/areas?{}=1"],
)
def test_a_token_in_the_address_is_refused_and_kept_nowhere(place, address):
    token = token_of(place)
    before = chain.verify(place).entry_id
    answer = asking(token)(address.format(token))
    assert answer.status_code == 400 and "A token was put where others can read it" in answer.text
    assert chain.verify(place).entry_id == before
    assert token not in answer.text


def test_a_token_in_a_question_or_a_purpose_is_refused(place):
    token = token_of(place)
    ask = asking(token)
    assert ask("/sql", "POST", json={"sql": f"select '{token}'"}).status_code == 400
    assert ask("/metrics", headers={"X-Trigpoint-Purpose": token}).status_code == 400


def test_a_question_in_another_encoding_is_refused_and_not_put_down(place):
    ask, before = asking(token_of(place)), chain.verify(place).entry_id
    for encoding in ("utf-16", "utf-16-le", "utf-32", "latin-1"):
        sent = json.dumps({"sql": "select 'é'"}, ensure_ascii=False).encode(encoding)
        answer = ask("/sql", "POST", data=sent, content_type="application/json")
        assert (answer.status_code, "UTF-8" in answer.text) == (400, True), encoding
    assert chain.verify(place).entry_id == before
    sent = json.dumps(SQL).encode("utf-16-le")
    assert ask("/sql", "POST", data=sent, content_type="application/json").status_code == 400
    assert last(place)["question"].endswith("POST /api/v1/sql")


def test_what_is_escaped_is_read_on_the_audit_and_hides_no_token(place):
    token = token_of(place)
    ask, before = asking(token), chain.verify(place).entry_id
    for part in ("sql", "as_of", "release", "more"):
        sent = json.dumps(SQL | {part: f"'{token}'"}).replace("tp_", "\\u0074p_")
        answer = ask("/sql", "POST", data=sent, content_type="application/json")
        assert (answer.status_code, "A token was put" in answer.text) == (400, True)
    assert chain.verify(place).entry_id == before
    sent = '{"sql": "\\u0073elect 1 as \\u00e9"}'
    assert ask("/sql", "POST", data=sent, content_type="application/json").status_code == 200
    assert '"select 1 as é"' in last(place)["question"]


class TestAnEnd:
    """Each end holds from the next request on."""

    @pytest.fixture
    def person(self, place):
        accounts.enter(place, known("analyst", ENGLAND))
        return known("analyst", ENGLAND).subject

    @pytest.fixture
    def ask(self, place, person):
        token = tokens.make(place, person, "A test", ["read"], 30, SignIn.read())
        ask = asking(token)
        assert ask(SERIES).status_code == 200
        return ask

    def test_by_its_person(self, place, person, ask):
        (one,) = [one for one in tokens.of_person(place, person, SignIn.read()) if one.holds]
        tokens.end(place, person, one.token_id)
        before = chain.verify(place).entry_id
        assert ask(SERIES).status_code == 401
        assert chain.verify(place).entry_id == before + 2
        found = last(place)
        assert (found["person"], found["outcome"]) == (person, "401 UNAUTHORIZED")
        said = f"token {one.token_id}, which holds no more: GET /api/v1/figures"
        assert found["question"] == said

    def test_by_another_role(self, place, ask):
        accounts.enter(place, known("engineer", ENGLAND))
        assert ask(SERIES).status_code == 401

    def test_by_another_scope(self, place, ask):
        accounts.enter(place, known("analyst", "E12000007"))
        assert ask(SERIES).status_code == 401
        accounts.enter(place, known("analyst", ENGLAND))
        assert ask(SERIES).status_code == 401

    def test_by_the_end_of_the_account(self, place, person, ask):
        accounts.remove(place, person)
        assert ask(SERIES).status_code == 401
        with journal_of(place).writing() as session:
            session.get(accounts.Person, person).state = "active"
        assert ask(SERIES).status_code == 401

    def test_by_another_way_of_signing_in(self, ask, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", "local")
        assert ask(SERIES).status_code == 401

    def test_by_its_day(self, place, person, ask):
        with journal_of(place).writing() as session:
            for row in session.query(Token).filter_by(subject=person):
                row.made_at = row.last_used_at = now() - timedelta(days=31)
                row.ends_at = now() - timedelta(days=1)
        assert ask(SERIES).status_code == 401


def known(role, scope):
    return accounts.Known("demonstration|mover", "A Mover", role, scope)


class TestLimits:
    @pytest.fixture(autouse=True)
    def counted_anew(self, place):
        """Other tests asked and guessed before."""
        found = api_limits.limits()
        for persona in ("operations", "engineer"):
            for limit in (found.requests, found.told):
                attempts.forget(place, limit, f"demonstration|{persona}")
        for address in ("127.0.0.1", "127.0.0.9"):
            attempts.forget(place, found.guesses, address)

    def test_requests_are_counted_by_person_over_all_their_tokens(self, place, monkeypatch):
        with_limit(monkeypatch, requests_a_minute=2)
        client = token_of(place, "operations")
        assert [asking(client)("/areas").status_code for _ in range(3)] == [200, 200, 429]
        refused = asking(token_of(place, "operations"))("/areas")
        assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 60
        assert last(place)["outcome"] == "429 TOO MANY REQUESTS"
        assert asking(token_of(place, "engineer"))("/areas").status_code == 200

    def test_a_run_of_too_many_is_put_down_once_and_nothing_of_what_was_sent(
        self, place, monkeypatch
    ):
        with_limit(monkeypatch, requests_a_minute=1)
        ask = asking(token_of(place, "operations"))
        ask("/areas")
        before = chain.verify(place).entry_id
        sent = {"sql": "select 1 -- " + "x" * 15_000}
        assert {ask("/sql", "POST", json=sent).status_code for _ in range(5)} == {429}
        assert chain.verify(place).entry_id == before + 2
        assert "x" * 20 not in last(place)["question"]
        assert last(place)["outcome"] == "429 TOO MANY REQUESTS"

    def test_what_is_refused_counts_as_well(self, place, monkeypatch):
        with_limit(monkeypatch, requests_a_minute=2)
        ask = asking(token_of(place, "engineer"))
        assert [ask(SERIES).status_code for _ in range(3)] == [403, 403, 429]

    def test_a_body_that_is_too_long_is_not_put_down(self, place):
        ask = asking(token_of(place))
        before = chain.verify(place).entry_id
        answer = ask("/sql", "POST", json={"sql": "select 1", "more": "x" * 64_000})
        assert (answer.status_code, "64,000 bytes" in answer.text) == (413, True)
        assert chain.verify(place).entry_id == before

    def test_guesses_are_counted_by_address_and_shut_nobody_out_who_has_a_token(
        self, place, monkeypatch
    ):
        with_limit(monkeypatch, wrong_tokens=2)
        token = token_of(place)
        guess = asking(f"tp_{'A' * 43}")
        there = {"REMOTE_ADDR": "127.0.0.9"}
        told = [guess("/areas", environ_base=there).status_code for _ in range(3)]
        assert told == [401, 401, 429]
        assert asking(token)("/areas", environ_base=there).status_code == 200
        assert asking(None)("/areas", environ_base=there).status_code == 401


def with_limit(monkeypatch, **changes):
    changed = replace(UNHURRIED, **changes)
    monkeypatch.setattr("api.gate.limits", lambda: changed)


def token_id(place, subject="demonstration|analyst"):
    """The id of the one token that a person has."""
    held = [one for one in tokens.of_person(place, subject, SignIn.read()) if one.holds]
    return held[0].token_id


class TestAudit:
    def test_holds_who_asked_what_why_and_what_they_got(self, place):
        ask = asking(token_of(place))
        before = chain.verify(place).entry_id
        address = f"{SERIES}&as_of=2020-07-25&limit=9"
        ask(address, headers={"X-Trigpoint-Purpose": "Weekly report"})
        assert chain.verify(place).entry_id == before + 2
        found = last(place)
        assert (found["exit"], found["purpose"]) == ("api", "Weekly report")
        assert found["question"] == f"token {token_id(place)}: GET /api/v1{address}"
        assert json.loads(found["areas"]) == [LEICESTER]
        assert json.loads(found["metrics"]) == ["cases_by_specimen_date"]
        assert found["as_of"] == "2020-07-25T23:59:59.999999"
        assert (found["outcome"], found["person"]) == ("given", "demonstration|analyst")
        assert (found["rows"], found["release_id"]) == (9, releases.current(place).release_id)

    def test_holds_what_was_refused_and_what_was_known_already(self, place):
        ask = asking(token_of(place, "engineer"))
        ask(SERIES)
        assert last(place)["outcome"] == "403 FORBIDDEN"
        etag = ask("/areas").headers["ETag"]
        before = chain.verify(place).entry_id
        assert ask("/areas", headers={"If-None-Match": etag}).status_code == 304
        assert chain.verify(place).entry_id == before + 2
        assert (last(place)["outcome"], last(place)["rows"]) == ("given", 0)

    def test_holds_a_question_in_sql(self, place):
        asked = SQL | {"as_of": "2020-07-25"}
        asking(token_of(place))("/sql", "POST", json=asked)
        found = last(place)
        assert json.loads(found["question"].split(" POST /api/v1/sql ")[1]) == asked
        assert found["as_of"] == "2020-07-25T23:59:59.999999"
        assert (found["exit"], found["rows"]) == ("api", 1)

    @pytest.mark.parametrize("is_late", [False, True])
    def test_without_it_there_is_no_answer(self, place, monkeypatch, is_late):
        ask, put = asking(token_of(place)), audit.ask
        journal = journal_of(place)
        head = place.audit_head.read_text() if place.audit_head.exists() else ""

        def then_gone(*arguments):
            asked = put(*arguments)
            place.audit_head.write_text("nothing of the kind\n")
            return asked

        if is_late:
            monkeypatch.setattr(audit, "ask", then_gone)
        else:
            place.audit_head.write_text("nothing of the kind\n")
        answer = ask(SERIES)
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert "cannot be put on the audit" in answer.text and "rows" not in answer.text
        place.audit_head.write_text(head)
        journal.engine.dispose()
        assert chain.verify(place)


def test_at_another_address_nobody_is_answered(place):
    ask = asking(token_of(place))
    answer = ask("/metrics", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (421, "application/problem+json")
    assert gate.NOT_HERE.strip() == answer.get_json()["detail"]
