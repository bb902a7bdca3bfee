"""Asking in SQL from the workspace: a run, its stop, and how many rows the whole answer has.

The engine is the confined one of `store.sandbox`. A run holds one thread of this process until it
is answered, so it is stopped by another request, whichever process that reaches.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import Input, Output, callback, no_update

from dashboard import asked as asked_for
from dashboard import audited, looking, replaying, wanted
from dashboard.components import answer as shown
from dashboard.components.visible import as_seen
from dashboard.components.workspace import PATH, history
from dashboard.exits import leaves_by
from dashboard.putting_down import whoever
from dashboard.results import seconds_in_words
from dashboard.seen import Seen, see
from dashboard.wanted import Wanted
from journal import queries
from journal.queries import Kept, Ran, Text
from people.places import place
from store import moments, sandbox
from store.errors import TrigpointError
from store.sandbox import Answer, Question
from store.settings import Settings

ASKED, STOPPED, COUNTING = "query-asked", "query-stopped", "query-counting"
RESULTS, SAID, COUNTED, HISTORY = "query-results", "query-said", "query-counted", "query-history"
ON_SCREEN = 1000
# A page makes values of Python of it, and text of these.
BYTES_ON_SCREEN = 8_000_000
ENDED = "The query has ended; if it was just beginning, it is stopped."
OUTCOMES: tuple[tuple[type[Exception], str], ...] = (
    (sandbox.Refused, queries.REFUSED),
    (sandbox.Stopped, queries.STOPPED),
    (sandbox.TookTooLong, queries.TOO_LONG),
)


@dataclass(frozen=True)
class Outcome:
    """What a run came to: an answer, the engine's plan of one, or the fault in its place."""

    seconds: float
    answer: Answer | None = None
    plan: str | None = None
    fault: TrigpointError | None = None

    @property
    def ran(self) -> Ran:
        """The same as the journal keeps it; of an answer that was cut, the rows that were given."""
        if self.answer is not None:
            given = self.answer
            return Ran(queries.GIVEN, self.seconds, given.release_id, given.table.num_rows)
        kinds = [name for kind, name in OUTCOMES if isinstance(self.fault, kind)]
        return Ran(kinds[0] if kinds else queries.NOT_ANSWERED, self.seconds)


@callback(
    Output(RESULTS, "children"),
    Output(COUNTING, "data"),
    Output(HISTORY, "children"),
    Input(ASKED, "data"),
    prevent_initial_call=True,
)
@leaves_by("callback.query")
def run(sent: Any) -> tuple[Any, Any, Any]:
    """The answer to what stands in the editor, at the scope of whoever asks, and their history."""
    try:
        asked = wanted.read(sent)
        seen = see(asked.asked, PATH)
        if seen.gone:
            raise seen.gone
    except TrigpointError as fault:
        audited.refuse(fault.on_record)
        return as_seen(shown.refused(fault)), no_update, no_update
    outcome = _asked(seen, asked)
    if outcome.fault is not None:
        audited.refuse(outcome.fault.on_record)
    kept = _kept(seen, asked, outcome)
    found = _shown(seen, asked, outcome, kept)
    return as_seen(found), _counting(asked, outcome, kept), _history(seen)


@callback(Output(SAID, "children"), Input(STOPPED, "data"), prevent_initial_call=True)
@leaves_by("callback.stop")
def stop(sent: Any) -> str:
    """Stop a run of whoever asks for it; nobody can stop what somebody else runs."""
    given = sent if isinstance(sent, dict) else {}
    run_id = given.get("run")
    request = replaying.allowed(asked_for.read({"replay": given.get("replay")}))
    home = replaying.home(request.replay)
    if not isinstance(run_id, str) or not wanted.RUN_ID.fullmatch(run_id):
        return "There is no such query to stop."
    was_there = sandbox.stop(home, whoever().subject, run_id)
    return "The query is being stopped." if was_there else ENDED


@callback(Output(COUNTED, "children"), Input(COUNTING, "data"), prevent_initial_call=True)
@leaves_by("callback.count")
def count(sent: Any) -> str:
    """How many rows there are where the screen holds the first thousand."""
    given = sent if isinstance(sent, dict) else {}
    request = asked_for.read({name: given.get(name) for name in ("query", "as_of", "release")})
    home, subject = Settings.read().home, whoever().subject
    kept, run_id = queries.one(home, request.query or "", subject), str(given.get("run"))
    if kept is None or not wanted.RUN_ID.fullmatch(run_id):
        return "more rows"
    question = of_kept(kept, request)
    try:
        with place(subject):
            rows = sandbox.count(home, looking.viewer(), subject, question, run_id)
    except TrigpointError as fault:
        audited.refuse(fault.on_record)
        return "more rows, which were not counted"
    audited.count(1)
    return f"{rows:,} rows"


def _asked(seen: Seen, asked: Wanted) -> Outcome:
    """Ask the confined engine, and take what it says where there is no answer."""
    began = time.monotonic()
    question = asked.question(seen.reader.release.release_id)
    whose = replaying.home(seen.asked.replay), looking.viewer(), whoever().subject
    try:
        with place(whoever().subject):
            if asked.is_plan:
                plan = sandbox.explain_plan(*whose, question, asked.run_id)
                return Outcome(time.monotonic() - began, plan=plan)
            given = sandbox.ask(
                *whose, question, asked.run_id, most_rows=ON_SCREEN, most_bytes=BYTES_ON_SCREEN
            )
    except TrigpointError as fault:
        return Outcome(time.monotonic() - began, fault=fault)
    audited.count(given.table.num_rows)
    return Outcome(given.seconds, given)


def _kept(seen: Seen, asked: Wanted, outcome: Outcome) -> Kept | None:
    """The query as the journal keeps it: the one that was opened where it is that very text.

    Nobody writes a journal in a replay, and a plan is no run.
    """
    if seen.is_replay or asked.is_plan:
        return None
    home, subject = Settings.read().home, whoever().subject
    opened = queries.one(home, asked.opened, subject) if asked.opened else None
    if opened and _is_same(opened.text, asked.text):
        return opened
    return queries.keep_run(home, subject, asked.text, outcome.ran)


def _is_same(one: Text, other: Text) -> bool:
    """Asked of another moment it is another question, and so it is with a 1 in place of a true."""
    return (one.sql, one.as_of, _kinds(one)) == (other.sql, other.as_of, _kinds(other))


def _kinds(text: Text) -> dict[str, tuple[type, object]]:
    return {name: (type(value), value) for name, value in text.parameters.items()}


def _shown(seen: Seen, asked: Wanted, outcome: Outcome, kept: Kept | None) -> Any:
    if outcome.plan is not None:
        return shown.plan(outcome.plan)
    if outcome.answer is not None:
        return shown.answer(seen, asked, outcome.answer, kept)
    return shown.refused(outcome.fault, kept, _ended(outcome))


def _ended(outcome: Outcome) -> str | None:
    """A run that somebody stopped did not go wrong."""
    if isinstance(outcome.fault, sandbox.Stopped):
        return f"You stopped the query after {seconds_in_words(outcome.seconds)}."
    return None


def of_kept(kept: Kept, request: asked_for.Asked) -> Question:
    """A kept query as it is asked of the moment and release of an address."""
    as_of = moment(kept, request)
    return Question(kept.text.sql, kept.text.parameters, as_of, request.release)


def moment(kept: Kept, request: asked_for.Asked) -> datetime | None:
    """Of when a kept query is asked: what the address says, else what was kept with it."""
    return request.as_of if request.as_of or request.is_now else kept.text.as_of


def _counting(asked: Wanted, outcome: Outcome, kept: Kept | None) -> Any:
    """What is to be counted; the count is stopped by the name of its run."""
    if outcome.answer is None or not outcome.answer.is_cut or kept is None:
        return no_update
    given = outcome.answer
    as_of = moments.written(given.as_of) if given.as_of else None
    named = {"run": asked.run_id, "query": kept.query_id}
    return named | {"release": given.release_id, "as_of": as_of}


def _history(seen: Seen) -> Any:
    if seen.is_replay:
        return no_update
    return as_seen(history(seen, queries.history(Settings.read().home, whoever().subject)))
