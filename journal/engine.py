"""Where the journal lies, and how it is opened: SQLite in the home, or PostgreSQL by address.

`TRIGPOINT_JOURNAL` holds the address of a PostgreSQL database; its password stands in it, in
`TRIGPOINT_JOURNAL_PASSWORD`, or in the file that `TRIGPOINT_JOURNAL_PASSWORD_FILE` names.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from journal.migrating import bring_to_head
from store.errors import TrigpointError, WrongUse
from store.paths import Home
from store.secrets import secret

PATIENCE_S = 5
# Any number will do; it names the one lock that writers of the journal hold in PostgreSQL.
WRITERS = 7_431_907
POSTGRESQL = "postgresql+psycopg"
# Nobody waits for ever: not for a server that is gone, not for a lock.
PATIENCE: dict[str, Any] = {
    "connect_timeout": PATIENCE_S,
    "options": f"-c timezone=UTC -c lock_timeout={PATIENCE_S}s -c statement_timeout=60s",
}
# FULL: what is acknowledged survives a loss of power, which WAL alone does not promise.
PRAGMAS = (
    f"busy_timeout = {PATIENCE_S * 1000}",
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    "trusted_schema = off",
)


class JournalUnavailable(TrigpointError):  # noqa: N818
    """The journal cannot be read or written now."""


class Journal:
    """An open journal at the newest version. Safe to share between threads, not across a fork."""

    def __init__(self, url: URL) -> None:
        self.where = _named(url)
        self.engine = _engine(url)
        with self._telling():
            bring_to_head(self._transaction, self.where)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one moment of the journal. Raises `JournalUnavailable`."""
        with self._telling(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of the only writer there is at a time; others wait their turn.

        Raises `JournalUnavailable` when it cannot be had or cannot be made durable.
        """
        with self._telling(), self._transaction() as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        writer = self.engine.execution_options(is_writing=True)
        with writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"select pg_advisory_xact_lock({WRITERS})"))
            yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as fault:
            raise JournalUnavailable(_sentence(self.where, fault.orig)) from None
        except SQLAlchemyError as fault:
            raise JournalUnavailable(_sentence(self.where, fault)) from None


_open: dict[tuple[int, URL], Journal] = {}
_opening = Lock()


def journal_of(home: Home) -> Journal:
    """The journal of a home, opened once a process and brought to the newest version.

    Raises `WrongUse` for an address or a password that cannot be used, `JournalUnavailable` where
    there is no opening it, `TrigpointError` when a newer Trigpoint wrote it.
    """
    url = address(home)
    key = (os.getpid(), url)
    with _opening:
        if key not in _open:
            _open[key] = _first(home, url)
        return _open[key]


def _first(home: Home, url: URL) -> Journal:
    if url.drivername != "sqlite":
        return Journal(url)
    _make_private(home.journal)
    # Two processes that turn a new file to WAL at once do not wait for each other: one fails.
    folder = os.open(home.journal.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        return Journal(url)
    finally:
        os.close(folder)


def address(home: Home) -> URL:
    """The address from `TRIGPOINT_JOURNAL`, else of the file in the home."""
    given = os.environ.get("TRIGPOINT_JOURNAL")
    if not given:
        # Opened by this form of name, a file that was taken away is not made anew in silence.
        return URL.create(
            "sqlite",
            database=f"file:{quote(str(home.journal))}",
            query={"mode": "rw", "uri": "true"},
        )
    try:
        url = make_url(given)
    except ArgumentError:
        url = URL.create("unknown")
    if url.get_backend_name() != "postgresql" or "password" in url.query:
        raise WrongUse(
            "TRIGPOINT_JOURNAL is no address of a PostgreSQL database; "
            "write it as postgresql://name@machine/database"
        )
    password = secret("TRIGPOINT_JOURNAL_PASSWORD")
    url = url.set(drivername=POSTGRESQL)
    return url.set(password=password) if password else url


def _make_private(path: Path) -> None:
    """What people wrote and looked at is for nobody else on this machine."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never to be opened beside SQLite: to close it takes away the locks of this process.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as fault:
        raise JournalUnavailable(_sentence(str(path), fault)) from None


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        return create_engine(url, connect_args=PATIENCE, pool_pre_ping=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _: Any) -> None:
    # Python's own driver would begin transactions when it sees fit.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}").close()


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing")
    connection.exec_driver_sql("begin immediate" if is_writing else "begin")


def _named(url: URL) -> str:
    """The journal as a person knows it: the file, or the address without its password."""
    if url.drivername == "sqlite":
        return unquote((url.database or "").removeprefix("file:"))
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def _sentence(where: str, fault: BaseException | None) -> str:
    lines = str(fault).strip().splitlines() or [repr(fault)]
    return f"the journal {where} cannot be used: {lines[0]}"
