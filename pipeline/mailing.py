"""`trigpoint mail`: send what is due, and what people want to be sent.

Sending renders pages, which this room does not know: it becomes a process of the room that does.
"""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from journal import audit, subscriptions
from journal.audit import Given, Question
from journal.subscriptions import Subscribed
from people.addresses import told
from pipeline.asking import asker
from pipeline.terminal import Table, line, print_table
from store.exports import document_to_json
from store.settings import Settings

app = typer.Typer(help="Briefs and alerts that people subscribed to.", no_args_is_help=True)

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The data folder; else TRIGPOINT_HOME, else ./data."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Report as JSON on standard output.")]


@app.command()
def send(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send what is due and was not sent yet; to be run every few minutes."""
    os.environ["TRIGPOINT_HOME"] = str(Settings.read(home).home.root)
    options = ["--dry-run"] * dry_run + ["--json"] * as_json
    # It takes this process's place, so that signals and exit codes are its own; there is no shell.
    os.execv(sys.executable, [sys.executable, "-m", "mailing", *options])  # noqa: S606 # nosec B606


@app.command("list")
def listed(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Who is sent what, and where to; a webhook by its host alone."""
    at = Settings.read(home).home
    with audit.asking(at, asker(), Question("mail", "mail list")) as asked:
        found = subscriptions.running(at)
        asked.given(Given(len(found)))
    if as_json:
        print(document_to_json({"subscriptions": [_as_row(one) for one in found]}), end="")
    elif found:
        print_table(_table(found))
    else:
        line(
            "Nobody wants to be sent anything; people subscribe on the page \u201cYour mail\u201d."
        )


def _as_row(one: Subscribed) -> dict[str, object]:
    wanted = one.wanted
    return {
        "subscription_id": one.subscription_id,
        "subject": one.subject,
        **asdict(wanted),
        "address": told(wanted.channel, wanted.address),
        "made_at": one.made_at,
    }


def _table(found: list[Subscribed]) -> Table:
    table = Table("who", "what", "area", "measure", "by", "to", "quiet (UTC)", "since")
    for one in found:
        wanted = one.wanted
        table.add_row(
            one.subject,
            ", ".join(wanted.alerts) or wanted.kind,
            wanted.area_id,
            wanted.metric_id or "headlines",
            wanted.channel,
            told(wanted.channel, wanted.address),
            "{:02d}:00 to {:02d}:00".format(*wanted.quiet) if wanted.quiet else "never",
            f"{one.made_at:%Y-%m-%d %H:%M}",
        )
    return table
