"""Who asks on the command line, and the audit around what they ask."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl

from journal import audit
from journal.audit import NOT_STATED, Asked, Asker, Given, Question
from store import passport, releases
from store.paths import Home
from store.viewer import EVERYONE, Viewer

ROLE = "local account"
# Who names no scope sees what everybody may.
EVERYBODY = "everybody"


def asker(viewer: Viewer = EVERYONE) -> Asker:
    """The account of this machine; why it asks is what `TRIGPOINT_PURPOSE` says."""
    purpose = os.environ.get("TRIGPOINT_PURPOSE") or NOT_STATED
    return Asker(getpass.getuser(), ROLE, viewer.scope or EVERYBODY, purpose)


@contextmanager
def asking(home: Home, question: Question, viewer: Viewer = EVERYONE) -> Iterator[Asked]:
    """The audit around a question to the current release, or to the one that it names.

    Raises `NoRelease` where there is nothing to ask, `AuditNotWritten` where it may not be.
    """
    release_id = question.release_id or releases.current(home).release_id
    with audit.asking(home, asker(viewer), replace(question, release_id=release_id)) as asked:
        yield asked


def about(figure_id: str) -> tuple[list[str], list[str]]:
    """The area and the metric of a figure, each as a list; empty for what is no figure."""
    cell = passport.cell(figure_id)
    return ([cell["area_id"]], [cell["metric_id"]]) if cell else ([], [])


def given(rows: pl.DataFrame, release_id: str | None = None) -> Given:
    """What an answer holds, with its areas and metrics where its columns name them."""
    return Given(rows.height, _names(rows, "area_id"), _names(rows, "metric_id"), release_id)


def _names(rows: pl.DataFrame, column: str) -> list[str]:
    if rows.schema.get(column) != pl.String:
        return []
    return rows[column].drop_nulls().unique().to_list()
