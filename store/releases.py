"""Releases: written fresh, read back, made durable, and only then pointed at.

A release is a folder `releases/<release_id>/` with `controlled.duckdb`, `tables/*.parquet` beside
what describes them, `manifest.json` and, where something is not public, `exact/<scope>.duckdb` and
`proof.parquet`; `releases/current` is a text file with one release id. Nothing ever reads a file
that is being written, and a failure half way leaves the release that was there before.
"""

import json
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from store import release_tables, scopes, showings
from store.errors import NoRelease, ReleaseGone, TrigpointError, WrongUse
from store.moments import now
from store.paths import Home, drafted, quoted, sync
from store.release_changes import Changes, changes
from store.release_tables import count

RELEASE_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{3}")


@dataclass(frozen=True)
class Release:
    """One published state of the store; times are naive UTC.

    `agreements` is the day, as ISO text, on which the agreement of each source in it expires.
    `guarded` names the metrics in it that are not public and the rule of each; None in a release
    that was written before there was disclosure control. `left_out` says of how many days
    such a metric is not shown at all. `changes` says what it shows otherwise than the release that
    was shown before it; None in a release that was written before that was put down.
    """

    release_id: str
    released_at: datetime
    built_at: datetime
    previous_release_id: str | None
    is_simulated: bool
    build_id: str
    rows: dict[str, int]
    note: str = ""
    agreements: dict[str, str] = field(default_factory=dict)
    guarded: dict[str, str] | None = None
    left_out: list[dict[str, Any]] = field(default_factory=list)
    changes: Changes | None = None

    def to_json(self) -> dict[str, Any]:
        """The manifest's content; times as ISO text."""
        return asdict(self) | {
            "released_at": self.released_at.isoformat(),
            "built_at": self.built_at.isoformat(),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Release":
        """A release as its manifest describes it."""
        times = {
            name: datetime.fromisoformat(content[name]) for name in ("released_at", "built_at")
        }
        told = content.get("changes")
        return cls(**content | times | {"changes": Changes(**told) if told else None})


def folder(home: Home, release_id: str) -> Path:
    """Where a release lies."""
    return home.releases / release_id


def controlled_file(home: Home, release_id: str) -> Path:
    """The database that everyone may read, after disclosure control."""
    return folder(home, release_id) / "controlled.duckdb"


def kept(home: Home) -> list[Release]:
    """Every complete release on disk, oldest first; drafts are hidden folders."""
    folders = sorted(home.releases.glob("[!.]*"))
    return [release for path in folders if (release := _manifest(path))]


def current(home: Home) -> Release:
    """The release that readers see.

    Raises `NoRelease` when nothing has been published yet, or when the release shown has gone.
    """
    pointer = _pointer(home)
    if not pointer.exists():
        raise NoRelease(
            f"nothing has been published in {home.root} yet; "
            "run `trigpoint run --simulate` or `trigpoint run --from FOLDER`"
        )
    shown = pointer.read_text(errors="replace").strip()
    release = _manifest(folder(home, shown)) if RELEASE_ID.fullmatch(shown) else None
    if release is None:
        raise damaged(home, shown)
    return release


def damaged(home: Home, release_id: str) -> NoRelease:
    """What to say of a release that cannot be read."""
    whole = [other.release_id for other in kept(home) if other.release_id != release_id]
    name = release_id if RELEASE_ID.fullmatch(release_id) else "without a name"
    others = ", ".join(whole) or "none is kept"
    return NoRelease(
        f"release {name} of {home.root} is damaged or gone; run "
        f"`trigpoint rollback RELEASE` ({others}) or `trigpoint publish`"
    )


def is_whole(home: Home, release: Release) -> bool:
    """Whether the database that readers open holds what the manifest says."""
    try:
        with duckdb.connect(
            str(controlled_file(home, release.release_id)), read_only=True
        ) as connection:
            return all(count(connection, table) == rows for table, rows in release.rows.items())
    except (duckdb.Error, OSError):
        return False


def one_kept(home: Home, release_id: str) -> Release:
    """A kept release by its id, whether it is shown or not.

    Raises `ReleaseGone` when it is not kept, and for what is no release id at all.
    """
    is_id = RELEASE_ID.fullmatch(release_id)
    release = _manifest(folder(home, release_id)) if is_id else None
    if release is None:
        raise ReleaseGone(release_id)
    return release


def publish(
    home: Home, *, built_at: datetime, build_id: str, is_simulated: bool, keep: int, note: str = ""
) -> Release:
    """Write a release from the warehouse, verify it by reading it back, and point to it.

    What is not public is controlled first, after all that was shown of it before; what this one
    shows is put on that record before anybody can see it. Raises `DamagedRecord` where a record
    cannot be read, so that nothing is published that might give something away.
    """
    # Its arithmetic takes a second to import, and only who publishes needs it.
    from store.disclosure import proof, record  # noqa: PLC0415
    from store.disclosure.release import protect  # noqa: PLC0415
    from store.release_package import describe  # noqa: PLC0415

    record_shown(home)
    protected = protect(home.warehouse, record.require(home, kept(home)))
    before = _current_id(home)
    released_at = now()
    release_id = released_at.strftime("%Y%m%d-%H%M%S-%f")[:-3]
    draft = home.releases / f".draft-{release_id}"
    _remove_drafts(home)
    (draft / "tables").mkdir(parents=True)
    try:
        salt = secrets.token_hex(16)
        rows = release_tables.write(home.warehouse, draft, protected, salt)
        scopes.write_all(home.warehouse, draft, protected.policy.metric_ids, salt)
        if protected.policy.guarded:
            proof.write(protected.proof, draft)
        release = Release(
            release_id,
            released_at,
            built_at,
            before,
            is_simulated,
            build_id,
            rows,
            note,
            _agreed_until(home.warehouse),
            protected.policy.rules,
            [asdict(left) for left in protected.left_out],
            changes(draft / "controlled.duckdb", controlled_file(home, before) if before else None),
        )
        _add_releases(draft, [*kept(home), release])
        _verify(draft, rows)
        describe(draft / "tables", draft / "controlled.duckdb", release)
        _seal(draft, release)
        record.keep(home, protected, release_id)
        draft.rename(folder(home, release_id))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync(home.releases)
    point_to(home, release_id)
    record.remove_older(home)
    _prune(home, keep)
    return release


def point_to(home: Home, release_id: str) -> None:
    """Make one kept release the current one, at once, and put down since when it is shown."""
    record_shown(home)
    with drafted(_pointer(home)) as draft:
        draft.write_text(release_id + "\n")
    record_shown(home)


def record_shown(home: Home) -> None:
    """Put down what the current release shows, where a killed command left that undone.

    It is shown since the pointer was replaced, so nothing is lost between the two. Raises
    `DamagedRecord` when the record cannot be read.
    """
    try:
        shown = current(home)
    except NoRelease:
        return
    moved_at = datetime.fromtimestamp(_pointer(home).stat().st_mtime, UTC).replace(tzinfo=None)
    released = controlled_file(home, shown.release_id)
    showings.record(home, shown.release_id, released, moved_at)


def rollback(home: Home, release_id: str | None = None) -> Release:
    """Go back to a kept release; without an id, to the one before the current one."""
    on_disk = {release.release_id: release for release in kept(home)}
    wanted = release_id if release_id and on_disk else current(home).previous_release_id
    if wanted is None:
        raise WrongUse("the release shown is the first release; there is none before it")
    if wanted not in on_disk:
        raise WrongUse(f"release {wanted} is not kept; these are: {', '.join(on_disk)}")
    if not is_whole(home, on_disk[wanted]):
        raise TrigpointError(f"release {wanted} is damaged; what is shown stays: choose another")
    point_to(home, wanted)
    return on_disk[wanted]


def _pointer(home: Home) -> Path:
    return home.releases / "current"


def _manifest(folder: Path) -> Release | None:
    """The release in a folder, if it is whole enough to be described."""
    try:
        return Release.from_json(json.loads((folder / "manifest.json").read_text()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _current_id(home: Home) -> str | None:
    try:
        return current(home).release_id
    except NoRelease:
        return None


def _remove_drafts(home: Home) -> None:
    """A publish that was killed leaves its draft; only one command publishes at a time."""
    for draft in home.releases.glob(".draft-*"):
        shutil.rmtree(draft, ignore_errors=True)


def _agreed_until(warehouse: Path) -> dict[str, str]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.sql(
            "select source_id, cast(agreement_ends as varchar) from sources "
            "where is_agreed and agreement_ends is not null order by source_id"
        ).fetchall()
    return dict(rows)


def _add_releases(draft: Path, releases: Iterable[Release]) -> None:
    rows = [
        (
            release.release_id,
            release.released_at,
            release.built_at,
            release.previous_release_id,
            release.is_simulated,
            release.rows.get("claims", 0),
            release.rows.get("figures", 0),
            release.rows.get("arrivals", 0),
            release.note,
        )
        for release in releases
    ]
    with duckdb.connect(str(draft / "controlled.duckdb")) as connection:
        connection.execute(
            "create table releases (release_id varchar, released_at timestamp, "
            "built_at timestamp, previous_release_id varchar, is_simulated boolean, "
            "claims bigint, figures bigint, files bigint, note varchar)"
        )
        connection.executemany("insert into releases values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        target = quoted(draft / "tables" / "releases.parquet")
        connection.execute(f"copy releases to {target} (format parquet)")


def _verify(draft: Path, rows: dict[str, int]) -> None:
    """Read everything back from the file that readers will open."""
    with duckdb.connect(str(draft / "controlled.duckdb"), read_only=True) as connection:
        for table, written in rows.items():
            found = count(connection, table)
            if found != written:
                raise TrigpointError(
                    f"the release is not published: {table} has {found} rows of {written} written"
                )
        doubled = connection.sql(
            "select count(*) - count(distinct figure_id) from figures"
        ).fetchall()[0][0]
    if doubled:
        raise TrigpointError(f"the release is not published: {doubled} figures stand twice")


def _seal(draft: Path, release: Release) -> None:
    for file in [path for path in draft.rglob("*") if path.is_file()]:
        sync(file)
    manifest = draft / "manifest.json"
    manifest.write_text(json.dumps(release.to_json(), indent=2) + "\n")
    sync(manifest)
    for folder in [path for path in draft.iterdir() if path.is_dir()]:
        sync(folder)
    sync(draft)


def _prune(home: Home, keep: int) -> None:
    """The last releases stay, and whichever is shown stays too."""
    shown = current(home).release_id
    for release in kept(home)[:-keep]:
        if release.release_id != shown:
            shutil.rmtree(folder(home, release.release_id))
