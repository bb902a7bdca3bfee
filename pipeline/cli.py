"""The command line `trigpoint`.

Exit codes: 0 done, 1 failed, 2 wrong use, 3 held by a breaker or for want of an agreement.
"""

import getpass
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from journal.engine import journal_of
from loaders.sources import all_sources
from people.settings import WAYS
from pipeline import agreements as agreeing
from pipeline import audit as auditing
from pipeline import build as building
from pipeline import check as checking
from pipeline import decisions, ground_reports, report
from pipeline import mailing as posting
from pipeline import notes as noting
from pipeline import people as looking
from pipeline import problems as reported
from pipeline.difference import difference
from pipeline.load import (
    Loaded,
    Stated,
    has_landed,
    is_simulated,
    load_simulated,
    require_same_england,
)
from pipeline.load import load as load_folder
from pipeline.passport import passport
from pipeline.progress import Steps
from pipeline.proof import prove
from pipeline.questions import FORMATS, answer
from pipeline.replay import find_replay, play
from pipeline.serving import serve as become_server
from pipeline.terminal import on_one_line, say_if_to_come
from simulation.replays import all_replays
from simulation.write import write_england
from store import releases
from store.errors import DONE, FAILED, HELD, NoRelease, TrigpointError, WrongUse
from store.exporting import jobs
from store.lock import writing
from store.moments import now, parse_moment
from store.paths import Home, require_outside
from store.settings import Settings
from store.viewer import EVERYONE, Viewer

# Typer's own code for a command that was stopped by Ctrl-C.
INTERRUPTED = 130

app = typer.Typer(
    help="One governed number, with every claim behind it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(looking.app, name="people")
app.add_typer(posting.app, name="mail")
# The home of the command that runs, for the trace of a fault of ours.
_home_of_command: ContextVar[Path | None] = ContextVar("home_of_command", default=None)


def _noted(home: Path | None) -> Path | None:
    if home is not None:
        _home_of_command.set(home)
    return home


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The data folder; else TRIGPOINT_HOME, else ./data.",
        callback=_noted,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Report as JSON on standard output.")]
FromOption = Annotated[
    Path | None, typer.Option("--from", help="A folder with one sub-folder a source.")
]
CorrectOption = Annotated[
    bool,
    typer.Option(
        "--correct-date", help="These files were loaded under a wrong date: take that one back."
    ),
]
BecauseOption = Annotated[str, typer.Option("--because", help="The reason, in a sentence.")]
ByOption = Annotated[
    str | None, typer.Option("--by", help="Who decides; else the user of this machine.")
]
ScopeOption = Annotated[
    str | None,
    typer.Option(
        "--scope", help="The area whose exact figures to show; else what everybody may see."
    ),
]
PublishedOption = Annotated[
    str | None,
    typer.Option(help="When files that do not say it themselves were published, as 2020-07-01."),
]


@app.callback()
def everywhere(home: HomeOption = None) -> None:
    """One governed number, with every claim behind it."""
    if home is not None:
        os.environ["TRIGPOINT_HOME"] = str(home)


@app.command()
def run(
    home: HomeOption = None,
    folder: FromOption = None,
    simulate: Annotated[bool, typer.Option(help="Take a simulated England.")] = False,
    days: Annotated[int, typer.Option(help="Days to simulate.", min=14, max=800)] = 60,
    seed: Annotated[int, typer.Option(help="The simulation's seed.")] = 2020,
    published_at: PublishedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load, build, check and publish. Does not serve."""
    if (folder is None) == (not simulate):
        raise WrongUse("say where the files come from: either --from FOLDER or --simulate")
    settings = Settings.read(home)
    with writing(settings.home), Steps(quiet=as_json) as steps:
        journal_of(settings.home)
        if folder:
            loaded = load_folder(settings.home, folder, [], Stated(published_at), steps.load())
        else:
            loaded = _simulate(settings.home, days, seed, steps)
        if not has_landed(settings.home):
            report.loaded(loaded, as_json=as_json)
            raise _nothing_landed(settings.home)
        ground_reports.bring(settings.home)
        built = building.build(settings.home, full_refresh=False, progress=steps.count("Build"))
        found = _check(settings.home, built, steps)
        release = _publish(settings, built)
    report.ran(settings.home, loaded, found, release, as_json=as_json)
    raise typer.Exit(HELD if _holds(found) else DONE)


@app.command()
def load(
    folder: Annotated[Path, typer.Option("--from", help="A folder with one sub-folder a source.")],
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; can be repeated.")
    ] = None,
    home: HomeOption = None,
    published_at: PublishedOption = None,
    correct_date: CorrectOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take published files in: bytes first, rows balanced, a receipt for every arrival."""
    settings = Settings.read(home)
    stated = Stated(published_at, corrects_dates=correct_date)
    with writing(settings.home), Steps(quiet=as_json) as steps:
        loaded = load_folder(settings.home, folder, source or [], stated, steps.load())
    report.loaded(loaded, as_json=as_json)
    raise typer.Exit(FAILED if loaded.with_verdict("refused") else DONE)


@app.command()
def build(
    home: HomeOption = None,
    full_refresh: Annotated[bool, typer.Option(help="Rebuild every row.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Turn raw rows into claims and figures; does nothing when nothing changed."""
    settings = Settings.read(home)
    with writing(settings.home), Steps(quiet=as_json) as steps:
        ground_reports.bring(settings.home)
        built = building.build(
            settings.home, full_refresh=full_refresh, progress=steps.count("Build")
        )
    report.built(built, as_json=as_json)


@app.command()
def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run the data tests and say what the circuit breakers hold."""
    settings = Settings.read(home)
    with writing(settings.home), Steps(quiet=as_json) as steps:
        found = checking.check(settings.home, steps.count("Check"))
    report.checked(settings.home, found, as_json=as_json)
    raise typer.Exit(HELD if _holds(found) else DONE)


@app.command()
def publish(
    home: HomeOption = None,
    despite: Annotated[
        str | None, typer.Option(help="Let go what this breaker holds, for the reason given.")
    ] = None,
    because: BecauseOption = "",
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a release from the last build and point to it; builds anew where agreements changed."""
    settings = Settings.read(home)
    with writing(settings.home), Steps(quiet=as_json) as steps:
        if not has_landed(settings.home):
            raise _nothing_landed(settings.home)
        built = building.require_build(settings.home)
        if despite is not None:
            # What the last check found may be of another build.
            held = checking.check(settings.home, steps.count("Check"))
            decisions.let_go(settings.home, held, despite, because, _person(by))
        # What an agreement no longer allows must not be published, whenever it was built.
        if despite is not None or not building.is_agreed_still(built):
            built = building.build(settings.home, full_refresh=False, progress=steps.count("Build"))
        found = checking.check(settings.home, steps.count("Check"))
        is_shown = _is_published(settings.home, built)
        release = _publish(settings, built)
    report.published(settings.home, release, found, is_shown_already=is_shown, as_json=as_json)
    raise typer.Exit(HELD if _holds(found) else DONE)


@app.command()
def decide(
    figure: Annotated[str, typer.Argument(help="The figure, as metric.area.stratum.date.")],
    follow: Annotated[str, typer.Option(help="The source that the figure follows from now on.")],
    because: BecauseOption = "",
    by: ByOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign a disputed figure of a metric that needs a sign-off; the next build obeys."""
    settings = Settings.read(home)
    with writing(settings.home):
        decision = decisions.decide(settings.home, figure, follow, because, _person(by))
    report.decided(decision, as_json=as_json)


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(help="A kept release; else the one before.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a kept release again."""
    settings = Settings.read(home)
    with writing(settings.home):
        shown = releases.rollback(settings.home, release)
    report.published(settings.home, shown, [], as_json=as_json)


@app.command()
def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """The current release, what is held and what was refused."""
    settings = Settings.read(home)
    report.status(settings.home, as_json=as_json)


@app.command()
def sql(
    question: Annotated[str, typer.Argument(help="One select statement.")],
    home: HomeOption = None,
    as_of: Annotated[
        str | None, typer.Option(help="As known then: a day (its end) or a time, UTC.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "table",
    output: Annotated[Path | None, typer.Option(help="A file instead of standard output.")] = None,
    scope: ScopeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the current release."""
    settings = Settings.read(home)
    form = "json" if as_json else form
    answer(settings.home, question, as_of, form, output, _viewer(scope))


@app.command()
def diff(
    since: Annotated[str, typer.Argument(metavar="FROM", help="A day (its end) or a time, UTC.")],
    until: Annotated[str, typer.Argument(metavar="TO", help="A later day or time.")],
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    area: Annotated[str | None, typer.Option(help="This area; else whole countries.")] = None,
    stratum: Annotated[str, typer.Option(help="This stratum; else everyone.")] = "all",
    home: HomeOption = None,
    scope: ScopeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what changed between two moments, and why.

    Days and weeks are added up. Of what does not add up over days, such as patients in beds and
    totals so far, the newest day known at both moments is compared.
    """
    settings = Settings.read(home)
    moments = parse_moment(since), parse_moment(until)
    say_if_to_come(moments[1])
    found = difference(settings.home, *moments, metric, area, stratum, _viewer(scope))
    report.differed(found, as_json=as_json)


@app.command()
def figure(
    named: Annotated[str, typer.Argument(metavar="FIGURE", help="A figure id, or a citation TP-…")],
    home: HomeOption = None,
    as_of: Annotated[
        str | None, typer.Option(help="As known then: a day (its end) or a time, UTC.")
    ] = None,
    scope: ScopeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show everything behind a figure; a citation opens the release that it names."""
    passport(Settings.read(home).home, named, as_of, as_json=as_json, viewer=_viewer(scope))


@app.command()
def disclosure(
    release: Annotated[
        str | None, typer.Argument(help="A kept release; else the current one.")
    ] = None,
    home: HomeOption = None,
    form: Annotated[
        str, typer.Option("--format", help="table: a summary; csv, json, parquet: every cell.")
    ] = "table",
    output: Annotated[Path | None, typer.Option(help="A file instead of standard output.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What a release hides, why, and what can be told of it: for the data protection officer."""
    prove(Settings.read(home).home, release, "json" if as_json else form, output)


@app.command()
def note(
    named: Annotated[str, typer.Argument(metavar="FIGURE", help="A figure id, or a citation TP-…")],
    text: Annotated[
        str | None,
        typer.Argument(help="What to write, without names of patients; else the notes are listed."),
    ] = None,
    author: Annotated[
        str | None, typer.Option("--as", help="Who writes; else the user of this machine.")
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(metavar="NOTE", help="Mark a note of one's own as withdrawn.")
    ] = None,
    home: HomeOption = None,
    scope: ScopeOption = None,
    as_of: Annotated[
        str | None, typer.Option(help="The figure as known then: a day (its end) or a time, UTC.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a note on a figure, withdraw one, or list them."""
    if text is not None and withdraw is not None:
        raise WrongUse("either write a note or withdraw one")
    person, at, viewer = _person(author), Settings.read(home).home, _viewer(scope)
    if withdraw is not None:
        with noting.about(at, named, as_of, f"{person} withdraws {withdraw}", viewer) as about:
            found = noting.withdraw(about, withdraw, person)
    elif text is not None:
        with noting.about(at, named, as_of, f"{person} writes", viewer) as about:
            found = noting.write(about, text, person)
    else:
        with noting.about(at, named, as_of, "its notes", viewer) as about:
            found = noting.written_on(about)
    noting.report(about, found, as_json=as_json)


@app.command()
def problems(
    is_open: Annotated[bool, typer.Option("--open", help="Only those that are open.")] = False,
    home: HomeOption = None,
    scope: ScopeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what people on the ground reported as wrong, and what came of it.

    Reporting, taking up and deciding happen on the pages, where it is known who does it.
    """
    found = reported.listed(Settings.read(home).home, _viewer(scope), is_open=is_open)
    reported.report(found, as_json=as_json)


@app.command()
def audit(
    part: Annotated[
        str | None,
        typer.Argument(help="`verify` looks for any break, `head` prints the last entry's mark."),
    ] = None,
    who: Annotated[str | None, typer.Option(help="Only what this person asked.")] = None,
    when: Annotated[
        str | None, typer.Option(help="Only then (UTC): 2026, 2026-11, 2026-11-23, 2026-11-23T09.")
    ] = None,
    mine: Annotated[bool, typer.Option(help="Only what the user of this machine asked.")] = False,
    head: Annotated[
        list[str] | None,
        typer.Option(help="A head that was kept elsewhere, to verify against; can be repeated."),
    ] = None,
    home: HomeOption = None,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "table",
    as_json: JsonOption = False,
) -> None:
    """Who asked for what, and what they were given; reading it is put on it too."""
    if mine and who is not None:
        raise WrongUse("either --mine or --who")
    at = Settings.read(home).home
    match part:
        case None:
            person = _person(None) if mine else who
            auditing.read(at, person, when, "json" if as_json else form)
        case "verify":
            report.verified(auditing.verify(at, head or []), as_json=as_json)
        case "head":
            report.headed(auditing.head(at), as_json=as_json)
        case _:
            raise WrongUse(f"there is no `trigpoint audit {part}`; there are verify and head")


@app.command()
def replay(
    replay_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="One of `--list`; runs in HOME/replays/ID.")
    ] = None,
    is_list: Annotated[bool, typer.Option("--list", help="Name the replays there are.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run one of the worst data days again, day by day, in a home of its own."""
    if is_list == (replay_id is not None):
        raise WrongUse("say which data day to run again, or --list to see what there is")
    if replay_id is None:
        report.replays(all_replays().values(), as_json=as_json)
        return
    own = Home(Settings.read(home).home.root / "replays" / replay_id)
    found = find_replay(replay_id)
    with Steps(quiet=as_json) as steps:
        verdict = play(found, own, steps.count("Replay"))
    report.replayed(verdict, as_json=as_json)
    raise typer.Exit(FAILED if verdict.missed else DONE)


@app.command()
def sources(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """The sources that can be loaded, what each promises and what it last brought."""
    report.sources(all_sources(), Settings.read(home).home, as_json=as_json)


@app.command()
def agreements(
    register: Annotated[
        Path | None,
        typer.Option(
            "--register", help="Write the public register and the record of processing here."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The data-sharing agreements, what ends within 30 days and which sources are left out."""
    found = agreeing.overview()
    code = agreeing.report(found, as_json=as_json)
    if register is not None:
        require_outside(Settings.read().home, register)
        written = agreeing.write_register(found, register)
        if not as_json:
            report.wrote(written)
    raise typer.Exit(code)


@app.command()
def serve(
    home: HomeOption = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8050,
    workers: Annotated[int, typer.Option(min=1, max=16)] = 2,
    sign_in: Annotated[
        str | None, typer.Option(help=f"{', '.join(WAYS)}; else TRIGPOINT_SIGN_IN, else local.")
    ] = None,
) -> None:
    """Serve the pages of the current release to whoever signs in."""
    become_server(Settings.read(home).home, host, port, workers, sign_in)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what goes wrong is one plain line on standard error."""
    _home_of_command.set(None)
    try:
        code = app(arguments, prog_name="trigpoint", standalone_mode=False)
    except TrigpointError as fault:
        _end(str(fault), fault.exit_code)
    except TyperException as misuse:
        _end(_with_help(misuse), misuse.exit_code)
    except OSError as fault:
        _end(f"{fault.filename or 'a file'}: {fault.strerror or fault}", FAILED)
    except Exception as fault:
        _end(_own_fault(fault), FAILED)
    if code == INTERRUPTED:
        _end("stopped; what was complete stays, the rest left nothing behind", FAILED)
    raise SystemExit(code or DONE)


def _own_fault(fault: Exception) -> str:
    """One plain line; the trace goes to a file that engineers can read."""
    home = Settings.read(_home_of_command.get()).home
    text = "".join(traceback.format_exception(fault))
    return (
        f"this command met a fault of ours ({type(fault).__name__}: {_first_line(fault)}); "
        f"what was published before is still shown; the trace is in {_trace(home, text)}"
    )


def _trace(home: Home, text: str) -> Path:
    """Where the trace lies: in the home, or elsewhere where there is none or it is read-only."""
    name = f"{now():%Y%m%dT%H%M%S%f}-command.txt"
    if home.root.is_dir():
        with suppress(OSError):
            (home.root / "faults").mkdir(exist_ok=True)
            (home.root / "faults" / name).write_text(text)
            return home.root / "faults" / name
    descriptor, elsewhere = tempfile.mkstemp(prefix="trigpoint-", suffix=f"-{name}")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    return Path(elsewhere)


def _first_line(fault: Exception) -> str:
    return (str(fault).strip().splitlines() or [""])[0][:200]


def _with_help(misuse: TyperException) -> str:
    """What is wrong with the options, and where they are explained."""
    context, message = getattr(misuse, "ctx", None), misuse.format_message()
    return f"{message} See `{context.command_path} --help`." if message and context else message


def _end(reason: str, code: int) -> NoReturn:
    print(on_one_line(reason), file=sys.stderr)
    raise SystemExit(code)


def _simulate(home: Home, days: int, seed: int, steps: Steps) -> Loaded:
    require_same_england(home, seed)
    write_england(home.simulated, days=days, seed=seed, progress=steps.share("Simulate"))
    return load_simulated(home, steps.load())


def _check(home: Home, built: building.Build, steps: Steps) -> list[checking.Breaker]:
    """A build that is unchanged and published was checked before it was published."""
    if built.is_current and _is_published(home, built):
        return checking.last_found(home)
    return checking.check(home, steps.count("Check"))


def _publish(settings: Settings, built: building.Build) -> releases.Release:
    if not _is_published(settings.home, built):
        releases.publish(
            settings.home,
            built_at=built.moment,
            build_id=built.build_id,
            is_simulated=is_simulated(settings.home),
            keep=settings.keep_releases,
        )
    ground_reports.tell(settings.home)
    jobs.forget_old(settings.home)
    return releases.current(settings.home)


def _is_published(home: Home, built: building.Build) -> bool:
    try:
        shown = releases.current(home)
    except NoRelease:
        return False
    return shown.build_id == built.build_id and releases.is_whole(home, shown)


def _nothing_landed(home: Home) -> TrigpointError:
    return TrigpointError(
        f"no file has landed in {home.root}, so there is nothing to publish; "
        "mend what was refused or load other files"
    )


def _viewer(scope: str | None) -> Viewer:
    """Whoever works at the machine that holds the store; exact figures only where asked for."""
    return Viewer(getpass.getuser(), "operations", scope) if scope else EVERYONE


def _person(named: str | None) -> str:
    return (named or "").strip() or getpass.getuser()


def _holds(found: list[checking.Breaker]) -> bool:
    return any(breaker.severity == "hold" for breaker in found)
