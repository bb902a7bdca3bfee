"""Once an agreement ends, no way out tells anything of its source, while the server runs on."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask.testing import FlaskClient

from api.limits import limits
from journal import actions, confirmations, subscriptions
from journal.engine import journal_of
from journal.notes import SeenFigure
from journal.subscriptions import Wanted
from journal.tables import Problem
from mailing.rounds import send_due
from mailing.settings import Mailing, MailServer
from people import accounts, tokens
from people.accounts import Known
from people.exits import registered, ruled
from people.settings import SignIn
from pipeline import report
from pipeline.check import last_found
from pipeline.cli import app as commands
from pipeline.cli import main
from store import agreements, passport, releases
from store.agreements import NOT_FOR_AUDIENCE, WITHHELD
from store.citations import Citation
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from tests.dashboard import taken_away
from tests.dashboard.asked_in_sql import (
    as_text,
    counting,
    query_id,
    ran,
    stopping,
    without_moments,
)
from tests.dashboard.asked_in_sql import posted as posted_to
from tests.dashboard.ended_england import SOURCE, two_homes
from tests.dashboard.on_paper import words_of
from tests.dashboard.signed_in import HERE, signed_in
from tests.dashboard.small_england import CITED, DISPUTED, ENGLAND, EXPLAINED, LEICESTER
from tests.dashboard.test_security import CALLBACKS, asking, located, on_screen
from tests.mailing.posted import PostBox, answering, html_of, paper_of, text_of

OURS = Path(__file__).parents[2] / "agreements"
Asking = Callable[[Home], list[str]]
MEASURED = f"measure=cases_by_specimen_date&area={ENGLAND}"
MOMENT = "as_of=2020-08-01"
LONDON = "E12000007"
OFFICER = "data_protection_officer"
READER = Known("demonstration|regional_lead", "Priya Shah", "regional_lead", LONDON)
TOMORROW = (now() + timedelta(days=1)).isoformat(timespec="minutes")


def gone(home: Home) -> str:
    """A citation of a release of which only the record is left."""
    with open_reader(home) as reader:
        shown = reader.ask("select release_id from releases_shown order by shown_from")
    (release_id,) = {*shown["release_id"]} - {one.release_id for one in releases.kept(home)}
    return str(Citation(CITED, release_id))


def cited(home: Home) -> str:
    return str(Citation(CITED, releases.kept(home)[0].release_id))


def release_of(citation: str) -> str:
    return citation[-len("20200101-000000-000") :]


def on_paper(*queries: str) -> Asking:
    return lambda _: [words_of(taken(f"/files/today.pdf?{query}")) for query in queries]


def pictured(*queries: str) -> Asking:
    """A picture cannot be read here, only compared; its digits stand for others than they are."""

    def take(_: Home) -> list[str]:
        pictures = [taken(f"/files/today.png?{query}") for query in queries]
        return [sha256(one).hexdigest().translate(AS_LETTERS) for one in pictures]

    return take


AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def taken(address: str) -> bytes:
    answer = signed_in().get(address)
    assert answer.status_code == 200, (address, answer.get_data(as_text=True)[:300])
    return answer.data


def got(*addresses: str) -> Asking:
    return lambda _: [answered(address) for address in addresses]


def answered(address: str, persona: str = "national_leader") -> str:
    client = signed_in(persona)
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, (address, answer.get_data(as_text=True)[:300])
    return of_no_session(client, answer.get_data(as_text=True))


def sent(body: dict[str, Any], persona: str = "national_leader") -> str:
    client = signed_in(persona)
    answer = client.post(CALLBACKS, json=body)
    assert answer.status_code == 200
    return of_no_session(client, answer.get_data(as_text=True))


def of_no_session(client: FlaskClient, text: str) -> str:
    """An answer without what is made anew for each session or request."""
    text = text.replace(client.environ_base["HTTP_X_TRIGPOINT_FORM"], "")
    return re.sub(r'"end_id":"[^"]*"', "", text)


def page(*places: tuple[str, str]) -> Asking:
    return lambda _: [sent(located(*place)) for place in places]


def figure_pages(home: Home) -> list[str]:
    old = [f"?release={release_of(citation)}" for citation in (cited(home), gone(home))]
    more = [sent(located(f"/figure/{CITED}", search)) for search in ("", f"?{MOMENT}", *old)]
    return [*more, sent(located(f"/figure/{EXPLAINED}", ""))]


def drawers(home: Home) -> list[str]:
    asked: list[dict[str, str]] = [{"figure": CITED}, {"figure": EXPLAINED}]
    asked += [{"figure": CITED, "release": release_of(cited(home))}]
    return [sent(asking(one)) for one in asked]


def on_the_wall(_: Home) -> list[str]:
    """The big screen, now and at a moment; the clock on it is not that of the other home."""
    asked = ({"area": ENGLAND}, {"area": LEICESTER, "as_of": MOMENT.removeprefix("as_of=")})
    return [re.sub(r"\d\d:\d\d", "", sent(on_screen(one))) for one in asked]


def citations(home: Home) -> list[str]:
    """The way from a citation leads to a page; what is on it is asked as the browser does."""
    found = []
    for citation in (cited(home), gone(home)):
        answer = signed_in().get(f"/cite/{citation}")
        path, _, search = answer.headers["Location"].partition("?")
        found.append(sent(located(path, f"?{search}")))
    return found


def signed_out(_: Home) -> list[str]:
    return [signed_in().post("/sign-out", headers=HERE).get_data(as_text=True)]


def figure_files(home: Home) -> list[str]:
    wanted = (CITED, EXPLAINED, f"{CITED}&{MOMENT}", cited(home), gone(home))
    return [answered(f"/files/figure.json?figure={one}") for one in wanted]


def of_no_moment(text: str) -> str:
    """An answer without what tells who asked when, since the two homes are asked in turn."""
    return re.sub(r"[0-9a-f]{16,}|\d+", "#", text)


def of_the_questions_alone(text: str) -> str:
    assert "4711" not in re.sub(r"[0-9a-f]{12,}|\d\d:\d\d:\d\d\.\d+", "", text)
    return of_no_moment(text)


def for_the_officer(*addresses: str) -> Asking:
    return lambda _: [of_the_questions_alone(answered(one, OFFICER)) for one in addresses]


def governance(_: Home) -> list[str]:
    return [of_no_moment(sent(located("/governance", ""), OFFICER))]


def own_record(_: Home) -> list[str]:
    return [of_the_questions_alone(sent(located("/your-record", "")))]


def audit_checked(_: Home) -> list[str]:
    answer = signed_in(OFFICER).post("/governance/check", headers=HERE)
    assert answer.status_code == 303
    return [answer.headers["Location"]]


def posted(address: str, /, **form: str) -> Asking:
    def post(home: Home) -> list[str]:
        given = form | {"release": releases.current(home).release_id}
        answer = signed_in("operations").post(address, data=given, headers=HERE)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return [answer.headers["Location"]]

    return post


def finished(home: Home) -> list[str]:
    (action, *_) = actions.open_at(home, now())
    return posted("/standup/done", action=action["action_id"])(home)


def stood_up(home: Home) -> list[str]:
    """With an action in it whose text names a number; its times are not those of the other home."""
    text = "In truth there were 4711."
    seen = SeenFigure(CITED, releases.current(home).release_id, None)
    if text not in [action["text"] for action in actions.open_at(home, now())]:
        actions.take_up(home, seen, text, "Bo", now() + timedelta(hours=1), "Amina")
    places = ("", f"?area={ENGLAND}", f"?area={ENGLAND}&{MOMENT}")
    found = [sent(located("/standup", place)) for place in places]
    return [re.sub(r"\d\d:\d\d|action-[0-9a-f]+", "", text) for text in found]


def roll_back(home: Home) -> list[str]:
    """To the release that is shown; these homes were altered by hand, so it passes for damaged."""
    told = {"to": releases.current(home).release_id, "because": "It was asked for."}
    client = signed_in("engineer")
    answer = client.post("/sources/releases/roll-back", data=told, headers=HERE)
    assert answer.status_code == 409
    return [of_no_session(client, answer.get_data(as_text=True))]


def problem_pages(_: Home) -> list[str]:
    """One's own reports, the queue of whoever looks into them, and the form for a figure."""
    asked = [("/problems", ""), ("/problems", f"?problem={CITED}")]
    return [sent(located(*place), who) for place in asked for who in ("national_leader", "analyst")]


def of_problem(*steps: str) -> Asking:
    """A report on the figure of another source, moved so far and then forgotten."""

    def move(home: Home) -> list[str]:
        with open_reader(home) as reader:
            stands = passport.figure(reader, DISPUTED)["value"]
        given = {"figure": DISPUTED, "release": releases.current(home).release_id}
        given |= {"kind": "too_high", "wrong": "It is too high.", "reason": "It is so."}
        given |= {"stands": repr(stands), "value": "3", "expires_on": TOMORROW[:10]}
        told = []
        for step in ("report", *steps):
            answer = signed_in("analyst").post(f"/problems/{step}", data=given, headers=HERE)
            assert answer.status_code == 303, answer.get_data(as_text=True)
            path, _, given["problem"] = answer.headers["Location"].partition("#")
            told.append(path)
        with journal_of(home).writing() as session:
            session.delete(session.get(Problem, given["problem"]))
        return told

    return move


def subscribed(home: Home, **wanted: Any) -> Wanted:
    """Somebody wants this and nothing else, and has not been sent it yet."""
    accounts.enter(home, READER)
    for one in subscriptions.running(home):
        if one.subject == READER.subject:
            subscriptions.end(home, READER.subject, one.subscription_id)
    found = {"kind": "alert", "alerts": ("special_cause", "disputed"), "area_id": ENGLAND}
    found |= {"metric_id": None, "channel": "mail", "address": "priya@example.org"}
    token = confirmations.new_token()
    confirmations.keep(home, READER.subject, found["address"], token, now())
    confirmations.confirm(home, READER.subject, token)
    return subscriptions.subscribe(home, READER.subject, Wanted(**(found | wanted))).wanted


def run_of_mail(home: Home, server: MailServer | None) -> None:
    outcomes = send_due(home, Mailing(HERE["Origin"], 0, server, SignIn.read()), now())
    (state,) = [one.state for one in outcomes if one.subject == READER.subject]
    assert state == "sent"


def mailed(**wanted: Any) -> Asking:
    def take(home: Home) -> list[str]:
        subscribed(home, **wanted)
        box = PostBox()
        box.start()
        run_of_mail(home, MailServer("127.0.0.1", box.port, "none", None, None, "t@example.org"))
        box.stop()
        (mail,) = box.mail
        papers = [paper_of(mail)] if [*mail.iter_attachments()] else []
        return [text_of(mail), html_of(mail), *papers]

    return take


def messaged(home: Home) -> list[str]:
    with answering() as channel, pytest.MonkeyPatch.context() as settings:
        settings.setenv("TRIGPOINT_WEBHOOK_HOSTS", channel.host)
        for kind in ("slack", "teams"):
            subscribed(home, kind="brief", alerts=(), channel=kind, address=channel.address)
            run_of_mail(home, None)
        return [json.dumps(body, ensure_ascii=False) for _, body in channel.posted]


def unsubscribed(home: Home) -> list[str]:
    EXITS["action.subscribe"](home)
    one = next(one for one in subscriptions.running(home) if one.subject.endswith("operations"))
    return posted("/subscriptions/end", subscription=one.subscription_id)(home)


def exported(_: Home) -> list[str]:
    """Figures with their flags, and every table of a package."""
    client = signed_in()
    figures = taken_away.taken(client, what="figures", form="csv").decode()
    package = taken_away.taken(client, what="release", form="parquet")
    return [figures, "\n".join(taken_away.tables_in(package))]


def begun(_: Home) -> list[str]:
    """A file that is given up at once."""
    client = signed_in()
    export_id = taken_away.begin(client, what="claims")
    told = taken_away.give_up(client, export_id).headers["Location"]
    taken_away.ready(client, export_id)
    return [told]


def given_up(_: Home) -> list[str]:
    return [taken_away.give_up(signed_in(), "0" * 32).get_data(as_text=True)]


ANSWER = f"select figure_id, event_date, value from figures where source_id = '{SOURCE}'"
AS_MANY = f"select * from range((select value::bigint from figures where figure_id = '{CITED}'))"


def in_sql(home: Home) -> list[str]:
    """The answer on the page; that it was asked before stands in the history."""
    asked = (f"{ANSWER} order by figure_id", f"select * from claims where source_id = '{SOURCE}'")
    client = signed_in()
    told = [as_text(ran(client, one)["results"]) for one in asked]
    return [without_moments(of_no_session(client, one)) for one in told]


def rows_counted(_: Home) -> list[str]:
    client = signed_in()
    sent = {"run": "0" * 32, "query": query_id(ran(client, AS_MANY)["results"])}
    return [client.post(CALLBACKS, json=counting(**sent)).get_data(as_text=True)]


def sql_files(_: Home) -> list[str]:
    client = signed_in()
    kept = query_id(ran(client, f"{ANSWER} order by figure_id")["results"])
    found = [client.get(f"/files/query.{form}?query={kept}") for form in ("csv", "parquet")]
    assert [one.status_code for one in found] == [200, 200]
    return [found[0].get_data(as_text=True), repr(found[1].data)]


def workspace(_: Home) -> list[str]:
    """What was asked and how many rows it had stands in the history, as on the audit."""
    return [of_no_moment(without_moments(sent(located("/workspace", ""))))]


def saved(what: str) -> Asking:
    def take(_: Home) -> list[str]:
        kept = query_id(ran(signed_in(), "select 1")["results"])
        form = {"query": kept, "name": "One", "sql": "select 1"}
        return [without_moments(posted_to(signed_in(), what, **form).headers["Location"])]

    return take


def by_program(*addresses: str) -> Asking:
    """What the API answers to a token of an analyst, page by page; in CSV as well as JSON."""

    def take(home: Home) -> list[str]:
        client, with_token = signed_in("analyst"), bearing(home)
        return [of_program(client, address, with_token) for address in addresses]

    return take


def asked_in_sql(*questions: str) -> Asking:
    def take(home: Home) -> list[str]:
        client, with_token = signed_in("analyst"), bearing(home)
        told = []
        for question in questions:
            asked = {"sql": question}
            answer = client.post("/api/v1/sql?format=csv", json=asked, headers=with_token)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            told.append(answer.get_data(as_text=True))
        return told

    return take


def bearing(home: Home) -> dict[str, str]:
    subject = "demonstration|analyst"
    for one in tokens.of_person(home, subject, SignIn.read()):
        tokens.end(home, subject, one.token_id)
    token = tokens.make(home, subject, "A test", ["read", "sql"], 1, SignIn.read())
    return {"Authorization": f"Bearer {token}"}


def of_program(client: FlaskClient, address: str, with_token: dict[str, str]) -> str:
    answer = client.get(f"/api/v1{address}", headers=with_token)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def made_and_ended(home: Home) -> list[str]:
    """A token is another each time; what is said beside it is not."""
    client, told = signed_in("analyst"), {"name": "A test", "uses": "read", "days": "1"}
    made = client.post("/your-record/tokens/make", data=told, headers=HERE)
    assert made.status_code == 200
    (newest, *_) = tokens.of_person(home, "demonstration|analyst", SignIn.read())
    ended = client.post("/your-record/tokens/end", data={"token_id": newest.token_id}, headers=HERE)
    assert ended.status_code == 303
    page = re.sub(r"tp_[\w-]+|\d\d:\d\d", "", made.get_data(as_text=True))
    return [page, ended.headers["Location"]]


def cited_by_program(home: Home) -> list[str]:
    wanted = (CITED, EXPLAINED, f"{CITED}?{MOMENT}", cited(home), gone(home))
    return by_program(*(f"/figures/{one}" for one in wanted))(home)


PROGRAM = f"metric=cases_by_specimen_date&area={ENGLAND}&limit=5000"
TOLD = f"select * from figures where source_id = '{SOURCE}' order by figure_id"
# How each way out is taken; one that is not here fails the first test.
EXITS: dict[str, Asking] = {
    "health": got("/health"),
    "sign_in": got("/sign-in"),
    "sign_out": signed_out,
    "frame": got("/", "/_dash-layout", "/_dash-dependencies"),
    "page.today": page(("/", ""), ("/", f"?{MOMENT}"), ("/", f"?area={LEICESTER}")),
    "action.standup": posted("/standup/start"),
    "action.take_up": posted(
        "/standup/action", figure=CITED, text="Ring the trust", owner="Bo", due=TOMORROW
    ),
    "action.done": finished,
    "page.standup": stood_up,
    "page.areas": page(("/areas", ""), ("/areas", "?measure=cases_by_specimen_date")),
    "page.area": page((f"/areas/{LEICESTER}", ""), (f"/areas/{ENGLAND}", f"?{MOMENT}")),
    "page.figure": figure_pages,
    "page.sources": page(("/sources", ""), ("/sources", f"?{MOMENT}")),
    "page.source": page((f"/sources/{SOURCE}", "")),
    "page.conflicts": page(("/sources/conflicts", "")),
    "page.releases": page(("/sources/releases", "")),
    "page.catalogue": page(
        ("/catalogue", ""),
        ("/catalogue", "?find=cases"),
        ("/catalogue/metrics/cases_by_specimen_date", ""),
        ("/catalogue/columns/figures.value", ""),
    ),
    "page.none": page(("/nothing", "")),
    "callback.page": page(("/", "")),
    "callback.drawer": drawers,
    "callback.screen": on_the_wall,
    "citation": citations,
    "lookup.areas": got("/files/areas.json"),
    "export.today_pdf": on_paper(f"area={ENGLAND}", f"area={ENGLAND}&{MOMENT}"),
    "export.today_png": pictured(f"area={ENGLAND}", f"area={ENGLAND}&{MOMENT}"),
    "export.trend": got(f"/files/trend.csv?{MEASURED}", f"/files/trend.csv?{MEASURED}&{MOMENT}"),
    "export.comparison": got(f"/files/comparison.csv?{MEASURED}"),
    "export.regions": got("/files/regions.csv?measure=cases_by_specimen_date"),
    "export.authorities": got("/files/authorities.csv?measure=cases_by_specimen_date"),
    "export.versions": got(
        f"/files/versions.csv?figure={CITED}", f"/files/versions.csv?figure={EXPLAINED}"
    ),
    "export.figure": figure_files,
    "export.conflicts": got("/files/conflicts.csv"),
    "export.quarantine": got(f"/files/quarantine/{SOURCE}.csv"),
    "page.exports": page(("/exports", ""), ("/exports", f"?{MOMENT}")),
    "export_state": got(f"/exports/{'0' * 32}/state.json"),
    "export.make": begun,
    "export.prepared": exported,
    "action.cancel_export": given_up,
    "page.governance": governance,
    "page.your_record": own_record,
    "export.register": for_the_officer("/files/register.csv", "/files/record-of-processing.html"),
    "export.audit": for_the_officer("/files/audit.csv"),
    "export.access": for_the_officer("/files/access.csv"),
    "action.check_audit": audit_checked,
    "action.roll_back": roll_back,
    "page.problems": problem_pages,
    # On a figure that no other way out looks at: notes bear the moment at which they were written.
    "action.note": posted(
        "/notes/write",
        figure="cases_by_specimen_date.E08000003.all.2020-07-20",
        text="Two trusts are late.",
    ),
    "action.report": of_problem(),
    "action.triage": of_problem("take-up", "reject"),
    "action.accept": of_problem("take-up", "accept"),
    "action.take_back": of_problem("take-up", "accept", "take-back"),
    "page.subscriptions": page(("/subscriptions", "")),
    "action.subscribe": posted(
        "/subscriptions/subscribe",
        what="every_alert",
        area=ENGLAND,
        channel="mail",
        address="maria@example.org",
    ),
    "action.unsubscribe": unsubscribed,
    "page.workspace": workspace,
    "callback.query": in_sql,
    "callback.count": rows_counted,
    "callback.stop": lambda _: [sent(stopping(run="0" * 32))],
    "export.query": sql_files,
    "action.save_query": saved("save"),
    "action.share_query": saved("share"),
    "mail.brief": mailed(kind="brief", alerts=()),
    "mail.alert": mailed(),
    "webhook": messaged,
    "api.openapi": got("/api/v1/openapi.json"),
    "api.metrics": by_program("/metrics", "/metrics/cases_by_specimen_date"),
    "api.areas": by_program("/areas"),
    "api.releases": by_program("/releases"),
    "api.figures": by_program(
        f"/figures?{PROGRAM}", f"/figures?{PROGRAM}&format=csv", f"/figures?{PROGRAM}&{MOMENT}"
    ),
    "api.figure": cited_by_program,
    "api.claims": by_program(f"/claims?{PROGRAM}", f"/claims?{PROGRAM}&format=csv"),
    "api.sql": asked_in_sql(TOLD, TOLD.replace("figures", "claims", 1).replace("figure_id", "all")),
    "action.make_token": made_and_ended,
    "action.end_token": made_and_ended,
}
# These tell nothing of any figure, while the agreement holds as well.
WITHOUT_VALUES = {
    *("health", "sign_in", "sign_out", "frame", "page.none", "lookup.areas"),
    *("page.your_record", "action.roll_back"),
    *("export_state", "export.make", "action.cancel_export"),
    *("export.register", "export.audit", "export.access", "action.check_audit"),
    *("action.standup", "action.take_up", "action.done"),
    *("action.note", "action.report", "action.triage", "action.accept", "action.take_back"),
    *("action.subscribe", "action.unsubscribe"),
    *("callback.stop", "action.save_query", "action.share_query"),
    *("api.openapi", "api.metrics", "api.areas", "api.releases"),
    *("action.make_token", "action.end_token"),
    *("sources", "agreements", "audit", "disclosure"),
}
# These tell what was asked, and so another thing each time.
OF_WHAT_WAS_ASKED = {"audit", "page.governance", "page.your_record", "export.audit"}


def asks(*commands_: Callable[[Home], list[str]]) -> Callable[..., list[str]]:
    return lambda home, capsys: [said(home, capsys, *command(home)) for command in commands_]


def said(home: Home, capsys: Any, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--home", str(home.root)])
    told = capsys.readouterr()
    assert ended.value.code in {0, 3}, told.err
    return told.out.replace(str(home.root), "HOME")


def sql(home: Home, capsys: Any) -> list[str]:
    """Each table of a release and of the record in one question, and the figures in each form."""
    tables = [*releases.current(home).rows, "figures_shown", "figures_as_known('2020-08-01')"]
    each = " union all ".join(
        f"select ${table}$ as name, list(rows::varchar order by rows::varchar)::varchar as told "
        f"from {table} as rows".replace("$", "$$")
        for table in tables
    )
    told = said(home, capsys, "sql", each, "--format", "csv")
    rows = pl.read_csv(io.StringIO(told))["told"].fill_null("").to_list()
    assert len(rows) == len(tables)
    own = f"select * from figures where source_id = '{SOURCE}' order by figure_id"
    rows += [said(home, capsys, "sql", own, "--format", form) for form in ("table", "json", "csv")]
    file = home.root.parent / "answer.parquet"
    said(home, capsys, "sql", own, "--format", "parquet", "--output", str(file))
    return [*rows, repr(file.read_bytes())]


def audited(home: Home, capsys: Any) -> list[str]:
    """What was asked is on it and no answer; moments and hashes are of no interest here.

    Nor is how many rows an answer had while the agreement held: that was so, and stays on it.
    """
    text = said(home, capsys, "audit", "--format", "csv")
    told = pl.read_csv(io.StringIO(text), infer_schema=False).drop("rows").write_csv()
    rows = {
        # An id is taken whole before a moment is, for it may begin with ten digits.
        re.sub(r"PR-[0-9A-F]+|\w+-[0-9a-f]{8,}|[0-9a-f]{16,}|[\d:.T-]{10,}", "", row)
        for row in told.splitlines()
    }
    return ["\n".join(sorted(rows))]


def checked(home: Home, capsys: Any) -> list[str]:
    """What a check says; its tests of the whole warehouse are not what this is about."""
    report.checked(home, last_found(home), as_json=False)
    report.checked(home, last_found(home), as_json=True)
    return [capsys.readouterr().out]


COMMANDS: dict[str, Callable[..., list[str]]] = {
    "sql": sql,
    "figure": asks(
        lambda _: ["figure", CITED],
        lambda _: ["figure", CITED, "--json"],
        lambda _: ["figure", CITED, "--as-of", "2020-08-01"],
        lambda _: ["figure", EXPLAINED],
        lambda home: ["figure", cited(home)],
        lambda home: ["figure", gone(home), "--json"],
        lambda home: ["figure", gone(home)],
    ),
    "diff": asks(
        lambda _: ["diff", "2020-07-23", "2020-08-06"],
        lambda _: ["diff", "2020-07-23", "2020-08-06", "--area", LEICESTER, "--json"],
    ),
    "note": asks(
        lambda _: ["note", CITED],
        lambda _: ["note", EXPLAINED, "--json"],
        lambda home: ["note", gone(home)],
    ),
    "problems": asks(lambda _: ["problems"], lambda _: ["problems", "--json"]),
    "status": asks(lambda _: ["status"], lambda _: ["status", "--json"]),
    "check": checked,
    "disclosure": asks(lambda _: ["disclosure", "--format", "csv"]),
    "audit": audited,
    "sources": asks(lambda _: ["sources"]),
}
# Commands that take in, make or serve, and answer nothing of a release.
ANSWER_NOTHING = {
    *("run", "load", "build", "publish", "decide", "rollback", "replay", "serve", "people"),
    *("agreements", "mail"),
}


def test_every_way_out_and_every_command_is_taken_here():
    assert set(EXITS) == set(ruled()) == set(registered())
    names = {one.name or one.callback.__name__ for one in commands.registered_commands}
    names |= {one.name for one in commands.registered_groups}
    assert set(COMMANDS) | ANSWER_NOTHING == names
    assert not set(COMMANDS) & ANSWER_NOTHING


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Home]:
    return two_homes(tmp_path_factory.mktemp("ended"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Agreements of which one lists the source alone."""
    path = tmp_path / "agreements"
    shutil.copytree(OURS, path)
    whole = (OURS / "open_government.toml").read_text()
    (path / "others.toml").write_text(whole.replace(f'  "{SOURCE}",\n', ""))
    alone = re.sub(r"sources = \[[^]]*]", f'sources = ["{SOURCE}"]', whole)
    (path / "open_government.toml").write_text(alone)
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(path))
    monkeypatch.setenv("TRIGPOINT_EXPORTS_A_MINUTE", "10000")
    monkeypatch.setenv("TRIGPOINT_MAIL_DOMAINS", "example.org")
    unhurried = replace(limits(), requests_a_minute=10_000)
    monkeypatch.setattr("api.gate.limits", lambda: unhurried)
    return path


def expire(path: Path) -> None:
    path.write_text(path.read_text().replace("2035-01-01", str(agreements.today())))


def take_away(path: Path) -> None:
    path.unlink()


def harm(path: Path) -> None:
    path.write_text(path.read_text()[:400])


def leave_unsigned(path: Path) -> None:
    path.write_text(re.sub(r"\[sign_offs\.clinical]\n.*\n.*\n", "", path.read_text()))


def ask_for_an_opt_out(path: Path) -> None:
    path.write_text(path.read_text().replace('"not_applicable"', '"type_1_opt_out"'))


def name_others(path: Path) -> None:
    path.write_text(path.read_text().replace('everyone = "exact"', 'engineer = "exact"'))


def ask_for_control(path: Path) -> None:
    """What was published under it stands uncontrolled in every release that there is."""
    text = path.read_text().replace('disclosure_rule = "published"', f"disclosure_rule = {RULE}")
    path.write_text(text.replace('everyone = "exact"', 'everyone = "controlled"'))


RULE = '"nhs_subnational"'
End = Callable[[Path], None]
WAYS: dict[End, str] = {
    expire: WITHHELD,
    take_away: WITHHELD,
    harm: WITHHELD,
    leave_unsigned: WITHHELD,
    ask_for_an_opt_out: WITHHELD,
    ask_for_control: WITHHELD,
    name_others: NOT_FOR_AUDIENCE,
}


@pytest.fixture
def both(homes, monkeypatch, capsys) -> Callable[[str], list[list[str]]]:
    """Takes a way out, or runs a command, at each home."""

    def ask(name: str) -> list[list[str]]:
        told = []
        for home in homes:
            monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
            told.append(EXITS[name](home) if name in EXITS else COMMANDS[name](home, capsys))
        return told

    return ask


# A few ways out are taken after every end; `make long` takes them all so.
GONE_THROUGH = ("callback.drawer", "export.trend", "status")


@pytest.mark.parametrize("name", [*EXITS, *COMMANDS])
def test_a_way_out_tells_nothing_from_that_moment_on(both, folder: Path, name: str):
    """Readers are open and pages were shown before, as they are while a server runs."""
    ends = WAYS if name in GONE_THROUGH else [expire]
    goes_through(both, folder / "open_government.toml", name, ends)


@pytest.mark.long
@pytest.mark.parametrize("name", [*EXITS, *COMMANDS])
def test_a_way_out_tells_nothing_whatever_the_end(both, folder: Path, name: str):
    goes_through(both, folder / "open_government.toml", name, WAYS)


def goes_through(both: Callable[[str], Any], alone: Path, name: str, ends: Iterable[End]) -> None:
    """End the agreement in each way, and let it hold again before the next."""
    before = both(name)
    differs_while_it_holds(name, before)
    whole = alone.read_text()
    for end in ends:
        end(alone)
        first, second = both(name)
        assert first == second, end.__name__
        assert "4711" not in re.sub(r"\d\d:\d\d:\d\d\.\d+|\d{9,}(\.\d+)?", "", "".join(first))
        assert name not in SAYING or WAYS[end] in "".join(first), end.__name__
        alone.write_text(whole)
        assert both(name) == before or name in OF_WHAT_WAS_ASKED, end.__name__


def differs_while_it_holds(name: str, told: list[list[str]]) -> None:
    """Or a comparison afterwards would prove nothing."""
    differed = [one != other for one, other in zip(*told, strict=True)]
    if name in WITHOUT_VALUES:
        assert not any(differed)
    elif name == "sql":
        assert sum(differed) >= 10
    else:
        assert all(differed), [text[:500] for text in told[0]]


# Ways out that say in words why there is no value.
SAYING = {
    "mail.brief",
    *("page.today", "page.figure", "callback.drawer", "citation", "page.source"),
    "export.quarantine",
    *("api.figures", "api.figure", "api.claims", "api.sql"),
    *(
        "export.today_pdf",
        "export.trend",
        "export.versions",
        "export.figure",
        "export.prepared",
        "sql",
        "figure",
        "note",
        "diff",
    ),
    *("page.problems", "problems"),
}
