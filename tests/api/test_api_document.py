"""The document is true: whatever it allows is answered as it says, never with a fault of ours."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api import document
from api.resources import resources
from dashboard.app import server
from people.exits import ruled, way_of
from store.reader import open_reader
from tests.api.conftest import token_of


def here(environ, start_response):
    """The server as somebody at this machine reaches it."""
    return server(environ | {"REMOTE_ADDR": "127.0.0.1"}, start_response)


ADDRESS = "/api/v1/openapi.json"
SCHEMA = schemathesis.openapi.from_wsgi(ADDRESS, here)
# Each boundary of each parameter makes thousands of questions; `make long` asks them.
WITHOUT_BOUNDARIES = schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": False}}})
BRIEF = schemathesis.openapi.from_wsgi(ADDRESS, here, config=WITHOUT_BOUNDARIES)
# A text of the right form need not be a day of the calendar, nor a release that is kept.
WITHOUT = [positive_data_acceptance]
USUAL = {
    "suppress_health_check": [*HealthCheck],
    "deadline": None,
    "derandomize": True,
    "database": None,
}


@pytest.fixture(scope="module")
def token(guarded):
    return token_of(guarded)


def conforms(case, token):
    with_token = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(headers=with_token, excluded_checks=WITHOUT)


@BRIEF.parametrize()
@settings(max_examples=4, **USUAL)
def test_whatever_is_asked_is_answered_as_described(case, token):
    conforms(case, token)


@pytest.mark.long
@SCHEMA.parametrize()
@settings(max_examples=150, **USUAL)
def test_whatever_is_asked_is_answered_as_described_many_times(case, token):
    conforms(case, token)


def test_every_address_is_described_and_every_described_one_is_there():
    there = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in server.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    paths = document.written()["paths"]
    assert {(path, method) for path, found in paths.items() for method in found} == there


def test_every_address_is_an_exit_of_the_api():
    ways = {
        way_of(server.view_functions[rule.endpoint])
        for rule in server.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert {way.name for way in ways} == {name for name in ruled() if name.startswith("api.")}


@pytest.mark.parametrize("name", [name for name in resources() if name != "releases"])
def test_columns_are_of_the_type_and_as_empty_as_it_says(guarded, name):
    types = {
        "text": "String",
        "number": "Float64",
        "integer": "Int64",
        "boolean": "Boolean",
        "date": "Date",
        "moment": "Datetime",
    }
    with open_reader(guarded) as reader:
        found = reader.ask(f"from {name}")
    for column in resources()[name].columns:
        assert str(found.schema[column.name]).startswith(types[column.type]), column.name
        assert column.may_be_empty or not found[column.name].null_count(), column.name
