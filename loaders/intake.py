"""From a folder of published files to landed bytes, typed rows, quarantine and receipts.

Bytes first: a file is copied to the landing area before anything looks inside. Each arrival gets
one receipt, whatever became of it. A source that fails never stops another, and every step can be
repeated: a file without a receipt is read again.
"""

import hashlib
import json
import re
import shutil
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import polars as pl

from loaders import accounting, contract
from loaders.documents import Document, open_document
from loaders.reading import Published, Reading, Refused, published_in_name
from loaders.receipts import Receipt, known_files, write_receipts
from store.errors import TrigpointError
from store.paths import Home, drafted

Progress = Callable[[str, str, int, int], None]
WORKERS = 2
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
    """What the operator states about files that do not say it themselves, by file name."""

    published: Mapping[str, Published] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    otherwise: Published | None = None

    def published_at(self, name: str) -> Published | None:
        """The stated date of publication of one file, if any was given."""
        return self.published.get(name, self.otherwise)


@dataclass(frozen=True)
class Arrival:
    """One file of one source in one load."""

    source: ModuleType
    path: Path
    load_id: str
    landed_at: datetime
    given: Given


def load_folders(
    folders: Mapping[ModuleType, Path], home: Home, given: Given, progress: Progress
) -> list[Receipt]:
    """Take in every file of each source's folder; sources run side by side.

    Returns one receipt a file. A source whose own code fails yields refused receipts.
    """
    load_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    _require_space(folders.values(), home)
    prepare(folders, home)

    def load(source: ModuleType) -> list[Receipt]:
        return _load_source(source, folders[source], home, load_id, given, progress)

    with ThreadPoolExecutor(WORKERS) as pool:
        return [receipt for receipts in pool.map(load, folders) for receipt in receipts]


def prepare(sources: Iterable[ModuleType], home: Home) -> None:
    """Give every table of these sources its empty Parquet file, so that nothing is an error yet."""
    for source in sources:
        for table, schema in source.SOURCE.tables.items():
            frame = _with_provenance(contract.empty(schema), "", None, datetime(1970, 1, 1))
            _write(frame, home.raw / source.SOURCE.name / table / "_schema.parquet")
    empty = pl.DataFrame(schema=QUARANTINE)
    _write(empty, home.quarantine / "_schema" / "_schema.parquet")
    write_receipts([], home, "_schema")


def _load_source(
    source: ModuleType, folder: Path, home: Home, load_id: str, given: Given, progress: Progress
) -> list[Receipt]:
    known = known_files(home, source.SOURCE.name)
    receipts: list[Receipt] = []
    start = datetime.now(UTC).replace(tzinfo=None)
    files = sorted(folder.iterdir())
    for order, path in enumerate(files, start=1):
        # Microseconds apart, so that ties on published_at are broken the same way for ever.
        arrival = Arrival(source, path, load_id, start + timedelta(microseconds=order), given)
        receipt = _take_in(arrival, home, known)
        known |= {receipt.file_sha256} if receipt.verdict == "landed" else set()
        receipts.append(receipt)
        progress(source.SOURCE.name, f"{path.name}: {receipt.verdict}", order, len(files))
    write_receipts(receipts, home, f"{load_id}-{source.SOURCE.name}")
    return receipts


def _take_in(arrival: Arrival, home: Home, known: set[str]) -> Receipt:
    receipt = _first_receipt(arrival)
    reason = _reason_to_pass_over(arrival)
    if reason:
        return receipt.but(verdict="passed_over", reason=reason)
    try:
        landed = _land(arrival, receipt, home)
        if receipt.file_sha256 in known:
            return receipt.but(verdict="known", reason="the same bytes arrived before")
        return _read_and_keep(arrival, landed, receipt, home)
    except TrigpointError as refusal:
        return receipt.but(verdict="refused", reason=f"{arrival.source.SOURCE.name}: {refusal}")
    except Exception as fault:  # A loader's own fault must not stop the other files or sources.
        return receipt.but(verdict="refused", reason=_own_fault(arrival, fault, home))


def _own_fault(arrival: Arrival, fault: Exception, home: Home) -> str:
    """One plain line for the receipt; the trace goes to a file that engineers can read."""
    trace = home.root / "faults" / f"{arrival.load_id}-{arrival.source.SOURCE.name}.txt"
    trace.parent.mkdir(parents=True, exist_ok=True)
    with trace.open("a") as file:
        file.write(f"{arrival.path.name}\n{''.join(traceback.format_exception(fault))}\n")
    return (
        f"{arrival.source.SOURCE.name}: could not read {arrival.path.name} "
        f"({type(fault).__name__}); the file is kept in landing, the trace in {trace}"
    )


def _first_receipt(arrival: Arrival) -> Receipt:
    is_file = arrival.path.is_file()
    return Receipt(
        load_id=arrival.load_id,
        source_id=arrival.source.SOURCE.name,
        file_name=arrival.path.name,
        file_sha256=_sha256(arrival.path) if is_file else "",
        url=arrival.given.urls.get(arrival.path.name, ""),
        bytes=arrival.path.stat().st_size if is_file else 0,
        landed_at=arrival.landed_at,
    )


def _reason_to_pass_over(arrival: Arrival) -> str:
    source, name = arrival.source.SOURCE, arrival.path.name
    if not arrival.path.is_file():
        return "not a file"
    for pattern, reason in source.passed_over.items():
        if re.search(pattern, name):
            return str(reason)
    if not name.lower().endswith(source.suffixes):
        return f"{source.name} publishes {', '.join(source.suffixes)} files"
    return ""


def _land(arrival: Arrival, receipt: Receipt, home: Home) -> Path:
    target = home.landing / receipt.source_id / f"{receipt.file_sha256}-{arrival.path.name}"
    if not target.exists():
        with drafted(target) as draft:
            shutil.copyfile(arrival.path, draft)
            if _sha256(draft) != receipt.file_sha256:
                raise Refused(f"{arrival.path.name} changed while it was copied; load it again")
            draft.chmod(0o444)
    return target


def _read_and_keep(arrival: Arrival, landed: Path, receipt: Receipt, home: Home) -> Receipt:
    document = open_document(landed, arrival.path.name)
    document.given_published_at = arrival.given.published_at(arrival.path.name)
    reading = arrival.source.read(document)
    published = _published(arrival, reading)
    checked = {
        table: contract.check(reading.tables[table], schema, arrival.path.name)
        for table, schema in arrival.source.SOURCE.tables.items()
        if table in reading.tables
    }
    account = accounting.settle(document, reading, checked)
    receipt = receipt.but(
        published_at=published.moment,
        published_precision=published.precision,
        row_cap=document.row_cap or 0,
        skipped_reasons=json.dumps(account.skipped_reasons),
        **account.counts(),
    )
    _keep_quarantine(receipt, document, checked, home)
    _require_enough_kept(arrival, receipt)
    _keep_rows(receipt, checked, home)
    return receipt.but(verdict="landed")


def _published(arrival: Arrival, reading: Reading) -> Published:
    name = arrival.path.name
    found = reading.published_at or published_in_name(name) or arrival.given.published_at(name)
    if found is None:
        raise Refused(
            f"neither {name} nor its name says when it was published; "
            "give the date with --published-at YYYY-MM-DD"
        )
    return found


def _require_enough_kept(arrival: Arrival, receipt: Receipt) -> None:
    most = arrival.source.SOURCE.refuse_above
    rows = receipt.rows_landed + receipt.rows_quarantined
    if rows and receipt.rows_quarantined / rows > most:
        raise Refused(
            f"{receipt.rows_quarantined} of {rows} rows of {receipt.file_name} break the rules, "
            f"more than {most:.0%}; the reasons are in quarantine: mend the file and send it again"
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
    refused = [result.quarantined.with_columns(table_name=pl.lit(t)) for t, result in checked.items()]
    frame = pl.concat([*refused, _ragged(document, next(iter(checked), ""))])
    if frame.is_empty():
        return
    quarantine = frame.rename({"_row": "file_row", "_sheet": "sheet_name"}).with_columns(
        source_id=pl.lit(receipt.source_id),
        file_sha256=pl.lit(receipt.file_sha256),
        published_at=pl.lit(receipt.published_at, pl.Datetime("us")),
        landed_at=pl.lit(receipt.landed_at, pl.Datetime("us")),
    )
    target = home.quarantine / receipt.source_id / f"{receipt.file_sha256}.parquet"
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
    needed = 3 * sum(file.stat().st_size for folder in folders for file in folder.iterdir())
    home.root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home.root).free
    if free < needed:
        raise TrigpointError(
            f"{home.root} has {free / 1e6:,.0f} MB left and this load may need "
            f"{needed / 1e6:,.0f} MB; make room and load again"
        )
