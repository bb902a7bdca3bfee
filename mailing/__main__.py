"""`python -m mailing`: what `trigpoint mail send` becomes.

Exit codes: 0 sent or nothing due, 1 something that was due did not leave, 2 wrong use.
"""

import sys
from typing import Annotated

import typer

from mailing.rounds import NOTHING, Outcome, is_failed, send_due
from mailing.settings import Mailing
from store.errors import DONE, FAILED, TrigpointError
from store.exports import document_to_json, visible
from store.moments import now
from store.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def send(
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Send what is due now, or say what would be sent."""
    outcomes = send_due(Settings.read().home, Mailing.read(), now(), is_tried=dry_run)
    if as_json:
        rows = [outcome.as_row() for outcome in outcomes]
        print(document_to_json({"subscriptions": rows}), end="")
    else:
        _say(outcomes)
    raise typer.Exit(FAILED if is_failed(outcomes) else DONE)


def _say(outcomes: list[Outcome]) -> None:
    told = [outcome for outcome in outcomes if outcome.state != NOTHING]
    for one in told:
        state = one.state.replace("_", " ")
        print(visible(f"{one.kind} to {one.where} ({one.subject}): {state}, {one.told}"))
    if not told:
        print("There is nothing to send.")


def main() -> None:
    """Run it; what goes wrong is one plain line on standard error."""
    try:
        app(prog_name="trigpoint mail")
    except TrigpointError as fault:
        print(visible(str(fault)), file=sys.stderr)
        raise SystemExit(fault.exit_code) from None


if __name__ == "__main__":
    main()
