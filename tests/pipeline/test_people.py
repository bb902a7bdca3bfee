"""`trigpoint people`, and where `trigpoint serve` refuses to listen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from journal import reading
from people import accounts
from store.paths import Home

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
SECRET = "3f9a0c5d7e1b42688a6f0e9d4c2b7a51"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def people(one_process, tmp_path: Path):
    def people(*arguments: str | Path):
        return one_process("people", *arguments, "--home", tmp_path / "home")

    return people


def added(people, password_file: Path, **changes: str):
    told = {"role": "regional_lead", "scope": "E12000007"} | changes
    options = [part for name, value in told.items() for part in (f"--{name}", value)]
    return people("add", "ada", *options, "--password-file", password_file)


def test_an_account_is_made_changed_listed_and_removed(people, password_file, tmp_path):
    at = Home(tmp_path / "home")
    ran = added(people, password_file, called="Ada Bell")
    assert (ran.code, ran.out) == (0, "ada can sign in as regional lead for E12000007.\n"), (
        ran.error
    )
    assert accounts.with_password(at, "ada", PASSWORD) is not None
    assert people("role", "ada", "--role", "analyst", "--scope", "E92000001").code == 0
    (found,) = json.loads(people("list", "--json").out)["people"]
    assert (found["name"], found["role"], found["scope"]) == ("Ada Bell", "analyst", "E92000001")
    assert "Ada Bell" in people("list").out
    password_file.write_text("another horse battery\n")
    assert people("password", "ada", "--password-file", password_file).code == 0
    assert accounts.with_password(at, "ada", "another horse battery") is not None
    assert people("remove", "ada").code == 0
    assert accounts.with_password(at, "ada", "another horse battery") is None


def test_each_is_on_the_audit_and_no_password_is(people, password_file, tmp_path):
    added(people, password_file)
    people("remove", "bob")
    people("list")
    found = reading.questions(Home(tmp_path / "home"))
    asked = found["question"].to_list()
    assert asked == [
        "people list",
        "people remove bob",
        "people add ada --role regional_lead --scope E12000007",
    ]
    assert found["outcome"].to_list()[0] == "given"
    assert "there is nobody local|bob" in found["outcome"].to_list()[1]
    assert PASSWORD not in found.write_csv()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"role": "minister"}, "there is no role 'minister'"),
        ({"scope": "E92000001"}, "it has to be a region or an NHS region"),
    ],
)
def test_what_does_not_fit_is_wrong_use(people, password_file, changes, why):
    ran = added(people, password_file, **changes)
    assert ran.code == 2
    assert why in ran.error
    assert len(ran.error.splitlines()) == 1


def test_a_password_is_no_argument_and_its_file_is_private(people, password_file):
    ran = people("add", "ada", "--role", "engineer", "--scope", "E92000001")
    assert ran.code == 2
    assert "no terminal to type the password at" in ran.error
    ran = people("add", "ada", "--role", "engineer", "--scope", "E92000001", "--password", PASSWORD)
    assert ran.code == 2
    password_file.chmod(0o644)
    ran = added(people, password_file)
    assert ran.code == 2
    assert "chmod 600" in ran.error


def served(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve"]
    return subprocess.run(
        [*command, "--home", str(home), *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "why"),
    [
        (
            ("--host", "0.0.0.0", "--sign-in", "demonstration"),
            {},
            "the demonstration lets anybody in as anybody",
        ),
        (("--host", "0.0.0.0"), {}, "TRIGPOINT_ADDRESS has to hold the https:// address"),
        (("--sign-in", "anybody"), {}, "TRIGPOINT_SIGN_IN is 'anybody'"),
        (("--sign-in", "provider"), {}, "TRIGPOINT_PROVIDER is not set"),
        (
            ("--sign-in", "provider"),
            {
                "TRIGPOINT_PROVIDER": "https://idp.example",
                "TRIGPOINT_PROVIDER_CLIENT": "trigpoint",
                "TRIGPOINT_PROVIDER_SECRET": SECRET,
                "TRIGPOINT_SECRET": SECRET[::-1],
                "TRIGPOINT_CLAIMS": "/nowhere/claims.toml",
            },
            "/nowhere/claims.toml: No such file",
        ),
    ],
)
def test_serving_where_it_protects_nobody_is_refused_in_a_sentence(
    tmp_path, arguments, environment, why
):
    ran = served(tmp_path, *arguments, **environment)
    assert ran.returncode == 2
    assert why in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert SECRET not in ran.stderr
