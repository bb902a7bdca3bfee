"""A token of one scope reaches no exact figure of another, whatever is asked and however."""

import json
import re
from urllib.parse import urlencode

import duckdb
import polars as pl
import pytest
from flask import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.parameters import TAKEN
from people.personas import personas
from people.roles import role
from store.area_tree import inside
from store.paths import Home
from store.releases import controlled_file, current, publish
from tests.api.conftest import asking, token_of
from tests.api.test_api_gate import SERIES
from tests.dashboard.small_england import ENGLAND, LEICESTER, RELEASED_AT
from tests.mailing import guarded_england
from tests.mailing.guarded_england import GUARDED, LONDON

# Whatever is exact of the guarded measure is one of these numbers: each ends in 1 or 6, and what is
# controlled in 0 or 5.
MARKERS = 7_310_001
MARKER = re.compile(r"73[12]\d{3}[16](?!\d)")
AREAS = (ENGLAND, LONDON, LEICESTER, "E08000003", "E12000004")
FORMS = ("json", "csv")


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Home:
    """A guarded England in which each exact count can be told from all other numbers."""
    home = Home(tmp_path_factory.mktemp("marked") / "home")
    home.root.mkdir(parents=True)
    tables = guarded_england.tables()
    numbers = tables["figures"].filter(pl.col("metric_id") == GUARDED).select("figure_id")
    # One more than a multiple of five, so that no controlled count is any of them.
    numbers = numbers.with_columns(marker=MARKERS + 5.0 * pl.int_range(pl.len()))
    for name in ("figures", "figure_versions", "claims"):
        tables[name] = with_markers(tables[name], numbers)
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, frame in tables.items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as select * from frame")
            connection.unregister("frame")
    publish(home, built_at=RELEASED_AT, build_id="marked", is_simulated=False, keep=3)
    return home


def with_markers(table: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    joined = table
    if "figure_id" not in table.columns:
        key = pl.concat_str(
            "metric_id",
            "area_id",
            "stratum_id",
            pl.col("event_date").cast(pl.String),
            separator=".",
        )
        joined = table.with_columns(figure_id=key)
    joined = joined.join(numbers, on="figure_id", how="left", maintain_order="left")
    changed = [
        pl.when(pl.col("marker").is_not_null() & pl.col(name).is_not_null())
        .then("marker")
        .otherwise(name)
        .alias(name)
        for name in ("value", "first_value")
        if name in table.columns
    ]
    return joined.with_columns(changed).select(table.columns)


@pytest.fixture(scope="module")
def asks(marked):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIGPOINT_HOME", str(marked.root))
        patch.setenv("TRIGPOINT_SIGN_IN", "demonstration")
        yield {name: asking(token_of(marked, name)) for name in personas()}


@pytest.fixture(autouse=True)
def at_marked(marked, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(marked.root))


@pytest.fixture(scope="module")
def own(marked) -> dict[str, set[str]]:
    """The markers that each persona may read: those of the areas within their scope."""
    path = controlled_file(marked, current(marked).release_id)
    found = {}
    with duckdb.connect(str(path), read_only=True) as tree:
        for name, one in personas().items():
            query = inside("main").replace("main.main", "main")
            areas = {row[0] for row in tree.execute(query, {"scope": one.scope}).fetchall()}
            found[name] = areas if role(one.role).sees_exact else set()
    with duckdb.connect(str(marked.warehouse), read_only=True) as whole:
        rows = whole.execute(
            f"select area_id, value from figures where metric_id = '{GUARDED}' and value > 0"
        ).fetchall()
    return {
        name: {f"{value:.0f}" for area, value in rows if area in areas}
        for name, areas in found.items()
    }


def told(answer) -> set[str]:
    """The markers in an answer. A gap between two numbers that it shows can look like one."""
    document = answer.get_json(silent=True) or {}
    text = answer.get_data(as_text=True)
    for other in (*document.get("claims", ()), *document.get("related", ())):
        if other.get("gap") is not None:
            assert other["gap"] == other["value"] - document["figure"]["value"]
            text = text.replace(f'"gap": {other["gap"]}', "")
    return set(MARKER.findall(text))


def test_a_gap_is_left_out_only_where_it_is_made_of_what_is_shown():
    shown = {"figure": {"value": 7_311_660.0}, "related": [{"value": 79.0, "gap": -7_311_581.0}]}
    assert told(Response(json.dumps(shown, indent=2), mimetype="application/json")) == set()
    shown["related"][0]["value"] = 80.0
    with pytest.raises(AssertionError):
        told(Response(json.dumps(shown), mimetype="application/json"))


def test_a_marker_is_read_by_those_whose_own_it_is(asks, own):
    """Or the property below would prove nothing."""
    for persona in ("national_leader", "local_official"):
        address = f"/figures?metric={GUARDED}&area={LEICESTER}&limit=1000"
        found = told(asks[persona](address))
        assert len(found) > 10 and found <= own[persona]
    assert told(asks["regional_lead"](f"/figures?metric={GUARDED}&area={LONDON}"))
    assert own["local_official"] and not own["engineer"]
    outside = asks["regional_lead"](f"/figures?metric={GUARDED}&area={LEICESTER}").get_json()
    assert outside["rows"] and told(asks["regional_lead"](f"{SERIES}")) == set()


names = st.sampled_from(
    [
        *dict.fromkeys(one.name for taken in TAKEN.values() for one in taken),
        *("scope", "viewer", "role", "person", "exact", "view", "home"),
    ]
)
values = st.one_of(
    st.sampled_from(
        [*AREAS, GUARDED, "all", "2020-07-20", "2020-08-05", "csv", "json", "1", "9999"]
    ),
    st.sampled_from(["analyst", "national_leader", "exact", "demonstration|analyst"]),
    st.text(max_size=12),
)
figures = st.builds(
    lambda area, day: f"{GUARDED}.{area}.all.2020-07-{day:02d}",
    st.sampled_from(AREAS),
    st.integers(1, 31),
)
paths = st.one_of(
    st.sampled_from(["/figures", "/claims", "/metrics", "/areas", "/releases"]),
    figures.map(lambda name: f"/figures/{name}"),
    st.just(f"/metrics/{GUARDED}"),
)
right = st.fixed_dictionaries(
    {},
    optional={
        "metric": st.just(GUARDED),
        "area": st.lists(st.sampled_from(AREAS), max_size=3),
        "as_of": st.sampled_from(["2020-07-25", "2020-08-05T16:30", "2020-08-06"]),
        "from": st.just("2020-07-01"),
        "limit": st.sampled_from([5, 500, 10000]),
        "format": st.sampled_from(FORMS),
    },
)
headers = st.dictionaries(
    st.sampled_from(
        ["X-Trigpoint-Scope", "X-Trigpoint-Role", "X-Forwarded-User", "X-Original-URL", "Cookie"]
    ),
    st.sampled_from(
        [ENGLAND, "analyst", "demonstration|analyst", "/api/v1/figures", "trigpoint=x"]
    ),
    max_size=2,
)
queries = st.one_of(right.map(lambda found: [*found.items()]), st.lists(st.tuples(names, values)))
PERSONAS = ("regional_lead", "local_official", "operations", "engineer", "data_protection_officer")


def holds(asks, own, persona, path, query, more):
    answer = asks[persona](f"{path}?{urlencode(query, doseq=True)}", headers=more)
    assert answer.status_code < 500, answer.get_data(as_text=True)
    assert told(answer) <= own[persona]
    following = answer.headers.get("Link", "")
    if following:
        cursor = following[1:].split(">")[0].removeprefix("http://localhost/api/v1")
        for other in PERSONAS:
            page = asks[other](cursor, headers=more)
            assert told(page) <= own[other]


USUAL = {"deadline": None, "suppress_health_check": [*HealthCheck], "database": None}


@settings(max_examples=25, derandomize=True, **USUAL)
@given(st.sampled_from(PERSONAS), paths, queries, headers)
def test_no_parameter_leads_out_of_ones_scope(asks, own, persona, path, query, more):
    holds(asks, own, persona, path, query, more)


@pytest.mark.long
@settings(max_examples=2000, **USUAL)
@given(st.sampled_from(PERSONAS), paths, queries, headers)
def test_no_parameter_leads_out_of_ones_scope_many_times(asks, own, persona, path, query, more):
    holds(asks, own, persona, path, query, more)


QUESTIONS = (
    f"select * from figures where metric_id = '{GUARDED}'",
    f"select * from figures_as_known('2020-08-05') where metric_id = '{GUARDED}'",
    f"select * from claims where metric_id = '{GUARDED}'",
    f"select * from figure_versions where metric_id = '{GUARDED}'",
    f"select sum(value) from figures where metric_id = '{GUARDED}'",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_in_sql_does_either(asks, own, question):
    """Of two who may ask, one has the North West and the other all of England."""
    answer = asks["operations"]("/sql?format=csv", "POST", json={"sql": question})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert told(answer) <= own["operations"]
    assert not own["operations"] or told(answer) or "sum" in question
    whole = asks["analyst"]("/sql?format=csv", "POST", json={"sql": question})
    assert told(whole) - own["operations"] or "sum" in question
