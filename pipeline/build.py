"""From raw Parquet to figures: dbt, called in this process, and only when something changed."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import polars as pl

from loaders import ledger
from loaders.intake import prepare
from loaders.publications import require_rows
from loaders.receipts import read_receipts
from loaders.sources import all_sources
from pipeline.catalogue import describe
from store import agreements, decisions
from store.agreements import Agreement, Standing
from store.errors import TrigpointError
from store.moments import now
from store.paths import Home, drafted
from store.reader import AS_KNOWN, macro
from store.release_tables import RELEASED

PROJECT = Path(__file__).parents[1] / "dbt_project"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Build:
    """What the warehouse was last built from, and what it holds since.

    `inputs` names what it was built from and `build_id` that with what came of it, so equal means
    equal. `agreed` names the sources that could be used then, and until when; `ledger` is the head
    of the ledger of receipts.
    """

    build_id: str
    project: str
    built_at: str
    is_finished: bool = True
    is_current: bool = False
    agreed: str = ""
    inputs: str = ""
    ledger: str = ""

    @property
    def moment(self) -> datetime:
        """When the build ended, naive UTC."""
        return datetime.fromisoformat(self.built_at)


def build(home: Home, *, full_refresh: bool, progress: Progress) -> Build:
    """Bring the warehouse up to the receipts and the project; a no-op when neither changed.

    A changed project (a model, a seed, a rule) rebuilds everything: incremental rows were made
    under the old one. So does a source that may be used no more, or again. Raises
    `TrigpointError` with the first thing that dbt could not do, or where receipts are gone.
    """
    agreed = _agreed()
    before = _last_begun(home)
    ledger.require_seen(home, before.ledger if before else "")
    project, inputs = _fingerprints(home)
    is_same = before is not None and before.is_finished and before.inputs == inputs
    if before and is_same and not full_refresh:
        return replace(before, is_current=True)
    require_rows(home)
    prepare(all_sources().values(), home)
    decisions.prepare(home)
    _write_sources(all_sources().values(), home)
    refresh = full_refresh or before is None or before.project != project
    # Until dbt has ended the warehouse is half one build and half another; nothing may publish it.
    seen = ledger.head(home)
    half = "" if refresh else project
    begun = Build(inputs, half, now().isoformat(), False, inputs=inputs, ledger=seen)
    _remember(home, begun)
    _invoke(home, ["build", *EXCLUDED, *(["--full-refresh"] if refresh else [])], progress)
    _define_macros(home)
    describe(home)
    build_id = f"{inputs}-{what_is_held(home)}"
    ended = Build(build_id, project, now().isoformat(), agreed=agreed, inputs=inputs, ledger=seen)
    return _remember(home, ended)


def test(home: Home, progress: Progress) -> None:
    """Run dbt's data tests on the warehouse. Raises `TrigpointError` naming those that fail."""
    _invoke(home, ["test", "--exclude-resource-type", "unit_test"], progress)


def last_build(home: Home) -> Build | None:
    """The newest build of this home, if there is one and it ended."""
    begun = _last_begun(home)
    return begun if begun and begun.is_finished else None


def require_build(home: Home) -> Build:
    """The build that can be checked and published.

    Raises `TrigpointError` when there is none, when the last one did not end, or when receipts that
    it was made of are gone.
    """
    begun = _last_begun(home)
    ledger.require_seen(home, begun.ledger if begun else "")
    if begun is None:
        raise TrigpointError(f"nothing has been built in {home.root} yet; run `trigpoint build`")
    if not begun.is_finished:
        raise TrigpointError(
            f"the last build in {home.root} was stopped half way; run `trigpoint build` again"
        )
    return begun


def is_agreed_still(built: Build) -> bool:
    """Whether the sources that may be used today, and until when, are those of this build."""
    return built.agreed == _agreed()


def standings(at_hand: Mapping[str, Agreement] | None = None) -> list[Standing]:
    """Whether each source may be used today under these agreements, else those on disk.

    Raises `WrongUse` for an agreement on disk that cannot be read.
    """
    at_hand, today = agreements.read() if at_hand is None else at_hand, agreements.today()
    declared = (module.SOURCE for module in all_sources().values())
    return [
        _in_no_public_metric(agreements.standing(source.name, source.agreement, at_hand, today))
        for source in declared
    ]


def what_is_held(home: Home) -> str:
    """What the warehouse would release, as a hash, in whatever order its rows lie."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = [
            connection.sql(f"select count(*), sum(hash(rows)) from main.{table} as rows").fetchall()
            for table in RELEASED
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _in_no_public_metric(standing: Standing) -> Standing:
    """A source that is not public may not speak of a public metric: nobody controls its figures."""
    if standing.why_not or standing.disclosure_rule in (None, agreements.PUBLIC):
        return standing
    series, metrics = (
        pl.read_csv(PROJECT / "seeds" / f"{name}.csv", infer_schema=False)
        for name in ("series", "metrics")
    )
    own = series.filter(source_id=standing.source_id).join(metrics, on="metric_id")
    public = own.filter(disclosure_class=agreements.PUBLIC)["metric_id"].to_list()
    if not public:
        return standing
    return replace(
        standing,
        why_not=f"agreement {standing.agreement_id} asks for {standing.disclosure_rule}, and the "
        f"source speaks of {public[0]}, which is published; give it a metric of its own",
    )


def _agreed() -> str:
    rows = [
        (one.source_id, str(one.ends), one.disclosure_rule, one.outside_scope)
        for one in standings()
        if one.why_not is None
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _last_begun(home: Home) -> Build | None:
    if not _state(home).exists() or not home.warehouse.exists():
        return None
    try:
        return Build(**json.loads(_state(home).read_text()))
    except (ValueError, TypeError):
        # Whatever it was built from cannot be told any more, so it is built anew.
        return None


def _remember(home: Home, build: Build) -> Build:
    with drafted(_state(home)) as draft:
        draft.write_text(json.dumps(asdict(build)) + "\n")
    return build


PROJECT_FILES = {".sql", ".yml", ".csv", ".md"}
LOGGED = ["--log-level-file", "info"]
EXCLUDED = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


def _state(home: Home) -> Path:
    return home.root / "dbt" / "last_build.json"


def _fingerprints(home: Home) -> tuple[str, str]:
    """The project's content, and that together with everything that arrived and was declared.

    The same bytes again on one day are no news; on a later day they are (a feed that repeats).
    """
    project = hashlib.sha256()
    for path in sorted(PROJECT.rglob("*")):
        if path.suffix in PROJECT_FILES:
            project.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    receipts = read_receipts(home)
    # What was loaded under a wrong date has left its rows in tables that only grow.
    taken_back = receipts.filter(verdict="taken_back").select("source_id", "file_sha256")
    project.update(repr(sorted(taken_back.rows())).encode())
    # So has a source that may be used no more; one that may again was not heard meanwhile.
    left_out = [one.source_id for one in standings() if one.why_not]
    project.update(repr(left_out).encode())
    arrived = receipts.select(
        "source_id", "file_name", "file_sha256", "verdict", pl.col("landed_at").dt.date()
    )
    inputs = hashlib.sha256(project.digest())
    inputs.update(repr(sorted(set(arrived.rows()))).encode())
    inputs.update(repr(decisions.read(home)["decision_id"].to_list()).encode())
    inputs.update(repr(_declared(all_sources().values())).encode())
    return project.hexdigest()[:16], inputs.hexdigest()[:16]


def _write_sources(sources: Iterable[ModuleType], home: Home) -> None:
    with drafted(home.root / "reference" / "sources.parquet") as draft:
        types = {
            "is_agreed": pl.Boolean,
            "agreement_ends": pl.Date,
            "left_out_because": pl.String,
            "disclosure_rule": pl.String,
            "outside_scope": pl.String,
        }
        rows = pl.DataFrame(_declared(sources), schema_overrides=types)
        rows.write_parquet(draft)


def _declared(sources: Iterable[ModuleType]) -> list[dict[str, Any]]:
    standing = {one.source_id: one for one in standings()}
    return [
        {
            "source_id": source.SOURCE.name,
            "title": source.SOURCE.title,
            "publisher": source.SOURCE.publisher,
            "licence": source.SOURCE.licence,
            "cadence": source.SOURCE.cadence,
            "due": source.SOURCE.due,
            "absence": source.SOURCE.absence,
            "agreement_id": source.SOURCE.agreement,
            "is_agreed": standing[source.SOURCE.name].why_not is None,
            "agreement_ends": standing[source.SOURCE.name].ends,
            "left_out_because": standing[source.SOURCE.name].why_not,
            "disclosure_rule": standing[source.SOURCE.name].disclosure_rule,
            "outside_scope": standing[source.SOURCE.name].outside_scope,
        }
        for source in sources
    ]


def _invoke(home: Home, command: list[str], progress: Progress) -> None:
    os.environ["TRIGPOINT_HOME"] = str(home.root)
    # Importing dbt takes seconds; only builds need it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    follow = _Follower(progress)
    places = {
        "--project-dir": PROJECT,
        "--profiles-dir": PROJECT,
        "--target-path": home.root / "dbt" / "target",
        "--log-path": home.root / "dbt" / "logs",
    }
    options = [str(part) for option in places.items() for part in option]
    try:
        result = dbtRunner(callbacks=[follow]).invoke(
            [*command, *options, "--log-level", "none", *LOGGED]
        )
    finally:
        # dbt would keep the warehouse open for writing as long as this process lives.
        DuckDBConnectionManager.close_all_connections()
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception  # dbt catches it to end its threads.
    if not result.success:
        reason = follow.failures[0] if follow.failures else str(result.exception)
        more = f" (and {len(follow.failures) - 1} more)" if len(follow.failures) > 1 else ""
        raise TrigpointError(f"{command[0]} stopped: {reason}{more}; see {home.root}/dbt/logs")


class _Follower:
    """Turns dbt's events into progress and keeps what failed."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.failures: list[str] = []

    def __call__(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            result = event.data.run_result
            node = event.data.node_info
            if result.status in {"error", "fail"}:
                self.failures.append(f"{node.node_name}: {_one_line(result.message)}")
        elif event.info.name in {"LogModelResult", "LogSeedResult", "LogTestResult"}:
            total = event.data.num_models if "Test" in event.info.name else event.data.total
            self.progress(event.data.index, total, event.data.node_info.node_name)


def _one_line(message: str) -> str:
    return " ".join(message.split())[:300]


def _define_macros(home: Home) -> None:
    """`figures_as_known(as_of)` and its like answer in the warehouse as they do in a release."""
    with duckdb.connect(str(home.warehouse)) as connection:
        for table in AS_KNOWN:
            connection.execute(macro(table, "warehouse"))
