"""What a release shows otherwise than the one before it, and what is held in it: counts of figures.

They are put down in the manifest when a release is published, from what everybody may see, so that
they can be told without opening every release that is kept.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from store.paths import quoted

# A figure whose number, or reason for having none, is another one than before, or that is gone.
CHANGED = """
    create temp table changed as
    select coalesce(shown.figure_id, before.figure_id) as figure_id
    from draft.main.figures as shown
    full join before.main.figures as before on shown.figure_id = before.figure_id
    where
        shown.figure_id is null
        or before.figure_id is null
        or shown.value is distinct from before.value
        or shown.missing_reason is distinct from before.missing_reason
"""
# Why: the parts of changes that the release before did not know of. One figure can have several.
KINDS = """
    with parts as (
        select figure_id, changed_at, kind, amount from draft.main.figure_changes
        except
        select figure_id, changed_at, kind, amount from before.main.figure_changes
    ),

    kinds as (
        select changed.figure_id, coalesce(parts.kind, $untold) as kind
        from changed
        left join parts on changed.figure_id = parts.figure_id
    )

    select kind, count(distinct figure_id) from kinds group by kind order by 2 desc, 1
"""
HELD = """
    select
        count(distinct (source_id, file_sha256)) filter (where severity = 'hold' and is_open),
        count(distinct (source_id, file_sha256)) filter (where is_let_go)
    from draft.main.breakers
"""
# What is not told outside an area has no changes that could be told.
UNTOLD = "not told"


@dataclass(frozen=True)
class Changes:
    """How many figures changed against the release before, and, by kind, for which reasons.

    `figures` is None where there was none before, or it could not be read. `held` and `let_go`
    count files.
    """

    figures: int | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    held: int = 0
    let_go: int = 0


def changes(draft: Path, before: Path | None) -> Changes:
    """Compare the controlled file of a release with that of the one that was shown before it."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {quoted(draft)} as draft (read_only)")
        held, let_go = connection.execute(HELD).fetchall()[0]
        if before is None:
            return Changes(None, {}, held, let_go)
        try:
            connection.execute(f"attach {quoted(before)} as before (read_only)")
            connection.execute(CHANGED)
            figures = connection.sql("select count(*) from changed").fetchall()[0][0]
            kinds = connection.execute(KINDS, {"untold": UNTOLD}).fetchall()
        except duckdb.Error:  # a release that is damaged must not stop the one that mends it
            return Changes(None, {}, held, let_go)
    return Changes(figures, dict(kinds), held, let_go)
