"""What leaves by mail, to whom, when, and what of it stands on the audit; against a real server."""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from journal import confirmations, problems, subscriptions
from journal.audit import AuditNotWritten
from journal.engine import journal_of
from journal.notes import SeenFigure
from journal.problems import Report, Reporter
from mailing.mail import Post
from mailing.rounds import send_due
from mailing.settings import Mailing
from people import accounts, sessions
from people.accounts import Known
from people.settings import SignIn
from store import agreements, releases
from store.agreements import WITHHELD
from store.errors import TrigpointError, WrongUse
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from store.viewer import EVERYONE, Viewer
from tests.dashboard.small_england import CITED, ENGLAND, LEICESTER
from tests.mailing.guarded_england import LOCAL, LONDON, NATIONAL, REGIONAL, SITE, published
from tests.mailing.posted import PostBox, html_of, paper_of, text_of

MORNING = datetime(2026, 11, 26, 9)
NIGHT = datetime(2026, 11, 26, 23, 30)
OURS = Path(__file__).parents[2] / "agreements"
REPORTED = (
    "select value from figures where metric_id = 'cases_by_report_date' and area_id = $area "
    "and event_date = date '2020-08-04'"
)


def run(home: Home, at: datetime = MORNING, **more: bool):
    return send_due(home, Mailing.read(), at, **more)


def states(outcomes) -> list[str]:
    return [outcome.state for outcome in outcomes]


def altered(home: Home, *statements: str) -> None:
    """Change the files of the newest release, as its readers will open them."""
    folder = releases.folder(home, releases.current(home).release_id)
    with duckdb.connect(str(folder / "controlled.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


LATE = (
    "insert into breakers select * replace ('late' as breaker_id, 'warn' as severity, "
    "'nhse_announced_deaths' as source_id) from breakers limit 1"
)


class TestABrief:
    def test_arrives_as_text_html_and_the_sheet(self, home, post_box, subscribe):
        subscribe()
        assert states(run(home)) == ["sent"]
        (mail,) = post_box.mail
        assert (mail["To"], mail["From"]) == ("grace@example.org", "trigpoint@example.org")
        assert mail["Subject"] == "Today in England"
        assert post_box.envelopes[0].rcpt_tos == ["grace@example.org"]
        told = text_of(mail)
        assert "cases by specimen date fell to 626 on 30 July 2020" in told
        assert "You are sent this as National leader" in told
        assert "<h1" in html_of(mail)
        (sheet,) = mail.iter_attachments()
        assert sheet.get_filename().startswith(f"today_{ENGLAND}_")
        assert "Today in England" in paper_of(mail)

    def test_fetches_nothing_and_leads_to_the_pages_alone(self, home, post_box, subscribe):
        subscribe()
        run(home)
        page = html_of(post_box.mail[0])
        assert not re.search(
            r"<(img|script|link|iframe|style|form)|src=|url\(", page, re.IGNORECASE
        )
        links = re.findall(r'href="([^"]+)"', page)
        assert links
        assert all(link.startswith(f"{SITE}/") for link in links)
        assert not re.search(r"token|session", page)

    def test_leaves_once_a_day_and_not_before_the_hour_of_briefs(self, home, post_box, subscribe):
        subscribe()
        early = MORNING.replace(hour=5)
        moments = (early, MORNING, MORNING, MORNING + timedelta(days=1))
        assert [states(run(home, at)) for at in moments] == [
            ["nothing"],
            ["sent"],
            ["nothing"],
            ["sent"],
        ]
        assert len(post_box.mail) == 2

    def test_what_waits_from_yesterday_leaves_at_the_hour_of_briefs_too(
        self, home, post_box, subscribe
    ):
        subscribe()
        post_box.stop()
        run(home)
        post_box.start()
        midnight = (MORNING + timedelta(days=1)).replace(hour=0, minute=5)
        (outcome,) = run(home, midnight)
        assert (outcome.state, outcome.told) == ("waits", "1 to tell from 06:00 UTC")
        assert states(run(home, midnight.replace(hour=6))) == ["sent"]
        assert len(post_box.mail) == 1

    def test_tells_the_measure_that_was_chosen(self, home, post_box, subscribe):
        subscribe(metric_id="deaths_28d_by_death_date")
        run(home)
        assert re.search(
            r"3 August: \d+( \[p\])?; 4 August: \d+( \[p\])?\.", text_of(post_box.mail[0])
        )


class TestWhatOnesScopeShows:
    @pytest.fixture
    def counts(self, home) -> tuple[str, str]:
        """London's cases by report date: exactly, and as those outside are told."""
        with open_reader(home, Viewer(scope=LONDON)) as own, open_reader(home, EVERYONE) as others:
            exact, told = (reader.ask(REPORTED, area=LONDON).item() for reader in (own, others))
        assert exact != told
        return f"{exact:.0f}", f"{told:.0f}"

    def test_two_recipients_are_told_different_numbers(self, home, post_box, subscribe, counts):
        exact, told = counts
        for person in (REGIONAL, LOCAL):
            subscribe(person, area_id=LONDON)
        assert states(run(home)) == ["sent", "sent"]
        own, other = post_box.mail
        line = "Cases by report date: {}\n"
        assert line.format(exact) in text_of(own)
        assert line.format(told) in text_of(other)
        paper = paper_of(other)
        for form in (text_of(other), html_of(other), paper):
            assert not re.search(rf"(?<![\d,]){exact}(?![\d,])", form)
        assert line.format(told) not in text_of(own)

    def test_it_is_the_scope_at_the_time_of_sending(self, home, post_box, subscribe, counts):
        exact, told = counts
        subscribe(REGIONAL, area_id=LONDON)
        run(home)
        moved = Known(REGIONAL.subject, REGIONAL.name, REGIONAL.role, "E12000002")
        accounts.enter(home, moved)
        run(home, MORNING + timedelta(days=1))
        before, after = (text_of(mail) for mail in post_box.mail)
        assert f"Cases by report date: {exact}\n" in before
        assert f"Cases by report date: {told}\n" in after

    def test_a_source_that_is_withheld_is_not_in_it(
        self, home, post_box, subscribe, tmp_path, monkeypatch
    ):
        folder = tmp_path / "agreements"
        shutil.copytree(OURS, folder)
        monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))
        subscribe()
        run(home)
        path = folder / "open_government.toml"
        path.write_text(path.read_text().replace("2035-01-01", str(agreements.today())))
        run(home, MORNING + timedelta(days=1))
        before, after = post_box.mail
        assert "626" in text_of(before)
        paper = paper_of(after)
        for form in (text_of(after), html_of(after), paper):
            assert WITHHELD in " ".join(form.split())
            assert "626" not in form


class TestWhoIsSentNothing:
    def test_somebody_who_was_removed(self, home, post_box, subscribe):
        subscribe()
        subscribe(REGIONAL)
        accounts.remove(home, NATIONAL.subject)
        first, second = run(home)
        assert (first.state, second.state) == ("not_sent", "sent")
        assert "removed" in first.told
        assert [mail["To"] for mail in post_box.mail] == ["priya@example.org"]

    def test_somebody_whose_role_may_not_take_it_any_more(self, home, post_box, subscribe):
        subscribe()
        accounts.enter(home, Known(NATIONAL.subject, NATIONAL.name, "engineer", ENGLAND))
        (outcome,) = run(home)
        assert outcome.state == "not_sent"
        assert "engineer may not take mail.brief" in outcome.told
        assert post_box.mail == []

    def test_somebody_who_signs_in_by_a_way_that_is_not_in_use(
        self, home, post_box, subscribe, monkeypatch
    ):
        subscribe()
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", "local")
        assert states(run(home)) == ["not_sent"]
        assert post_box.mail == []

    def test_somebody_who_ended_it(self, home, post_box, subscribe):
        one = subscribe()
        subscriptions.end(home, NATIONAL.subject, one.subscription_id)
        assert run(home) == []

    def test_an_address_that_is_not_allowed_any_more(self, home, post_box, subscribe, monkeypatch):
        subscribe()
        monkeypatch.setenv("TRIGPOINT_MAIL_DOMAINS", "example.net")
        (outcome,) = run(home)
        assert (outcome.state, "example.org" in outcome.told) == ("not_sent", True)

    def test_somebody_who_ended_it_while_mail_was_being_sent(
        self, home, post_box, subscribe, monkeypatch
    ):
        subscribe()
        second = subscribe(REGIONAL)
        before = Post.send

        def ending(post, letter, address):
            before(post, letter, address)
            subscriptions.end(home, REGIONAL.subject, second.subscription_id)

        monkeypatch.setattr(Post, "send", ending)
        assert [(one.state, one.told) for one in run(home)] == [
            ("sent", "1 told"),
            ("not_sent", "it was ended just now"),
        ]


class TestSignedInWithAProvider:
    """What a provider said of somebody holds for so many days after they signed in."""

    @pytest.fixture
    def ada(self, home, monkeypatch) -> Known:
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", "provider")
        known = Known("https://id.example.org|ada", "Ada", "national_leader", ENGLAND)
        accounts.enter(home, known, "Ada@example.org")
        return known

    def test_nobody_is_sent_anything_who_does_not_come_back(
        self, home, post_box, subscribe, ada, monkeypatch
    ):
        subscribe(ada, address="ada@example.org", is_confirmed=False)
        assert states(run(home, now())) == ["not_sent"], "who never signed in"
        sessions.begin(home, ada.subject, SignIn.read())
        late = now().replace(hour=9) + timedelta(days=1)
        assert states(run(home, late)) == ["sent"]
        (outcome,) = run(home, late + timedelta(days=30))
        assert (outcome.state, "until they sign in again" in outcome.told) == ("not_sent", True)
        monkeypatch.setenv("TRIGPOINT_MAIL_SIGNED_IN_DAYS", "60")
        assert states(run(home, late + timedelta(days=30))) == ["sent"]

    def test_an_address_that_it_vouches_for_needs_no_link_while_it_does(
        self, home, post_box, subscribe, ada
    ):
        sessions.begin(home, ada.subject, SignIn.read())
        subscribe(ada, address="ada@example.org", is_confirmed=False)
        late = now().replace(hour=9) + timedelta(days=1)
        run(home, late)
        assert post_box.mail[0]["Subject"] == "Today in England"
        accounts.enter(home, ada, "ada.byron@example.org")
        run(home, late + timedelta(days=1))
        assert post_box.mail[1]["Subject"] == "Confirm your address"


class TestAnAddressThatNobodyHasConfirmed:
    def test_is_sent_a_link_once_and_nothing_else(self, home, post_box, subscribe):
        for alerts_ in ((), ("held",)):
            subscribe(NATIONAL, *alerts_, is_confirmed=False)
        assert states(run(home, is_tried=True)) == ["due", "due"]
        assert post_box.mail == []
        assert states(run(home)) == ["sent", "waits"]
        assert states(run(home, MORNING + timedelta(hours=47))) == ["waits", "waits"]
        assert states(run(home, MORNING + timedelta(hours=48))) == ["not_sent", "not_sent"]
        (mail,) = post_box.mail
        assert mail["Subject"] == "Confirm your address"
        for form in (text_of(mail), html_of(mail)):
            assert "626" not in form and f"{SITE}/subscriptions?confirm=" in form
        asked = [row["question"] for row in of_mail(home) if row["kind"] == "asked"]
        assert [question.startswith("a link to confirm grace@") for question in asked] == [True]
        assert link(mail) not in str(of_mail(home)), "the audit holds no token"

    def test_is_sent_everything_once_its_owner_used_the_link(self, home, post_box, subscribe):
        subscribe(is_confirmed=False)
        early = now().replace(hour=9)
        run(home, early)
        token = link(post_box.mail[0])
        for subject, odd in ((REGIONAL.subject, token), (NATIONAL.subject, "another")):
            with pytest.raises(WrongUse, match="of no use"):
                confirmations.confirm(home, subject, odd)
        confirmations.confirm(home, NATIONAL.subject, token)
        with pytest.raises(WrongUse, match="of no use"):
            confirmations.confirm(home, NATIONAL.subject, token)
        assert states(run(home, early + timedelta(days=1))) == ["sent"]
        assert post_box.mail[1]["Subject"] == "Today in England"

    def test_a_link_is_of_no_use_after_48_hours(self, home, subscribe):
        subscribe(is_confirmed=False)
        token = confirmations.new_token()
        confirmations.keep(
            home, NATIONAL.subject, "grace@example.org", token, now() - timedelta(hours=48)
        )
        assert confirmations.sent_to(home, NATIONAL.subject, token) is None
        with pytest.raises(WrongUse, match="of no use"):
            confirmations.confirm(home, NATIONAL.subject, token)
        confirmations.forget_unused(home, NATIONAL.subject, "grace@example.org")
        assert confirmations.asked(home, NATIONAL.subject, "grace@example.org") is None

    def test_is_asked_again_where_the_mail_did_not_leave(self, home, post_box, subscribe):
        subscribe(is_confirmed=False)
        post_box.stop()
        assert states(run(home)) == ["failed"]
        post_box.start()
        assert states(run(home)) == ["sent"]


def link(mail) -> str:
    """The token of the link in a mail."""
    (token,) = {*re.findall(r"confirm=([\w-]{43})", text_of(mail))}
    return token


class TestAnAddressThatRefusesForGood:
    @pytest.fixture
    def refusing(self, post_box) -> PostBox:
        post_box.refused, post_box.refused_with = {"grace@example.org"}, "550 Nobody of this name"
        return post_box

    def test_is_tried_once_a_day_and_no_more_after_a_week(self, home, refusing, subscribe):
        one = subscribe()
        later = MORNING + timedelta(hours=23)
        assert [states(run(home, at)) for at in (MORNING, later)] == [["failed"], ["waits"]]
        for day in range(1, 7):
            assert states(run(home, MORNING + timedelta(days=day))) == ["failed"]
        (outcome,) = run(home, MORNING + timedelta(days=7))
        assert "so this ends" in outcome.told
        ended = subscriptions.one(home, one.subscription_id)
        assert (ended.ended_because, "(550)" in ended.refused_with) == ("refused", True)
        assert run(home, MORNING + timedelta(days=8)) == []

    def test_is_forgiven_once_it_takes_something(self, home, refusing, subscribe):
        one = subscribe()
        run(home)
        refusing.refused = set()
        assert states(run(home, MORNING + timedelta(days=1))) == ["sent"]
        assert subscriptions.one(home, one.subscription_id).refused_at is None

    @pytest.mark.parametrize(
        ("code", "states_"), [(410, ["failed", "waits"]), (503, ["failed"] * 2)]
    )
    def test_a_channel_that_is_gone_is_one_too(self, home, channel, subscribe, code, states_):
        subscribe(channel="slack", address=channel.address)
        channel.code = code
        assert [states(run(home))[0] for _ in range(2)] == states_


def test_a_mail_that_was_taken_has_left_whatever_is_said_at_the_end(home, subscribe, monkeypatch):
    class Leaving(SMTP):
        async def smtp_QUIT(self, arg):
            await self.push("421 Too many, closing")

    box = PostBox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    monkeypatch.setattr(controller, "factory", lambda: Leaving(box))
    controller.start()
    monkeypatch.setenv("TRIGPOINT_SMTP", f"127.0.0.1:{box.port}")
    subscribe()
    assert [states(run(home)) for _ in range(2)] == [["sent"], ["nothing"]]
    controller.stop()
    assert len(box.mail) == 1


class TestAlerts:
    @pytest.mark.parametrize(
        ("kind", "told"),
        [
            ("special_cause", "Cases by specimen date, London, Thursday 30 July 2020: 120."),
            ("disputed", "4. Its sources disagree and nothing on record explains it."),
            ("held", "is held since 09:30 on 10 April 2020: Deaths registered weekly"),
            ("late", "COVID-19 total announced deaths\u201d is late (every day 14:00)"),
        ],
    )
    def test_each_kind_is_told_once(self, home, post_box, subscribe, kind, told):
        altered(home, LATE)
        subscribe(REGIONAL, kind)
        assert states(run(home)) == ["sent"]
        assert states(run(home, MORNING + timedelta(days=1))) == ["nothing"]
        (mail,) = post_box.mail
        assert text_of(mail).count(told) == 1
        found = [alert for name, alert in KINDS.items() if name != kind]
        assert not any(other in text_of(mail) for other in found)

    def test_one_mail_holds_all_that_came_up(self, home, post_box, subscribe):
        altered(home, LATE)
        subscribe(REGIONAL, *subscriptions.ALERTS)
        run(home)
        (mail,) = post_box.mail
        assert re.fullmatch(r"\d+ alerts for London", mail["Subject"])
        assert all(told in text_of(mail) for told in KINDS.values())

    def test_a_new_one_is_told_and_the_others_are_not_again(self, home, post_box, subscribe):
        subscribe(REGIONAL, "held", "late")
        run(home)
        altered(home, LATE)
        run(home)
        first, second = (text_of(mail) for mail in post_box.mail)
        assert ("is held" in first, "is late" in first) == (True, False)
        assert ("is held" in second, "is late" in second) == (False, True)

    def test_who_reported_a_problem_is_told_each_step_once(self, home, post_box, subscribe):
        seen = SeenFigure(CITED, releases.current(home).release_id, None)
        reporter = Reporter(LOCAL.subject, LOCAL.name)
        number = problems.report(home, seen, Report("too_high", "Twice as many"), reporter)
        for area_id in (LEICESTER, ENGLAND):
            subscribe(LOCAL, "answered", area_id=area_id)
        subscribe(REGIONAL, "answered")
        assert states(run(home)) == ["nothing"] * 3
        problems.take_up(home, number["problem_id"], "Ada")
        problems.reject(home, number["problem_id"], "Ada", "It was counted twice there")
        assert states(run(home)) == ["sent", "nothing", "nothing"]
        assert states(run(home, MORNING + timedelta(days=1))) == ["nothing"] * 3
        (mail,) = post_box.mail
        said = " ".join(text_of(mail).split())
        assert f"Your report {number['problem_id']} on Cases by specimen date" in said
        assert "Ada rejected it at" in said and "Reason: It was counted twice there." in said

    def test_what_is_said_of_a_source_is_told_once_whatever_the_area(
        self, home, post_box, subscribe
    ):
        for area_id in (LONDON, "E12000002", ENGLAND):
            subscribe(REGIONAL, "held", area_id=area_id)
        subscribe(NATIONAL, "held")
        assert states(run(home)) == ["sent", "nothing", "nothing", "sent"]
        assert [mail["To"] for mail in post_box.mail] == ["priya@example.org", "grace@example.org"]

    def test_of_one_measure_only_its_sources_are_told(self, home, post_box, subscribe):
        altered(home, LATE)
        subscribe(REGIONAL, "held", "late", metric_id="deaths_hospital_by_death_date")
        run(home)
        told = text_of(post_box.mail[0])
        assert ("is late" in told, "is held" in told) == (True, False)


KINDS = {
    "special_cause": "limit",
    "disputed": "sources disagree",
    "held": "is held",
    "late": "is late",
}


class TestQuietHours:
    def test_nothing_leaves_within_and_one_mail_after(self, home, post_box, subscribe):
        subscribe(REGIONAL, "held", "late", quiet=(22, 7))
        assert states(run(home, NIGHT)) == ["waits"]
        altered(home, LATE)
        assert states(run(home, NIGHT + timedelta(hours=2))) == ["waits"]
        assert post_box.mail == []
        assert states(run(home, MORNING + timedelta(days=1))) == ["sent"]
        (mail,) = post_box.mail
        assert "is held" in text_of(mail)
        assert "is late" in text_of(mail)

    def test_what_is_over_by_then_is_told_as_the_release_that_showed_it(
        self, home, post_box, subscribe
    ):
        subscribe(REGIONAL, "held", quiet=(22, 7))
        run(home, NIGHT)
        showed = releases.current(home).release_id
        with duckdb.connect(str(home.warehouse)) as connection:
            connection.execute("delete from breakers")
        published(home)
        run(home, MORNING + timedelta(days=1))
        told = " ".join(text_of(post_box.mail[0]).split())
        assert f"It is over; this is what release {showed} showed." in told
        assert f"release={showed}" in told

    def test_what_is_over_and_of_a_release_that_is_gone_is_counted(self, home, post_box, subscribe):
        one = subscribe(REGIONAL, "held")
        keys, gone = ["held.ons_weekly_deaths.gone"], "20200101-000000-000"
        subscriptions.keep_waiting(home, one.subscription_id, keys, gone, NIGHT)
        run(home)
        told = " ".join(text_of(post_box.mail[0]).split())
        assert "1 alert that came up is over and cannot be told: what showed it is not kept" in told

    def test_a_brief_waits_too(self, home, post_box, subscribe):
        subscribe(quiet=(8, 10))
        assert states(run(home)) == ["waits"]
        assert states(run(home, MORNING + timedelta(hours=1))) == ["sent"]


class TestAServerThatIsAway:
    def test_is_said_and_tried_again(self, home, post_box, subscribe):
        subscribe()
        subscribe(REGIONAL)
        post_box.stop()
        first, second = run(home)
        assert (first.state, second.state) == ("failed", "failed")
        assert "could not be reached" in first.told
        assert "tried again" in second.told
        post_box.start()
        assert states(run(home)) == ["sent", "sent"]
        assert states(run(home)) == ["nothing", "nothing"]
        assert len(post_box.mail) == 2

    def test_one_that_refuses_somebody_gets_the_mail_of_the_others(self, home, post_box, subscribe):
        subscribe()
        subscribe(REGIONAL)
        post_box.refused = {"grace@example.org"}
        first, second = run(home)
        assert (first.state, second.state) == ("failed", "sent")
        assert "does not take mail to grace@example.org (450)" in first.told

    def test_without_one_mail_is_not_lost(self, home, post_box, subscribe, monkeypatch):
        subscribe()
        with monkeypatch.context() as without:
            without.delenv("TRIGPOINT_SMTP")
            (outcome,) = run(home)
        assert (outcome.state, "TRIGPOINT_SMTP is not set" in outcome.told) == ("failed", True)
        assert states(run(home)) == ["sent"]


class TestTheAudit:
    def test_says_who_was_sent_what_as_whom(self, home, post_box, subscribe):
        one = subscribe()
        run(home)
        asked, given = of_mail(home)
        assert (asked["kind"], given["kind"]) == ("asked", "given")
        assert (asked["person"], asked["role"], asked["scope"]) == (
            NATIONAL.subject,
            NATIONAL.role,
            ENGLAND,
        )
        assert asked["exit"] == "mail.brief"
        assert asked["question"] == f"brief of {one.subscription_id} to grace@example.org, mail"
        assert asked["areas"] == f'["{ENGLAND}"]'
        assert "cases_by_specimen_date" in asked["metrics"]
        assert asked["release_id"] == releases.current(home).release_id
        assert given["rows"] > 0

    def test_says_that_a_mail_did_not_leave(self, home, post_box, subscribe):
        subscribe(REGIONAL, "held")
        post_box.stop()
        run(home)
        asked, refused = of_mail(home)
        assert (asked["exit"], refused["kind"]) == ("mail.alert", "refused")
        assert "could not be reached" in refused["outcome"]

    def test_holds_no_entry_where_nothing_is_due(self, home, post_box, subscribe):
        subscribe()
        run(home)
        before = len(of_mail(home))
        run(home)
        assert len(of_mail(home)) == before

    def test_nothing_is_sent_where_it_cannot_be_written(self, home, post_box, subscribe):
        subscribe()
        with journal_of(home).writing() as session:
            session.execute(text("alter table audit rename to audit_gone"))
        with pytest.raises(AuditNotWritten):
            run(home)
        assert post_box.mail == []


def of_mail(home: Home) -> list[dict]:
    with journal_of(home).reading() as session:
        rows = session.execute(text("select * from audit order by entry_id")).mappings()
        return [dict(row) for row in rows]


class TestWhatTextsAndAddressesCannotDo:
    @pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org, b"])
    def test_an_address_adds_no_header_and_no_recipient(self, home, post_box, subscribe, address):
        subscribe(address=address)
        assert states(run(home)) == ["not_sent"]
        assert post_box.mail == []

    def test_a_name_in_the_data_adds_no_header_and_no_markup(self, home, post_box, subscribe):
        name = "London\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>"
        altered(home, f"update areas set area_name = '{name}' where area_id = '{LONDON}'")
        subscribe(REGIONAL, "special_cause", "disputed")
        subscribe(REGIONAL)
        assert states(run(home)) == ["sent", "sent"]
        for mail, envelope in zip(post_box.mail, post_box.envelopes, strict=True):
            assert mail["Bcc"] is None
            assert envelope.rcpt_tos == ["priya@example.org"]
            assert "<script" not in html_of(mail)
            assert "&lt;script&gt;" in html_of(mail)


def test_a_trial_sends_nothing_and_puts_nothing_down(home, post_box, subscribe):
    one = subscribe()
    assert states(run(home, is_tried=True)) == ["due"]
    assert post_box.mail == []
    assert subscriptions.waiting(home, one.subscription_id) == []
    assert of_mail(home) == []


def test_two_runs_do_not_send_at_the_same_time(home, post_box, subscribe, monkeypatch):
    subscribe()
    told = []

    def beside(*_):
        with pytest.raises(TrigpointError, match="being sent already"):
            run(home)
        told.append(True)

    monkeypatch.setattr("mailing.mail.Post.send", beside)
    assert states(run(home)) == ["sent"]
    assert told == [True]


def test_a_fault_of_ours_with_one_does_not_stop_the_others(home, post_box, subscribe, monkeypatch):
    subscribe()
    subscribe(REGIONAL)
    before = subscriptions.waiting

    def broken(at, subscription_id):
        if subscription_id == subscriptions.running(home)[0].subscription_id:
            raise ZeroDivisionError
        return before(at, subscription_id)

    monkeypatch.setattr(subscriptions, "waiting", broken)
    assert states(run(home)) == ["failed", "sent"]
