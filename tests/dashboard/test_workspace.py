"""The workspace: asked at one's own scope, told with what it stands on, kept, shared, taken."""

import io
import json
import threading
import time
import uuid
from contextlib import ExitStack
from urllib.parse import quote

import polars as pl
import pytest

from dashboard import running
from dashboard.components.workspace import PATH
from journal import queries, reading
from people.places import place
from store.paths import Home
from store.sandbox import Busy
from tests.dashboard.asked_in_sql import (
    as_text,
    asking_sql,
    counting,
    parts,
    posted,
    query_id,
    ran,
    rows_in,
    stopping,
    words_in,
)
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import (
    BUCKINGHAMSHIRE,
    CITED,
    ENGLAND,
    HIDDEN,
    LEICESTER,
    WITHDRAWN,
    write_release,
)
from tests.dashboard.test_security import CALLBACKS, located

CASES = f"select figure_id, event_date, value from figures where area_id = '{ENGLAND}'"
FILLING = f"cases_by_specimen_date.{ENGLAND}.all.2020-08-04"
ANALYST = "demonstration|analyst"


@pytest.fixture(scope="module")
def own_home(tmp_path_factory):
    root = tmp_path_factory.mktemp("workspace")
    write_release(root)
    return root


@pytest.fixture
def own(own_home, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(own_home))
    return Home(own_home)


@pytest.fixture
def client(own):
    return signed_in("analyst")


def whole_page(client, search=""):
    answer = client.post(CALLBACKS, json=located(PATH, search))
    assert answer.status_code == 200
    return answer.get_json()["response"]["_pages_content"]["children"]


def shown_moment(client, search):
    """The moment that the editor's page is of."""
    told = whole_page(client, search)
    (section,) = [one for one in parts(told, "Section") if one.get("className") == "query"]
    return section["data-moment"]


class TestAnAnswer:
    def test_says_rows_release_and_what_its_measures_count(self, client):
        told = ran(client, f"{CASES} and metric_id = 'cases_by_specimen_date'")["results"]
        text = words_in(told)
        assert "40 rows" in text
        assert "from release 20" in text
        assert "People with a first positive test, on the day the sample was taken." in text
        assert "Not counted: People who were ill and not tested" in text
        assert [one["headerName"] for one in parts(told, "AgGrid")[0]["columnDefs"]] == [
            "Figure id",
            "Event date",
            "Value",
        ]

    def test_a_value_is_a_figure_where_it_is_the_number_that_was_released(self, client):
        one = f"from figures where figure_id = '{CITED}'"
        (row,) = rows_in(ran(client, f"select figure_id, value {one}")["results"])
        assert (row["figure"], row["told"], row["opens"]) == (CITED, "858", CITED)
        (twice,) = rows_in(ran(client, f"select figure_id, value * 2 as value {one}")["results"])
        assert "figure" not in twice
        assert twice["opens"] == CITED
        cell = "metric_id, area_id, stratum_id, event_date, value"
        (named,) = rows_in(ran(client, f"select {cell} {one}")["results"])
        assert named["figure"] == CITED

    def test_a_hidden_value_has_its_mark_and_the_reason_below(self, client):
        asked = f"select figure_id, value from figures where figure_id in ('{HIDDEN}', '{CITED}')"
        told = ran(client, asked)["results"]
        by_id = {row["figure_id"]: row for row in rows_in(told)}
        assert (by_id[HIDDEN]["told"], by_id[HIDDEN]["mark"]) == ("1 to 7", "[c]")
        assert "mark" not in by_id[CITED]
        assert "[c] hidden to protect privacy." in words_in(told)

    def test_a_missing_value_without_its_figure_has_the_mark_of_its_reason(self, client):
        asked = f"select value, missing_reason from figures where figure_id = '{WITHDRAWN}'"
        (row,) = rows_in(ran(client, asked)["results"])
        assert row["mark"] == "[x]"

    def test_a_value_of_another_moment_has_its_own_mark_and_is_not_todays_figure(self, client):
        one = f"from figure_versions where figure_id = '{CITED}' and version = 1"
        told = ran(client, f"select figure_id, value, true as is_provisional {one}")["results"]
        (row,) = rows_in(told)
        assert (row["mark"], "figure" in row) == ("[p]", False)
        assert "[p] provisional: still filling in" in words_in(told)
        now = f"from figures where figure_id = '{CITED}'"
        (same,) = rows_in(ran(client, f"select figure_id, value, is_provisional {now}")["results"])
        assert (same["figure"], "mark" in same) == (CITED, False)
        asked = f"select figure_id, value, not is_provisional as is_provisional {now}"
        (other,) = rows_in(ran(client, asked)["results"])
        assert ("figure" in other, other["mark"]) == (False, "[p]")

    def test_a_long_text_says_that_it_goes_on(self, client):
        (row,) = rows_in(
            ran(client, "select repeat('a', 501) as a, repeat('b', 500) as b")["results"]
        )
        assert (row["a"], row["b"]) == ("a" * 500 + "\u2026", "b" * 500)

    def test_of_more_than_a_thousand_rows_the_first_are_shown_and_all_counted(self, client, own):
        given = ran(client, "select * from range(2500) as numbers(n) order by n")
        assert "Showing 1,000 of more rows" in " ".join(words_in(given["results"]).split())
        assert [row["n"] for row in rows_in(given["results"])] == list(range(1000))
        answer = client.post(CALLBACKS, json=counting(**given["counting"]))
        assert answer.get_json()["response"]["query-counted"]["children"] == "2,500 rows"
        assert parts(given["results"], "Graph") == []

    def test_a_past_moment_answers_as_it_was_known(self, client):
        one = f"select value from figures where figure_id = '{CITED}'"
        now, then = (
            rows_in(ran(client, one, as_of=moment)["results"])[0]["value"]
            for moment in (None, "2020-07-22")
        )
        assert now != then
        told = ran(client, one, as_of="2020-07-22")["results"]
        assert "as known at the end of 22 July 2020" in words_in(told)
        assert told["props"]["data-moment"] == "2020-07-22"

    def test_values_are_typed_as_they_are_written(self, client):
        asked = "select typeof($day) as day, typeof($count) as count, $name || '!' as name"
        given = {"day": "2020-07-01", "count": "3", "name": "'7'"}
        (row,) = rows_in(ran(client, asked, parameters=given)["results"])
        assert (row["day"], row["name"]) == ("DATE", "7!")
        assert row["count"] in {"INTEGER", "BIGINT"}

    def test_no_row_is_a_sentence_and_no_grid(self, client):
        told = ran(client, "select 1 as a where false")["results"]
        assert "No row answers this question." in words_in(told)
        assert parts(told, "AgGrid") == []

    def test_what_json_cannot_say_is_told_as_text(self, client):
        asked = (
            "select 9007199254740993 as big, 'nan'::double as no_number, [1, 2] as list, "
            "1.25::decimal(5,2) as exact, true as truth, null as nothing, "
            "'\\x41'::blob as bytes"
        )
        told = ran(client, asked)["results"]
        (grid,) = parts(told, "AgGrid")
        values = [grid["rowData"][0][one["field"]] for one in grid["columnDefs"]]
        assert values[:3] == ["9007199254740993", "nan", "[1, 2]"]
        assert values[3:] == [1.25, "true", None, "41"]

    def test_a_plan_is_told_in_the_engines_words_and_kept_as_no_run(self, client, own):
        before = queries.history(own, ANALYST)
        told = ran(client, CASES, plan=True)["results"]
        assert "figures" in words_in(parts(told, "Pre")[0]["children"])
        assert queries.history(own, ANALYST) == before


class TestAFault:
    def test_names_the_line_and_is_on_the_audit_as_refused(self, client, own):
        told = ran(client, "select event_date,\n  valu\nfrom figures")["results"]
        (said,) = parts(told, "P")
        assert said["role"] == "alert"
        assert said["children"].startswith("The query did not run. Line 2: there is no column")
        assert told["props"]["data-line"] == 2
        entry = reading.questions(own).row(0, named=True)
        assert "valu" in entry["question"]
        assert entry["outcome"].startswith("the question was refused")

    @pytest.mark.parametrize(
        "sql",
        [
            "drop table figures",
            "insert into figures select * from figures",
            "copy figures to 'figures.csv'",
            "with x as (delete from figures returning *) select * from x",
            "select * from read_csv('/etc/passwd')",
        ],
    )
    def test_what_would_change_or_read_anything_else_is_refused_plainly(self, client, sql):
        told = ran(client, sql)["results"]
        assert words_in(told).startswith("The query did not run.")
        assert parts(told, "AgGrid") == []

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ({"run": "x"}, "load the page again"),
            ({"sql": 5}, "load the page again"),
            ({"sql": " \n"}, "write a query first"),
            ({"sql": "x" * 20_001}, "at most 20,000 characters"),
            ({"parameters": {"day": ""}}, "$day has no value"),
            ({"parameters": {"day": 5}}, "$day has no value that can be read"),
            ({"parameters": {f"a{n}": "1" for n in range(51)}}, "at most 50 values"),
            ({"as_of": "noon"}, "is not a date"),
            ({"release": "20010101-000000-000"}, "is no longer kept"),
        ],
    )
    def test_what_no_page_of_ours_sends_is_one_sentence(self, client, more, why):
        sent = asking_sql("select 1")
        sent["inputs"][0]["value"] |= more
        answer = client.post(CALLBACKS, json=sent)
        assert answer.status_code == 200
        told = answer.get_json()["response"]["query-results"]["children"]
        assert why in words_in(told)

    @pytest.mark.parametrize("sent", [None, [], "x", {"query": "query-000000000000"}])
    def test_a_count_of_nothing_is_no_number(self, client, sent):
        body = counting()
        body["inputs"][0]["value"] = sent
        answer = client.post(CALLBACKS, json=body).get_json()
        assert answer["response"]["query-counted"]["children"] == "more rows"


class TestStopping:
    LONG = "select sum(sqrt(a)) from range(100000000000) as numbers(a)"

    def test_another_request_ends_a_run_within_two_seconds(self, client, own):
        run_id, told = uuid.uuid4().hex, []
        asking = threading.Thread(
            target=lambda: told.append(ran(signed_in("analyst"), self.LONG, run=run_id)["results"])
        )
        asking.start()
        time.sleep(2)
        began = time.monotonic()
        said = client.post(CALLBACKS, json=stopping(run=run_id)).get_json()
        asking.join(20)
        assert time.monotonic() - began < 2
        assert said["response"]["query-said"]["children"] == "The query is being stopped."
        assert "You stopped the query after" in words_in(told[0])
        assert queries.history(own, ANALYST)[0].ran.outcome == queries.STOPPED

    def test_nobody_stops_what_another_runs(self, client):
        run_id, told = uuid.uuid4().hex, []
        asking = threading.Thread(
            target=lambda: told.append(ran(signed_in("analyst"), self.LONG, run=run_id)["results"])
        )
        asking.start()
        time.sleep(1)
        other = signed_in("engineer").post(CALLBACKS, json=stopping(run=run_id)).get_json()
        assert other["response"]["query-said"]["children"] == running.ENDED
        assert asking.is_alive()
        client.post(CALLBACKS, json=stopping(run=run_id))
        asking.join(20)

    @pytest.mark.parametrize("sent", [None, {}, {"run": 5}, {"run": "../.."}])
    def test_what_names_no_run_stops_nothing(self, client, sent):
        body = stopping()
        body["inputs"][0]["value"] = sent
        answer = client.post(CALLBACKS, json=body).get_json()
        assert answer["response"]["query-said"]["children"] == "There is no such query to stop."


class TestPlaces:
    def test_half_of_the_threads_are_left_to_pages_and_stops(self, client):
        with ExitStack() as held:
            for person in ("a", "a", "b", "b"):
                held.enter_context(place(person))
            told = ran(client, "select 1 as a")["results"]
            assert "Too many questions are being answered here" in words_in(told)
            said = client.post(CALLBACKS, json=stopping(run="0" * 32))
            assert said.status_code == 200
        assert len(rows_in(ran(client, "select 1 as a")["results"])) == 1

    def test_nobody_takes_every_place(self):
        with place("a"), place("a"):
            with pytest.raises(Busy), place("a"):
                pass
            with place("b"):
                pass


class TestTheQuickChart:
    def test_draws_as_many_points_as_its_table_has_rows(self, client):
        asked = f"{CASES} and metric_id = 'cases_by_specimen_date' order by event_date"
        told = ran(client, asked)["results"]
        (figure,) = parts(told, "Graph")
        (line,) = figure["figure"]["data"]
        assert len(line["x"]) == 40
        tables = [one for one in parts(told, "Table") if len(parts(one["children"], "Tr")) == 41]
        assert len(tables) == 1
        assert figure["config"]["showSendToCloud"] is False
        (role,) = [one for one in parts(told, "Div") if one.get("role") == "img"]
        assert len(role["aria-label"]) >= 40
        assert "4 August 2020" in role["aria-label"]
        assert [one["text"] for one in figure["figure"]["layout"]["annotations"]] == ["Incomplete"]

    def test_marks_what_is_hidden(self, client):
        asked = (
            "select figure_id, event_date, value from figures where area_id = "
            f"'{LEICESTER}' and metric_id = 'deaths_28d_by_death_date'"
        )
        (figure,) = parts(ran(client, asked)["results"], "Graph")
        assert "[c]" in [one["text"] for one in figure["figure"]["layout"]["annotations"]]

    def test_marks_are_of_one_line_each(self, client):
        other = f"'{BUCKINGHAMSHIRE}'"
        asked = (
            "select figure_id, area_id, event_date, value from figures where metric_id = "
            f"'deaths_28d_by_death_date' and area_id = '{LEICESTER}' union all select 'none', "
            f"{other}, event_date, null from figures where figure_id = '{HIDDEN}' union all "
            f"select 'none', {other}, event_date + 1, 5 from figures where figure_id = '{HIDDEN}'"
        )
        told = ran(client, asked)["results"]
        (figure,) = parts(told, "Graph")
        words = [one["text"] for one in figure["figure"]["layout"]["annotations"]]
        assert f"[c] {LEICESTER}" in words
        assert "[c]" not in words
        (table,) = [one for one in parts(told, "Table") if "Line" in words_in(one["children"])]
        rows = [words_in(row["children"]) for row in parts(table["children"], "Tr")]
        (missing,) = [row for row in rows if BUCKINGHAMSHIRE in row and "20 July" in row]
        assert "no value" in missing
        assert any("[c]" in row for row in rows if LEICESTER in row)

    def test_compares_names_by_bars_the_longest_first(self, client):
        asked = "select * from (values ('a', 1), ('b', 3), ('c', 2)) as t(name, people)"
        (figure,) = parts(ran(client, asked)["results"], "Graph")
        (bars,) = figure["figure"]["data"]
        assert (bars["y"], bars["x"]) == (["b", "c", "a"], [3, 2, 1])

    @pytest.mark.parametrize(
        "asked",
        [
            "select * from (values ('a', 1), ('a', 3)) as t(name, people)",
            "select * from (values ('a', 1), ('b', null)) as t(name, people)",
            f"{CASES} and event_date = '2020-07-01'",
            "select 1 as people",
        ],
    )
    def test_draws_nothing_that_would_not_be_true(self, client, asked):
        told = ran(client, asked)["results"]
        assert parts(told, "Graph") == []
        assert "There is no chart" in words_in(told)


class TestWhatIsKept:
    def test_a_run_opens_again_by_its_id_for_whoever_ran_it(self, client, own):
        sql = "select $count + 1 as more -- 4711"
        given = ran(client, sql, parameters={"count": "3"}, as_of="2020-07-25")
        kept = query_id(given["results"])
        told = whole_page(client, f"?query={kept}")
        (box,) = parts(told, "Textarea")
        assert box["value"] == sql
        assert "the end of 25 July 2020" in words_in(told)
        (section,) = [one for one in parts(told, "Section") if one.get("className") == "query"]
        assert json.loads(section["data-values"]) == {"count": "3"}
        assert section["data-run"] == "yes"
        other = as_text(whole_page(signed_in("engineer"), f"?query={kept}"))
        assert "4711" not in other
        assert f"There is no query \u201c{kept}\u201d here." in other

    def test_what_was_opened_and_is_run_again_is_one_entry(self, client, own):
        first = query_id(ran(client, "select 17 as a")["results"])
        again = ran(client, "select 17 as a", query=first)
        changed = ran(client, "select 18 as a", query=first)
        assert query_id(again["results"]) == first != query_id(changed["results"])

    def test_the_same_text_of_another_moment_is_another_entry_that_opens_at_its_own(self, client):
        sql = f"select value from figures where figure_id = '{CITED}'"
        then = query_id(ran(client, sql, as_of="2020-07-22")["results"])
        told = ran(client, sql, query=then)["results"]
        now = query_id(told)
        assert now != then
        assert told["props"]["data-moment"] == ""
        assert "2020-07-22" in shown_moment(client, f"?query={then}")
        assert shown_moment(client, f"?query={then}&as_of=now") == ""
        assert shown_moment(client, f"?query={now}") == ""
        history = as_text(whole_page(client, "?as_of=2020-07-25"))
        assert f"{PATH}?as_of=2020-07-22&query={then}" in history
        assert f"{PATH}?query={now}" in history

    def test_a_number_is_another_value_than_the_truth_or_a_broken_number(self, client):
        first = query_id(ran(client, "select $a as a", parameters={"a": "1"})["results"])
        for text in ("true", "1.0"):
            other = ran(client, "select $a as a", parameters={"a": text}, query=first)
            assert query_id(other["results"]) != first

    def test_what_did_not_run_keeps_its_moment(self, client):
        told = ran(client, "select nothing", as_of="2020-07-22")["results"]
        assert told["props"]["data-moment"] == "2020-07-22"

    @pytest.mark.parametrize("form", ["save", "share", "end"])
    def test_what_is_put_down_leads_back_to_the_release_and_the_moment(self, client, own, form):
        kept = query_id(ran(client, "select 1 as a")["results"])
        given = {"query": kept, "name": "One", "sql": "select 1 as a"}
        place = {"release": "20200801-120000-000", "as_of": "2020-07-22T09:30:00"}
        led = posted(client, form, **given, **place).headers["Location"]
        for name, value in place.items():
            assert f"{name}={quote(value)}" in led
        for one in queries.named(own, ANALYST):
            queries.end(own, one.query_id, ANALYST)

    def test_the_forms_bring_release_and_moment_along(self, tmp_path, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
        release = write_release(tmp_path).release_id
        write_release(tmp_path)
        client = signed_in("analyst")
        told = ran(client, "select 2 as b", release=release, as_of="2020-07-22")["results"]
        fields = {one["name"]: one["value"] for one in parts(told, "Input")}
        assert fields | {"release": release, "as_of": "2020-07-22"} == fields
        page = whole_page(client, f"?release={release}")
        releases = [one["value"] for one in parts(page, "Input") if one["name"] == "release"]
        assert releases and {*releases} == {release}

    def test_a_shared_query_is_answered_at_the_scope_of_whoever_opens_it(self, client, own):
        kept = query_id(ran(client, "select 'mine' as a")["results"])
        assert posted(signed_in("engineer"), "share", query=kept).status_code == 400
        answer = posted(client, "share", query=kept)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{PATH}?query={kept}")
        other = signed_in("engineer")
        told = whole_page(other, f"?query={kept}")
        assert parts(told, "Textarea")[0]["value"] == "select 'mine' as a"
        assert "Somebody shared this query." in words_in(told)
        ran(other, "select 'mine' as a", query=kept)
        assert queries.history(own, "demonstration|engineer") == []

    def test_one_is_saved_under_a_name_and_taken_away(self, client, own):
        form = {"sql": "select 5", "parameters": '{"day": "2020-07-01"}', "as_of": "2020-07-02"}
        answer = posted(client, "save", name="Five a day", **form)
        assert answer.status_code == 303
        (kept,) = queries.named(own, ANALYST)
        assert (kept.name, kept.text.sql) == ("Five a day", "select 5")
        assert "Five a day" in words_in(whole_page(client))
        assert "Five a day" not in words_in(whole_page(signed_in("engineer")))
        assert posted(client, "end", query=kept.query_id).status_code == 303
        assert queries.named(own, ANALYST) == []

    @pytest.mark.parametrize(
        "form",
        [
            {"name": "", "sql": "select 1"},
            {"name": "x", "sql": ""},
            {"name": "x", "sql": "select 1", "parameters": "{"},
            {"name": "x", "sql": "select 1", "as_of": "noon"},
            {"name": "x", "sql": "select 1", "as_of": "2999-01-01"},
        ],
    )
    def test_what_cannot_be_saved_is_refused_in_one_sentence(self, client, form):
        answer = posted(client, "save", **form)
        assert answer.status_code == 400
        assert len(answer.get_data(as_text=True).splitlines()) == 1

    def test_history_is_brought_up_to_date_with_each_run(self, client):
        assert "select 1234 as a" in words_in(ran(client, "select 1234 as a")["history"])


class TestFiles:
    @pytest.fixture
    def kept(self, client):
        return query_id(ran(client, f"{CASES} order by figure_id")["results"])

    def test_csv_and_parquet_hold_the_same_rows_as_the_screen(self, client, kept):
        csv = client.get(f"/files/query.csv?query={kept}")
        parquet = client.get(f"/files/query.parquet?query={kept}")
        assert f"{kept}_20" in csv.headers["Content-Disposition"]
        rows = pl.read_parquet(io.BytesIO(parquet.data))
        text = pl.read_csv(io.BytesIO(csv.data), try_parse_dates=True)
        assert text["value"].to_list() == rows["value"].to_list()
        shown = rows_in(ran(client, f"{CASES} order by figure_id")["results"])
        assert [row["value"] for row in shown] == rows["value"].to_list()

    def test_a_parquet_of_200_000_rows_has_them(self, client, own):
        kept = query_id(ran(client, "select n, n % 7 as day from range(200000) as t(n)")["results"])
        answer = client.get(f"/files/query.parquet?query={kept}")
        assert pl.read_parquet(io.BytesIO(answer.data)).height == 200_000
        assert reading.questions(own).row(0, named=True)["rows"] == 200_000

    def test_a_whole_answer_is_never_a_part(self, client):
        kept = query_id(ran(client, "select n from range(2000000) as t(n)")["results"])
        answer = client.get(f"/files/query.csv?query={kept}")
        assert answer.status_code == 413
        assert "1,000,000 rows" in answer.get_data(as_text=True)

    @pytest.mark.parametrize("form", ["csv", "parquet"])
    def test_a_file_of_figures_has_the_flags_of_the_screen_with_their_reason(self, client, form):
        listed = ", ".join(f"'{one}'" for one in (CITED, HIDDEN, WITHDRAWN, FILLING))
        kept = query_id(
            ran(client, f"select figure_id, value from figures where figure_id in ({listed})")[
                "results"
            ]
        )
        content = io.BytesIO(client.get(f"/files/query.{form}?query={kept}").data)
        read = pl.read_csv if form == "csv" else pl.read_parquet
        rows = {row["figure_id"]: row for row in read(content).to_dicts()}
        flags = {name: row["flag"] for name, row in rows.items()}
        assert flags == {
            CITED: None,
            HIDDEN: "hidden",
            WITHDRAWN: "not available",
            FILLING: "provisional",
        }
        assert rows[WITHDRAWN]["missing_reason"] == "withdrawn"
        assert rows[HIDDEN]["missing_reason"].startswith("suppressed")

    def test_a_plain_answer_stays_as_it_was_asked(self, client):
        kept = query_id(ran(client, "select 1 as value, 'x' as figure_id, 2 as flag")["results"])
        text = client.get(f"/files/query.csv?query={kept}").get_data(as_text=True)
        assert text == "value,figure_id,flag\n1,x,2\n"

    def test_a_text_that_a_spreadsheet_would_run_does_not(self, client):
        kept = query_id(ran(client, "select '=1+1' as a, 2 as b")["results"])
        text = client.get(f"/files/query.csv?query={kept}").get_data(as_text=True)
        assert text.splitlines() == ["a,b", "'=1+1,2"]

    def test_nobody_takes_what_is_not_theirs(self, kept):
        answer = signed_in("operations").get(f"/files/query.csv?query={kept}")
        assert answer.status_code == 404
        assert signed_in("engineer").get(f"/files/query.csv?query={kept}").status_code == 403

    @pytest.mark.parametrize("query", ["", "?query=x", "?query=query-000000000000&as_of=noon"])
    def test_an_address_that_is_wrong_is_refused_in_one_sentence(self, client, query):
        answer = client.get(f"/files/query.csv{query}")
        assert answer.status_code in {400, 404}
        assert len(answer.get_data(as_text=True).splitlines()) == 1


class TestThePage:
    def test_states_the_limits_of_the_role(self, client):
        assert "A query may take 30 seconds. The first 1,000 rows" in words_in(whole_page(client))
        assert "a file holds up to 1,000,000." in words_in(whole_page(client))
        assert "up to 200,000." in words_in(whole_page(signed_in("operations")))

    def test_lists_every_table_column_and_measure_in_words(self, client, reader):
        (aside,) = parts(whole_page(client), "Aside")
        tables = {name: (said, columns) for name, said, columns in json.loads(aside["data-tables"])}
        assert {*reader.release.rows, "figures_shown", "releases_shown"} <= {*tables}
        without = [name for name, (said, _) in tables.items() if not said]
        assert without == []
        said, columns = tables["figures"]
        assert said.startswith("One row a cell")
        assert columns[0][0] == "figure_id"
        assert columns[0][2].startswith("The readable name of a cell")
        assert "cases_by_specimen_date" in aside["data-measures"]
        assert "figures_as_known" in aside["data-functions"]

    def test_begins_with_a_query_that_runs(self, client):
        (box,) = parts(whole_page(client), "Textarea")
        assert len(rows_in(ran(client, box["value"])["results"])) == 40

    def test_says_when_it_looks_at_a_past_moment(self, client):
        told = whole_page(client, "?as_of=2020-07-25")
        assert "You are looking at the data as it was known at" in words_in(told)
        (section,) = [one for one in parts(told, "Section") if one.get("className") == "query"]
        assert section["data-moment"].startswith("2020-07-25")


@pytest.mark.parametrize(
    ("about", "text", "note"),
    [
        ("measure=deaths_28d_by_death_date", "metric_id = 'deaths_28d_by_death_date'", None),
        ("table=claims", "from claims\nlimit 100", None),
        ("table=claims&column=source_id", "select source_id, count(*) as rows\nfrom claims", None),
        ("table=claims&column=nothing", "from claims\nlimit 100", None),
        ("measure=nothing_at_all", "metric_id = 'cases_by", "There is no measure"),
        ("table=pg_authid", "from figures", "There is no table"),
    ],
)
def test_it_opens_with_a_question_about_what_the_catalogue_showed(client, about, text, note):
    page = client.post(CALLBACKS, json=located(PATH, f"?{about}"))
    (box,) = parts(page.get_json()["response"]["_pages_content"]["children"], "Textarea")
    assert text in box["value"]
    assert ("There is no" in page.get_data(as_text=True)) == (note is not None)
    assert "pg_authid" not in box["value"]
    assert "nothing" not in box["value"]
