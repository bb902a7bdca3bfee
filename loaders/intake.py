"""From a folder of published files to landed bytes, typed rows, quarantine and receipts.

Bytes first: a file is copied to the landing area before anything looks inside. Each arrival gets
one receipt, whatever became of it. A source that fails never stops another, and every step can be
repeated: a file without a receipt is read again.
"""

import hashlib
import json
import os
import re
import shutil
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from types import ModuleType

import polars as pl

from loaders import accounting, contract, ledger, remains
from loaders.agreed import AgreedColumns
from loaders.documents import Document, open_document
from loaders.publications import Publications, bytes_hash
from loaders.reading import Published, Reading, Refused, more_precise, published_in_name
from loaders.receipts import SCHEMA_ONLY, Basis, Receipt, columns_of, write_receipts
from store.errors import TrigpointError
from store.moments import now
from store.paths import Home, drafted

Progress = Callable[[str, str, int, int], None]
WORKERS = 2
LONGEST_NAME = 140
# What the UK Health Security Agency calls files that are official and sensitive.
NOT_PUBLIC = re.compile(r"^OFF-SENS")
# Seconds; a wait without end is not always broken off by a signal that another thread took.
HEARS_CTRL_C = 0.5
QUARANTINE = {
    "source_id": pl.String(),
    "table_name": pl.String(),
    "file_sha256": pl.String(),
    "file_row": pl.Int64(),
    "sheet_name": pl.String(),
    "row_text": pl.String(),
    "reasons": pl.List(pl.String()),
    "published_at": pl.Datetime("us"),
    "landed_at": pl.Datetime("us"),
}


@dataclass(frozen=True)
class Given:
    """What the operator states about files that do not say it themselves.

    `published` and `urls` go by `<source>/<file name>`; `otherwise` holds for all other files.
    `corrects_dates` says that moments which were given for the same bytes before were wrong.
    """

    published: Mapping[str, Published] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    otherwise: Published | None = None
    corrects_dates: bool = False


@dataclass(frozen=True)
class Load:
    """One load; once `stopped` is set, each source ends after the file that it is reading."""

    load_id: str
    home: Home
    given: Given
    progress: Progress
    stopped: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Arrival:
    """One file of one source in one load."""

    source: ModuleType
    path: Path
    load_id: str
    landed_at: datetime
    given: Given
    agreed: AgreedColumns

    @property
    def source_id(self) -> str:
        """The source's name."""
        return str(self.source.SOURCE.name)

    @property
    def name(self) -> str:
        """The file's name; bytes of it that are no UTF-8 become a replacement character."""
        return os.fsencode(self.path.name).decode(errors="replace")

    @property
    def given_published_at(self) -> Published | None:
        """What was stated of this file's publication, in a manifest or for the whole folder."""
        stated = self.given.published.get(f"{self.source_id}/{self.name}")
        if self.given.corrects_dates:
            return self.given.otherwise
        return stated or self.given.otherwise

    @property
    def published_outside(self) -> tuple[Published | None, Basis]:
        """When it was published as far as that can be said without opening it, and how.

        A corrected date goes before the one in the name, which may be what was wrong.
        """
        in_name, given = published_in_name(self.name), self.given_published_at
        found = given if self.given.corrects_dates else more_precise(in_name, given)
        return found, "given" if found == given else "name"


def load_folders(
    folders: Mapping[ModuleType, Path], home: Home, given: Given, progress: Progress
) -> list[Receipt]:
    """Take in every file of each source's folder; sources run side by side.

    Returns one receipt a file. A source whose own code fails yields refused receipts.
    """
    load = Load(datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ"), home, given, progress)
    _require_space(folders.values(), home)
    prepare(folders, home)
    try:
        return _load_side_by_side(folders, load)
    finally:
        ledger.enter(home)


def _load_side_by_side(folders: Mapping[ModuleType, Path], load: Load) -> list[Receipt]:
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            loads = [pool.submit(_load_source, source, folders[source], load) for source in folders]
            while wait(loads, HEARS_CTRL_C).not_done:
                pass
            return [receipt for ended in loads for receipt in ended.result()]
        finally:
            load.stopped.set()


def prepare(sources: Iterable[ModuleType], home: Home) -> None:
    """Give every table of these sources its empty Parquet file, so that nothing is an error yet.

    What a load that was killed left behind is put aside: only one command writes at a time. Raises
    `TrigpointError` where receipts, or those of rows that stand, are gone.
    """
    ledger.enter(home)
    remains.clear(home)
    for source in sources:
        for table, schema in source.SOURCE.tables.items():
            frame = _with_provenance(contract.empty(schema), "", None, datetime(1970, 1, 1))
            _write(frame, home.raw / source.SOURCE.name / table / f"{SCHEMA_ONLY}.parquet")
    empty = pl.DataFrame(schema=QUARANTINE)
    _write(empty, home.quarantine / SCHEMA_ONLY / f"{SCHEMA_ONLY}.parquet")
    write_receipts([], home, SCHEMA_ONLY)


def _load_source(source: ModuleType, folder: Path, load: Load) -> list[Receipt]:
    name = source.SOURCE.name
    publications = Publications.read(load.home, name)
    agreed = AgreedColumns.of(name)
    receipts: list[Receipt] = []
    start = now()
    files = sorted(folder.iterdir())
    try:
        for order, path in enumerate(files, start=1):
            if load.stopped.is_set():
                break
            # Microseconds apart, so that ties on published_at are broken the same way for ever.
            landed_at = start + timedelta(microseconds=order)
            arrival = Arrival(source, path, load.load_id, landed_at, load.given, agreed)
            receipt = _take_in(arrival, load.home, publications)
            receipts += [*_taken_back(arrival, receipt, publications), receipt]
            if receipt.verdict == "landed":
                publications.add(receipt)
            load.progress(name, f"{path.name}: {receipt.verdict}", order, len(files))
    finally:
        # Polars raises Ctrl-C wherever it is at work; the files before this one are complete.
        write_receipts(receipts, load.home, f"{load.load_id}-{name}")
    return receipts


def _take_in(arrival: Arrival, home: Home, publications: Publications) -> Receipt:
    receipt = _first_receipt(arrival)
    try:
        if arrival.path.is_file() and not arrival.path.is_symlink():
            size = arrival.path.stat().st_size
            receipt = receipt.but(file_sha256=_sha256(arrival.path), bytes=size)
        if reason := _reason_to_pass_over(arrival):
            return receipt.but(verdict="passed_over", reason=reason)
        landed = _land(arrival, receipt, home)
        if same := _same(arrival, receipt.file_sha256, publications):
            return _known(receipt, same)
        return _read_and_keep(arrival, landed, receipt, home, publications)
    except (TrigpointError, OSError) as refusal:
        return receipt.but(verdict="refused", reason=_why(arrival, refusal))
    # A loader's own fault must not stop the other files or sources.
    except (Exception, pl.exceptions.PanicException) as fault:
        return receipt.but(verdict="refused", reason=_own_fault(arrival, fault, home))


def _same(arrival: Arrival, sha256: str, publications: Publications) -> Receipt | None:
    """The publication that a file is again, as far as that can be said without reading it."""
    published, basis = arrival.published_outside
    if inside := publications.stated_inside(sha256, arrival.name):
        return inside
    if published and (same := publications.at(sha256, published.moment, arrival.name)):
        return same
    is_explicit = basis == "name" or arrival.given.corrects_dates
    return None if published and is_explicit else publications.lying_there(sha256, arrival.name)


def _known(receipt: Receipt, same: Receipt) -> Receipt:
    """The same bytes under the same moment of publication: nothing new is said."""
    return receipt.but(
        verdict="known",
        reason="the same bytes arrived before",
        file_sha256=same.file_sha256,
        published_at=same.published_at,
        published_precision=same.published_precision,
        published_basis=same.published_basis,
    )


def _taken_back(arrival: Arrival, right: Receipt, publications: Publications) -> list[Receipt]:
    """A receipt for the last other date of these bytes, which the operator says was wrong."""
    is_right = right.verdict in {"landed", "known"} and right.published_at is not None
    if not (arrival.given.corrects_dates and is_right):
        return []
    sha256, moment = bytes_hash(right.file_sha256), right.published_at
    wrong = publications.last_dated(sha256, moment) if moment else None
    if wrong is None:
        return []
    publications.forget(wrong)
    return [
        wrong.but(
            load_id=arrival.load_id,
            landed_at=arrival.landed_at,
            verdict="taken_back",
            reason=f"its right date is {moment:%Y-%m-%d}",
        )
    ]


def _why(arrival: Arrival, refusal: TrigpointError | OSError) -> str:
    if isinstance(refusal, OSError):
        where = f" at {refusal.filename}" if refusal.filename else ""
        what = f"{arrival.name} could not be taken in: {refusal.strerror or refusal}{where}"
        return f"{arrival.source_id}: {what}; load it again when that is mended"
    return f"{arrival.source_id}: {refusal}"


def _own_fault(arrival: Arrival, fault: BaseException, home: Home) -> str:
    """One plain line for the receipt; the trace goes to a file that engineers can read."""
    trace = home.root / "faults" / f"{arrival.load_id}-{arrival.source_id}.txt"
    trace.parent.mkdir(parents=True, exist_ok=True)
    with trace.open("a", encoding="utf-8") as file:
        file.write(f"{arrival.name}\n{''.join(traceback.format_exception(fault))}\n")
    return (
        f"{arrival.source_id}: could not read {arrival.name} "
        f"({type(fault).__name__}); the file is kept in landing, the trace in {trace}"
    )


def _first_receipt(arrival: Arrival) -> Receipt:
    return Receipt(
        load_id=arrival.load_id,
        source_id=arrival.source_id,
        file_name=arrival.name,
        file_sha256="",
        url=arrival.given.urls.get(f"{arrival.source_id}/{arrival.name}", ""),
        bytes=0,
        landed_at=arrival.landed_at,
    )


def _reason_to_pass_over(arrival: Arrival) -> str:
    source, name = arrival.source.SOURCE, arrival.name
    if arrival.path.is_symlink():
        return "a link to another place: put the file itself here"
    if not arrival.path.is_file():
        return "not a file"
    if NOT_PUBLIC.search(name):
        return "marked as not public by its publisher"
    for pattern, reason in source.passed_over.items():
        if re.search(pattern, name):
            return str(reason)
    if not name.lower().endswith(source.suffixes):
        return f"{source.name} publishes {', '.join(source.suffixes)} files"
    return ""


def _land(arrival: Arrival, receipt: Receipt, home: Home) -> Path:
    # A name in full could be longer than a file system takes; the receipt has all of it.
    end = arrival.name.encode()[-LONGEST_NAME:].decode(errors="ignore")
    target = home.landing / receipt.source_id / f"{receipt.file_sha256}-{end}"
    if not target.exists():
        with drafted(target) as draft:
            shutil.copyfile(arrival.path, draft)
            if _sha256(draft) != receipt.file_sha256:
                raise Refused(f"{arrival.name} changed while it was copied; load it again")
            draft.chmod(0o444)
    return target


def _read_and_keep(
    arrival: Arrival, landed: Path, receipt: Receipt, home: Home, publications: Publications
) -> Receipt:
    document = open_document(landed, arrival.name)
    document.published_outside, _ = arrival.published_outside
    document.agreed = arrival.agreed
    try:
        arrival.agreed.require_any(arrival.name)
        reading = arrival.source.read(document)
        _require_headings(arrival, document)
        # The values stand in the reading now; a large file need not be held twice.
        document.data = b""
        published, basis = _published(arrival, reading)
        if same := publications.at(receipt.file_sha256, published.moment, arrival.name):
            return _known(receipt, same)
        checked = {
            table: contract.check(reading.tables[table], schema, arrival.name, published.moment)
            for table, schema in arrival.source.SOURCE.tables.items()
            if table in reading.tables
        }
        account = accounting.settle(document, reading, checked)
        receipt = receipt.but(
            file_sha256=publications.key(receipt.file_sha256, published.moment, arrival.landed_at),
            published_at=published.moment,
            published_precision=published.precision,
            published_basis=basis,
            rows_written=sum(result.kept.height for result in checked.values()),
            row_cap=document.row_cap or 0,
            published_columns=columns_of(document.headings),
            skipped_reasons=json.dumps(account.skipped_reasons),
            **account.counts(),
        )
        _keep_quarantine(receipt, document, checked, home)
        _require_enough_kept(arrival, receipt)
    except TrigpointError as refusal:
        return _refused(receipt, document, _why(arrival, refusal))
    _keep_rows(receipt, checked, home)
    return receipt.but(verdict="landed")


def _require_headings(arrival: Arrival, document: Document) -> None:
    """Where columns are listed, what they are called has to have been seen."""
    if arrival.agreed.is_limited and not document.has_headings:
        raise Refused(
            f"{arrival.name} was read without its headings, so nobody can say whether its columns "
            "are agreed; let the loader name them"
        )


def _refused(receipt: Receipt, document: Document, reason: str) -> Receipt:
    """What had been counted by then is known, and nothing of it has landed."""
    rows = receipt.rows_read or sum(map(len, document.counted.values()))
    cells = None if receipt.cells_read is None else 0
    return receipt.but(
        rows_read=rows,
        rows_landed=0,
        cells_landed=cells,
        published_columns=columns_of(document.headings),
        verdict="refused",
        reason=reason,
    )


def _published(arrival: Arrival, reading: Reading) -> tuple[Published, Basis]:
    """When the file was published, and how that is known."""
    name, (outside, way) = arrival.name, arrival.published_outside
    found = more_precise(reading.published_at, outside) or outside
    # A source that asks what is said outside of the file hands that back.
    basis: Basis = way if found == outside else "inside"
    if found is None:
        raise Refused(
            f"neither {name} nor its name says when it was published; "
            "give the date with --published-at YYYY-MM-DD"
        )
    # A day of grace: publishers east of Greenwich are ahead of UTC.
    if found.moment > now() + timedelta(days=1):
        raise Refused(
            f"{name} would be published on {found.moment:%Y-%m-%d}, which has not come yet; "
            "it would outrank everything until then: check the date, or give the day with "
            "--published-at YYYY-MM-DD where the file says only the month"
        )
    return found, basis


def _require_enough_kept(arrival: Arrival, receipt: Receipt) -> None:
    """Too many refused rows, or none that is kept, are a file that has changed.

    A wide row with one refused cell counts as refused, so there the cells decide what is kept.
    """
    most = arrival.source.SOURCE.refuse_above
    aside, rows = receipt.rows_quarantined, receipt.rows_landed + receipt.rows_quarantined
    kept = receipt.rows_landed if receipt.cells_landed is None else receipt.cells_landed
    if aside and (not kept or aside / rows > most):
        share = f"more than {most:.0%}" if kept else "all of them"
        raise Refused(
            f"{aside} of {rows} rows of {receipt.file_name} break the rules, {share}; "
            "the reasons are in quarantine: mend the file and send it again"
        )


def _keep_rows(receipt: Receipt, checked: Mapping[str, contract.Checked], home: Home) -> None:
    for table, result in checked.items():
        frame = _with_provenance(
            result.kept, receipt.file_sha256, receipt.published_at, receipt.landed_at
        )
        folder = home.raw / receipt.source_id / table
        _write(frame, folder / f"{receipt.file_sha256}.parquet")


def _keep_quarantine(
    receipt: Receipt, document: Document, checked: Mapping[str, contract.Checked], home: Home
) -> None:
    refused = [
        result.quarantined.with_columns(table_name=pl.lit(t)) for t, result in checked.items()
    ]
    frame = pl.concat([*refused, _ragged(document, next(iter(checked), ""))])
    target = home.quarantine / receipt.source_id / f"{receipt.file_sha256}.parquet"
    if frame.is_empty():
        # An earlier attempt with these bytes may have been refused for its rows.
        target.unlink(missing_ok=True)
        return
    quarantine = frame.rename({"_row": "file_row", "_sheet": "sheet_name"}).with_columns(
        source_id=pl.lit(receipt.source_id),
        file_sha256=pl.lit(receipt.file_sha256),
        published_at=pl.lit(receipt.published_at, pl.Datetime("us")),
        landed_at=pl.lit(receipt.landed_at, pl.Datetime("us")),
    )
    _write(quarantine.select(list(QUARANTINE)), target)


def _ragged(document: Document, table: str) -> pl.DataFrame:
    """Records with too many or too few cells, which no table could hold."""
    return pl.DataFrame(
        {
            "_row": [row for row, _, _ in document.ragged],
            "_sheet": [""] * len(document.ragged),
            "row_text": [text for _, text, _ in document.ragged],
            "reasons": [[reason] for _, _, reason in document.ragged],
            "table_name": [table] * len(document.ragged),
        },
        schema={
            "_row": pl.Int64(),
            "_sheet": pl.String(),
            "row_text": pl.String(),
            "reasons": pl.List(pl.String()),
            "table_name": pl.String(),
        },
    )


def _with_provenance(
    frame: pl.DataFrame, sha256: str, published_at: datetime | None, landed_at: datetime
) -> pl.DataFrame:
    return frame.with_columns(
        _file_sha256=pl.lit(sha256, pl.String),
        _published_at=pl.lit(published_at, pl.Datetime("us")),
        _landed_at=pl.lit(landed_at, pl.Datetime("us")),
    )


def _write(frame: pl.DataFrame, target: Path) -> None:
    with drafted(target) as draft:
        frame.write_parquet(draft, compression="zstd")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_space(folders: Iterable[Path], home: Home) -> None:
    """A full disk half way is worse than a refusal now: landing, raw and quarantine need room."""
    files = (file for folder in folders for file in folder.iterdir() if file.is_file())
    needed = 3 * sum(file.stat().st_size for file in files)
    home.root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home.root).free
    if free < needed:
        raise TrigpointError(
            f"{home.root} has {free / 1e6:,.0f} MB left and this load may need "
            f"{needed / 1e6:,.0f} MB; make room and load again"
        )
