"""`trigpoint people`: the local accounts of a store, and the review of who may do what."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from journal import audit
from journal.audit import Given, Question
from people import accounts, passwords, tokens
from people.accounts import LOCAL, Known
from people.roles import roles
from people.settings import SignIn
from pipeline.asking import asker
from pipeline.terminal import Table, line, print_table
from store.errors import WrongUse
from store.exports import document_to_json
from store.paths import Home
from store.settings import Settings

app = typer.Typer(help="Who may look: accounts, roles and scopes.", no_args_is_help=True)

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The data folder; else TRIGPOINT_HOME, else ./data."),
]
NameArgument = Annotated[
    str, typer.Argument(help="The name to sign in with; small letters, digits and . _ -")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Report as JSON on standard output.")]
AnyoneArgument = Annotated[
    str, typer.Argument(help="The name of a local account, or whoever `list` names in full.")
]
RoleOption = Annotated[str, typer.Option(help=f"One of {', '.join(roles())}.")]
ScopeOption = Annotated[
    str, typer.Option(help="The code of their area or organisation, as E12000007 or RJ1.")
]
PasswordOption = Annotated[
    Path | None,
    typer.Option(help="A file that only you may read, with the password in it; else it is asked."),
]


@app.command()
def add(
    name: NameArgument,
    role: RoleOption,
    scope: ScopeOption,
    called: Annotated[str | None, typer.Option(help="The name that pages show.")] = None,
    password_file: PasswordOption = None,
    home: HomeOption = None,
) -> None:
    """Make a local account, or let one that was removed come back."""
    wanted = Known(accounts.local(name), called or name, role, scope)
    at = Settings.read(home).home
    with _noted(at, f"people add {name} --role {role} --scope {scope}"):
        accounts.add(at, wanted, _password(password_file))
    line(f"{name} can sign in as {roles()[role].name.lower()} for {scope}.")


@app.command("role")
def change_role(
    name: NameArgument, role: RoleOption, scope: ScopeOption, home: HomeOption = None
) -> None:
    """Give a local account another role or scope; whoever is signed in with it is signed out."""
    at = Settings.read(home).home
    with _noted(at, f"people role {name} --role {role} --scope {scope}"):
        accounts.change(at, accounts.local(name), role, scope)
    line(f"{name} is {roles()[role].name.lower()} for {scope} from now on, and signed out.")


@app.command()
def password(
    name: NameArgument, password_file: PasswordOption = None, home: HomeOption = None
) -> None:
    """Give a local account another password; whoever is signed in with it is signed out."""
    at = Settings.read(home).home
    with _noted(at, f"people password {name}"):
        accounts.set_password(at, accounts.local(name), _password(password_file))
    line(f"{name} has another password, and is signed out.")


@app.command()
def remove(name: AnyoneArgument, home: HomeOption = None) -> None:
    """Let somebody in no more, however they sign in, and sign them out; what they wrote stays."""
    at = Settings.read(home).home
    with _noted(at, f"people remove {name}"):
        accounts.remove(at, name if "|" in name else accounts.local(name))
    line(f"{name} cannot sign in any more, and is signed out.")


@app.command("list")
def listed(
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Everybody who may look or could, in which role, at which scope, and when they last did."""
    at = Settings.read(home).home
    with _noted(at, "people list") as asked:
        found = accounts.listed(at)
        asked.given(Given(len(found)))
    if as_json:
        print(document_to_json({"people": found}), end="")
    elif found:
        print_table(_table(found))
    else:
        line("There is nobody yet; `trigpoint people add` makes an account.")


@app.command("tokens")
def listed_tokens(
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every token by which somebody's programs ask: what it may do, when it did, and until when."""
    at = Settings.read(home).home
    with _noted(at, "people tokens") as asked:
        found = tokens.everybodys(at, SignIn.read())
        asked.given(Given(len(found)))
    if as_json:
        print(document_to_json({"tokens": [asdict(one) for one in found]}), end="")
    elif found:
        print_table(_tokens(found))
    else:
        line("There is no token; people make their own on their record.")


@contextmanager
def _noted(home: Home, what: str) -> Iterator[audit.Asked]:
    """Who may look is changed, and read, on the audit only."""
    with audit.asking(home, asker(), Question("people", what)) as asked:
        yield asked


def _password(file: Path | None) -> str:
    """Never an argument: those stand in the history of the shell and in every list of processes."""
    if file is not None:
        return passwords.from_file(file)
    if not sys.stdin.isatty():
        raise WrongUse("there is no terminal to type the password at; give --password-file")
    typed = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != typed:
        raise WrongUse("these were two passwords; nothing was changed")
    return typed


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table("who", "name", "role", "scope", "state", "last seen")
    for row in found:
        seen = f"{row['last_seen_at']:%Y-%m-%d %H:%M}" if row["last_seen_at"] else "never"
        who = row["subject"].removeprefix(f"{LOCAL}|")
        table.add_row(who, row["name"], row["role"], row["scope"], row["state"], seen)
    return table


def _tokens(found: list[tokens.Kept]) -> Table:
    table = Table("who", "name", "may", "made", "last used", "until", "holds")
    for one in found:
        used = f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never"
        until = f"{min(one.ended_at or one.ends_at, one.ends_at):%Y-%m-%d %H:%M}"
        made = f"{one.made_at:%Y-%m-%d}"
        who, may = one.subject.removeprefix(f"{LOCAL}|"), ", ".join(one.uses)
        table.add_row(who, one.name, may, made, used, until, "yes" if one.holds else "no")
    return table
