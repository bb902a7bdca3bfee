"""The file that says who gets in as what, and the tables of roles, exits and personas."""

from pathlib import Path

import pytest

from people import claims
from people.claims import NoEntry
from people.exits import ruled
from people.personas import personas
from people.roles import require_scope, roles
from store.errors import WrongUse

SAID = {"iss": "https://idp.example", "sub": "ada", "name": "Ada Bell"}
LEADER = (
    '[[people]]\nclaims = { groups = "leaders" }\nrole = "national_leader"\nscope = "E92000001"\n'
)
LOCAL = (
    '[[people]]\nclaims = { groups = "local", is_staff = true }\nrole = "local_official"\n'
    'scope_from = "area"\n'
)


@pytest.fixture
def rules(tmp_path: Path):
    def rules(text: str):
        path = tmp_path / "claims.toml"
        path.write_text(text)
        return claims.read(path)

    return rules


def test_the_first_rule_that_fits_decides(rules):
    said = SAID | {"groups": ["local", "leaders"], "is_staff": True, "area": "E06000016"}
    for text, role, scope in (
        (LEADER + LOCAL, "national_leader", "E92000001"),
        (LOCAL + LEADER, "local_official", "E06000016"),
    ):
        found = claims.arrived(rules(text), said)
        assert (found.role, found.scope, found.name) == (role, scope, "Ada Bell")
        assert found.subject == "https://idp.example|ada"


@pytest.mark.parametrize(
    ("said", "mail"),
    [
        ({"email": "ada@example.org", "email_verified": True}, "ada@example.org"),
        ({"email": "ada@example.org"}, None),
        ({"email": "ada@example.org", "email_verified": "true"}, None),
        ({"email": "ada@example.org", "email_verified": 1}, None),
        ({"email": ["ada@example.org"], "email_verified": True}, None),
        ({"email": "ada@example.org\nBcc: b@example.org", "email_verified": True}, None),
    ],
)
def test_an_address_counts_where_the_provider_says_that_it_verified_it(said, mail):
    assert claims.vouched_mail(SAID | said) == mail


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "no role"),
        ({"groups": "leader"}, "no role"),
        ({"groups": ["LEADERS"]}, "no role"),
        ({"groups": {"leaders": True}}, "no role"),
        ({"groups": "local", "area": "E06000016"}, "no role"),
        ({"groups": "local", "is_staff": 1, "area": "E06000016"}, "no role"),
        ({"groups": "local", "is_staff": "true", "area": "E06000016"}, "no role"),
        ({"groups": "local", "is_staff": True}, "names no single area"),
        ({"groups": "local", "is_staff": True, "area": ["E06000016"]}, "names no single area"),
        ({"groups": "local", "is_staff": True, "area": "E92000001"}, "does not fit"),
        ({"groups": "local", "is_staff": True, "area": "../../etc"}, "does not fit"),
    ],
)
def test_nobody_gets_in_whom_no_rule_names(rules, said, why):
    with pytest.raises(NoEntry, match=why):
        claims.arrived(rules(LEADER + LOCAL), SAID | said)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "people: field required"),
        ("people = []", "people: tuple should have at least 1 item"),
        ("[[people]]", "rule 1 claims: field required"),
        (LEADER + LEADER.replace("role =", "rol ="), "rule 2 role: field required"),
        (LEADER.replace('{ groups = "leaders" }', "{}"), "rule 1 claims: dictionary should have"),
        (LEADER.replace("national_leader", "leader"), "rule 1: there is no role 'leader'"),
        (LEADER.replace("E92000001", "E12000007"), "rule 1: E12000007 cannot be the scope"),
        (LEADER + LOCAL + 'scope = "E06000016"\n', "rule 2 needs either a scope or a scope_from"),
        (LEADER.replace("scope =", "scop ="), "rule 1 scop: extra inputs are not permitted"),
        ("people = [", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_which_rule_and_why(rules, text, why):
    with pytest.raises(WrongUse, match=why):
        rules(text)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(WrongUse, match="No such file"):
        claims.read(tmp_path / "claims.toml")


def test_every_role_has_a_scope_that_fits_and_a_persona():
    assert {one.role for one in personas().values()} == set(roles())
    for one in personas().values():
        assert require_scope(one.role, one.scope) == one.scope


def test_nobody_signed_out_takes_an_exit_with_figures():
    for way in ruled().values():
        assert ("signed_out" in way.who) == (way.kind == "open")


@pytest.mark.parametrize("role", roles())
@pytest.mark.parametrize("scope", ["E92000001", "E12000007", "E06000016", "E54000027", "RJ1"])
def test_a_scope_is_taken_by_the_roles_that_state_its_shape(role, scope):
    stated = {shape.shape_id for shape in roles()[role].shapes}
    shape = {"E92": "nation", "E12": "region", "E06": "authority", "E54": "care_board"}
    if shape.get(scope[:3], "organisation") in stated:
        assert require_scope(role, scope) == scope
    else:
        with pytest.raises(WrongUse, match="cannot be the scope"):
            require_scope(role, scope)
