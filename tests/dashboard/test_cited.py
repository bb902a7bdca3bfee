"""A cited number on page and in file: that of its release, honest once the release is pruned."""

import json
import shutil

import duckdb
import pytest

from dashboard import asked
from dashboard.components import drawer
from dashboard.pages import figure, today
from store import releases, showings
from store.paths import Home
from tests.dashboard.placed import every, parts, words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_england import CITED, HIDDEN, write_release

UNKNOWN = "20200101-000000-000"


def four_releases(root):
    """Their ids; the first is pruned, and the figure was 90, 95, 95 and then as it is counted."""
    return [write_release(root, cited=value).release_id for value in (90.0, 95.0, 95.0, None)]


@pytest.fixture(scope="module")
def cited(tmp_path_factory):
    root = tmp_path_factory.mktemp("cited")
    return root, four_releases(root)


@pytest.fixture(autouse=True)
def in_a_request():
    with looking_at("/"):
        yield


@pytest.fixture
def client(cited, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(cited[0]))
    return signed_in()


def headline(page):
    return words_in(every(page, "Strong", "value"))


def copied(page):
    """What the buttons of a page copy, other than its address."""
    texts = [getattr(button, "data-copy", "address") for button in every(page, "Button")]
    return [text for text in texts if text != "address"]


def links(page):
    return [part.href for part in parts(page) if type(part).__name__ == "A"]


def test_the_page_cites_the_number_it_shows(client, cited):
    current = cited[1][-1]
    page = figure.layout(figure_id=CITED)
    assert copied(page) == [f"TP-{CITED}-{current}"]
    response = client.get(f"/cite/{copied(page)[0]}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/figure/{CITED}?release={current}"
    same = figure.layout(figure_id=CITED, release=current)
    assert headline(same) == headline(page)
    assert headline(page) not in {"90", "95"}
    assert every(same, "Div", "past") == []


def test_a_kept_release_is_shown_as_it_was_and_the_page_says_so(client, cited):
    second = cited[1][1]
    page = figure.layout(figure_id=CITED, release=second)
    assert headline(page) == "95"
    (band,) = every(page, "Div", "past")
    assert f"what was shown by release {second}" in " ".join(words_in(band).split())
    assert copied(page) == [f"TP-{CITED}-{second}"]
    onward = [link for link in links(page) if link.startswith(("/areas/", "/files/"))]
    assert onward and all(f"release={second}" in link for link in onward)
    assert client.get(f"/figure/{CITED}?release={second}").status_code == 200


def test_the_drawer_over_a_cited_page_shows_the_cited_release(client, cited):
    opened = words_in(drawer.show({"figure": CITED, "release": cited[1][1]}))
    assert "Where  95  comes from" in opened
    assert f"TP-{CITED}-{cited[1][1]}" in opened
    assert "Where  95 " not in words_in(drawer.show({"figure": CITED}))


def test_a_pruned_release_is_said_to_be_gone_with_what_is_on_record(client, cited):
    first = cited[1][0]
    page = figure.layout(figure_id=CITED, release=first)
    assert headline(page) == "90"
    assert (
        f"Release {first} is no longer kept, so what stood behind the number is out of reach"
        in words_in(page)
    )
    assert "Shown from" in words_in(page)
    assert "What each source says" not in words_in(page)
    assert all(first not in link for link in links(page))
    assert client.get(f"/figure/{CITED}?release={first}").status_code == 200


@pytest.mark.parametrize(
    ("figure_id", "place"), [(CITED, UNKNOWN), ("a.b.c.2020-01-01", 0), ("a.b.c.2020-01-01", 1)]
)
def test_a_release_or_figure_that_never_was_is_not_found(client, cited, figure_id, place):
    release = cited[1][place] if isinstance(place, int) else place
    page = figure.layout(figure_id=figure_id, release=release)
    assert "Page not found" in words_in(page)
    assert client.get(f"/figure/{figure_id}?release={release}").status_code == 404


def test_a_page_without_a_record_of_its_own_says_that_the_release_is_gone(client, cited):
    (band,) = every(today.layout(release=cited[1][0]), "Div", "past")
    assert f"Release {cited[1][0]} is no longer kept" in words_in(band)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        f"TP-{CITED}",
        f"TP-{CITED}-{UNKNOWN[:-1]}",
        f"tp-{CITED}-{UNKNOWN}",
        f"TP-..-..-etc-passwd-{UNKNOWN}%2F..",
        f"TP-%2F%2Fevil.example%2F-{UNKNOWN}",
        f"TP-https:evil.example-{UNKNOWN}",
        f"TP-{CITED}%0d%0aSet-Cookie:a-{UNKNOWN}",
        f"TP-{CITED}-{UNKNOWN}/more",
        "",
    ],
)
def test_a_citation_leads_nowhere_but_to_a_figure(client, text):
    assert client.get(f"/cite/{text}").status_code == 404


@pytest.mark.parametrize("text", [f"{UNKNOWN}/..", "current", "../..", "%2e%2e", "'", "\u0663" * 8])
def test_a_release_that_is_none_is_noted_and_never_a_path(client, text):
    request = asked.read({"release": text})
    assert request.release is None and len(request.notes) == 1
    assert (
        client.get(
            "/files/figure.json", query_string={"figure": CITED, "release": text}
        ).status_code
        == 400
    )


def test_page_file_and_command_line_give_the_same_number(client, cited, trigpoint):
    root, (first, second, *_) = cited
    for named, release in (
        (CITED, None),
        (f"TP-{CITED}-{second}", second),
        (f"TP-{CITED}-{first}", first),
    ):
        file = client.get(f"/files/figure.json?figure={named}")
        ran = trigpoint("figure", named, "--json", "--home", root)
        assert (file.status_code, ran.code, ran.error) == (200, 0, "")
        assert file.get_data(as_text=True) == ran.out
        value = json.loads(ran.out)["figure"]["value"]
        page = figure.layout(figure_id=CITED, release=release)
        told = trigpoint("figure", named, "--home", root).out
        assert headline(page) == f"{value:,.0f}"
        assert re_number(told, f"{value:,.0f}")
    then = "2020-07-25"
    file = client.get(f"/files/figure.json?figure={CITED}&as_of={then}")
    ran = trigpoint("figure", CITED, "--as-of", then, "--json", "--home", root)
    assert file.get_data(as_text=True) == ran.out
    assert json.loads(ran.out)["citation"] is None


def re_number(text, number):
    """Whether a line of the text begins with the number."""
    return any(line.split()[:1] == [number] for line in text.splitlines())


def test_the_file_of_a_page_at_a_kept_release_is_that_of_its_citation(client, cited):
    page = figure.layout(figure_id=CITED, release=cited[1][1])
    (address,) = [link for link in links(page) if link.startswith("/files/figure.json")]
    file = client.get(address)
    same = client.get(f"/files/figure.json?figure=TP-{CITED}-{cited[1][1]}")
    assert file.get_data() == same.get_data()
    assert file.mimetype == "application/json"
    assert file.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("figure=x", 400),
        (f"figure={CITED}&as_of=soon", 400),
        ("figure=a.b.c.2020-01-01", 404),
        (f"figure={CITED}&as_of=2020-01-01", 404),
        (f"figure=TP-{CITED}", 404),
        (f"figure=TP-{CITED}-{UNKNOWN}", 404),
        (f"figure=TP-{CITED}-{UNKNOWN}&as_of=2020-07-25", 404),
        (f"figure={CITED}&release={UNKNOWN}", 404),
    ],
)
def test_a_file_of_nothing_says_why_in_plain_text(client, query, status):
    answer = client.get(f"/files/figure.json?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert len(answer.get_data(as_text=True).splitlines()) == 1


def test_a_hidden_value_is_nowhere_in_the_file(client):
    content = client.get(f"/files/figure.json?figure={HIDDEN}").get_json()
    assert content["disclosure"]["is_hidden"] is True
    assert {row["value"] for row in content["claims"] + content["versions"]} == {None}


def test_the_page_shows_what_was_shown_agreement_and_disclosure(client, cited):
    page = figure.layout(figure_id=CITED)
    (shown,) = [
        part for part in every(page, "Section") if words_in(part).startswith("What was shown")
    ]
    rows = [words_in(row) for row in every(shown, "Tr")][1:]
    assert [row.split()[-2] for row in rows][:2] == ["90", "95"]
    assert f"/cite/TP-{CITED}-{cited[1][0]}" in links(shown)
    told = words_in(page)
    assert "open_government" in told and "Already public, so it is shown as published" in told
    hidden = words_in(figure.layout(figure_id=HIDDEN))
    assert "Hidden by the publisher to protect privacy." in hidden


def test_a_past_moment_has_no_citation_and_says_why(client):
    page = figure.layout(figure_id=CITED, as_of="2020-07-25")
    assert copied(page) == []
    assert "Only what a release shows of now can be cited" in words_in(page)


def test_pages_follow_the_record_after_a_rollback(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    for cited in (95.0, None):
        write_release(tmp_path, cited=cited)
    counted = headline(figure.layout(figure_id=CITED))
    releases.rollback(Home(tmp_path))
    page = figure.layout(figure_id=CITED)
    assert headline(page) == "95"
    rows = [words_in(row) for row in every(page, "Tr") if "/cite/" in "".join(links(row))]
    assert [row.split()[-2] for row in rows] == ["95", counted, "95"]


def test_a_damaged_record_is_said_on_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    write_release(tmp_path)
    showings.newest(Home(tmp_path)).write_bytes(b"")
    told = words_in(figure.layout(figure_id=CITED))
    assert "The record of what was shown is damaged and cannot be read." in told
    assert "Cite this number" in told


def test_a_figure_that_only_an_earlier_release_had_is_still_cited(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    home, first = Home(tmp_path), write_release(tmp_path, cited=95.0)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        for table in ("figures", "figure_versions"):
            warehouse.execute(f"delete from {table} where figure_id = ?", [CITED])
    releases.publish(home, built_at=first.built_at, build_id="b", is_simulated=False, keep=3)
    assert "Page not found" in words_in(figure.layout(figure_id=CITED))
    page = figure.layout(figure_id=CITED, release=first.release_id)
    assert headline(page) == "95"
    assert figure.title(figure_id=CITED) == f"{CITED} \u2013 Trigpoint"
    shutil.rmtree(releases.folder(home, first.release_id))
    assert headline(figure.layout(figure_id=CITED, release=first.release_id)) == "95"
