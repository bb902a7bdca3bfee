"""What no page of ours sends is refused at the door, without a word in the log."""

import json
import logging

import pytest

from dashboard.components import drawer
from tests.dashboard.small_england import DISPUTED

CALLBACKS = "/_dash-update-component"
DRAWER = {
    "output": "drawer-body.children",
    "outputs": {"id": "drawer-body", "property": "children"},
    "inputs": [{"id": "figure-asked", "property": "data", "value": {"figure": DISPUTED}}],
    "changedPropIds": ["figure-asked.data"],
}
SCREEN = {
    "output": "..screen-bands.children...screen-body.children..",
    "outputs": [
        {"id": "screen-bands", "property": "children"},
        {"id": "screen-body", "property": "children"},
    ],
    "inputs": [{"id": "screen-asked", "property": "data", "value": {"area": "E92000001"}}],
    "changedPropIds": ["screen-asked.data"],
}
PAGE = {
    "output": ".._pages_content.children..._pages_store.data..",
    "outputs": [
        {"id": "_pages_content", "property": "children"},
        {"id": "_pages_store", "property": "data"},
    ],
    "inputs": [
        {"id": "_pages_location", "property": "pathname", "value": "/"},
        {"id": "_pages_location", "property": "search", "value": "?as_of=2020-07-25"},
    ],
    "changedPropIds": ["_pages_location.pathname"],
}


def located(pathname: object, search: object) -> dict[str, object]:
    inputs = [
        {"id": "_pages_location", "property": "pathname", "value": pathname},
        {"id": "_pages_location", "property": "search", "value": search},
    ]
    return PAGE | {"inputs": inputs}


def on_screen(data: object) -> dict[str, object]:
    return SCREEN | {"inputs": [{"id": "screen-asked", "property": "data", "value": data}]}


def asking(data: object) -> dict[str, object]:
    return DRAWER | {"inputs": [{"id": "figure-asked", "property": "data", "value": data}]}


@pytest.mark.parametrize(
    "body",
    [
        *(PAGE, DRAWER, SCREEN, located("/areas", "")),
        *(asking(None), asking("x"), asking({"figure": [1]})),
        *(on_screen(None), on_screen("x"), on_screen({"area": [1], "as_of": 5})),
    ],
)
def test_what_a_page_sends_is_answered(client, body):
    assert client.post(CALLBACKS, json=body).status_code == 200


@pytest.mark.parametrize(
    "name",
    [*("as_of", "from", "area", "find", "measure", "code", "figure_id", "source_id", "view")],
)
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/areas", "/areas/E06000016", f"/figure/{DISPUTED}"),
        *("/sources", "/sources/phe_deaths_csv", "/sources/conflicts", "/sources/releases"),
    ],
)
def test_a_doubled_value_is_no_fault(client, caplog, path, name):
    answer = client.post(CALLBACKS, json=located(path, f"?{name}=2020-07-01&{name}=x"))
    assert answer.status_code == 200
    assert "could not be made" not in answer.get_data(as_text=True)
    assert caplog.records == []


FORGED = [
    *({}, [], None, 5, "x"),
    DRAWER | {"output": "nothing.children"},
    DRAWER | {"output": ["drawer-body.children"]},
    DRAWER | {"output": "arrived.data"},
    DRAWER | {"inputs": None},
    DRAWER | {"inputs": "x"},
    DRAWER | {"inputs": []},
    DRAWER | {"inputs": [[]]},
    DRAWER | {"inputs": [5]},
    DRAWER | {"inputs": [{"id": {"a": 1}, "property": "data"}]},
    DRAWER | {"outputs": None},
    DRAWER | {"outputs": {"id": "main", "property": "children"}},
    DRAWER | {"state": 5},
    DRAWER | {"changedPropIds": 5},
    DRAWER | {"changedPropIds": [{}]},
    *(
        located(wrong, "")
        for wrong in (None, 5, [], {}, "", "5", "None", "http://[", "/\ud800", "/\0")
    ),
    *(located("/", wrong) for wrong in (None, 5, [], {}, "?find=\ud800")),
]


@pytest.mark.parametrize("body", FORGED)
def test_a_forged_body_is_refused(client, caplog, body):
    caplog.set_level(logging.WARNING)
    assert client.post(CALLBACKS, json=body).status_code == 400
    assert caplog.records == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[" * 100_000, 400),
        ('{"output":' * 90_000, 400),
        (b"\xff\xfe", 400),
        (b" " * 1_000_001, 413),
        (json.dumps(DRAWER | {"more": "x" * 1_000_000}), 413),
    ],
    ids=range(7),
)
def test_a_body_that_is_no_json_or_too_long_is_refused(client, caplog, body, status):
    caplog.set_level(logging.WARNING)
    answer = client.post(CALLBACKS, data=body, content_type="application/json")
    assert answer.status_code == status
    assert caplog.records == []


@pytest.mark.parametrize(
    "path", ["os/x.py", "../../../etc/passwd", "dash/../../../etc/passwd", "dash/%00", "dash/x.js"]
)
def test_a_script_that_no_page_names_is_not_found(client, caplog, path):
    caplog.set_level(logging.WARNING)
    assert client.get(f"/_dash-component-suites/{path}").status_code == 404
    assert caplog.records == []


def test_a_fault_of_ours_is_still_one_with_a_reference(client, caplog, monkeypatch):
    def fails(*_: object) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr(drawer, "see", fails)
    answer = client.post(CALLBACKS, json=DRAWER)
    assert answer.status_code == 500
    reference = answer.get_data(as_text=True).split()[-1].rstrip(".")
    assert "a fault" not in answer.get_data(as_text=True)
    assert any("a fault" in str(record.exc_info) for record in caplog.records)
    assert any(reference in record.getMessage() for record in caplog.records)
