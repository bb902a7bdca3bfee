"""What the catalogue of a release says: its entries, what a column is made from, who feeds what."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.queries.reference import metric
from store.reader import Reader
from store.search_terms import meant, terms

# How near a word has to be to one that is known, so that it is taken for a slip of the keyboard.
ALIKE = 0.88
SLIPS = 2
SHORTEST_SLIP = 4
# A synonym is what the reader means, and not what they said.
MEANT = 1.6
FOUND, ALL_FOUND = 12, 10_000
# Of the score of the first, what an entry needs to be shown beside it.
FAR_BEHIND = 0.25


def has(reader: Reader) -> bool:
    """Whether this release carries a catalogue; earlier ones do not."""
    return "catalogue_entries" in reader.release.rows


def has_artifacts(reader: Reader) -> bool:
    """Whether this release carries what dbt says of it; earlier ones do not."""
    return "catalogue_artifacts" in reader.release.rows


def exists(reader: Reader, kind: str, name: str) -> bool:
    """Whether a metric, a table or a column of this name has a page; `kind` is their plural."""
    if not has(reader):
        return False
    if kind == "metrics":
        return metric(reader, name) is not None
    if kind == "tables":
        return table(reader, name) is not None
    table_name, _, column_name = name.partition(".")
    return column(reader, table_name, column_name) is not None


def artifacts(reader: Reader) -> dict[str, str]:
    """dbt's manifest and catalog as JSON text; nothing in a release that was written before."""
    if not has_artifacts(reader):
        return {}
    return dict(reader.ask("select artifact, content from catalogue_artifacts").rows())


def found(reader: Reader, text: str, limit: int = FOUND) -> pl.DataFrame:
    """Entries that speak of what is asked, best first: kind, name, title, about, score.

    By BM25 over their words (k1 1.2, b 0.75), with synonyms and, for words that stand nowhere,
    those that begin so or are written almost so. Of equals a measure comes before a table and a
    table before a column; what is far behind the first is left out. `entries` is how many there
    are, of which no more than `limit` rows are given.
    """
    said = terms(text)
    others = meant(said, reader.ask("select said, means from catalogue_synonyms").rows())
    if not said:
        return reader.ask("select *, 0.0 as score, 0 as entries from catalogue_entries limit 0")
    return reader.ask(
        SEARCH,
        terms=[*said, *others],
        weights=[1.0] * len(said) + [MEANT] * len(others),
        alike=ALIKE,
        slips=SLIPS,
        shortest=SHORTEST_SLIP,
        far=FAR_BEHIND,
        rows=limit,
    )


SEARCH = """
with asked as (
    select term, max(weight) as weight
    from (select unnest($terms) as term, unnest($weights) as weight)
    group by term
),

vocabulary as (
    select term, count(*) as entries
    from catalogue_terms
    group by term
),

compared as (
    select
        asked.term as asked_term,
        asked.weight,
        vocabulary.term,
        vocabulary.entries,
        case
            when vocabulary.term = asked.term then 1.0
            when starts_with(vocabulary.term, asked.term) then 0.9
            else jaro_winkler_similarity(vocabulary.term, asked.term)
        end as likeness
    from asked
    inner join vocabulary
        on
            vocabulary.term = asked.term
            or length(asked.term) >= $shortest
            and (
                starts_with(vocabulary.term, asked.term)
                or damerau_levenshtein(vocabulary.term, asked.term) <= $slips
                and jaro_winkler_similarity(vocabulary.term, asked.term) >= $alike
            )
),

matched as (
    select *
    from compared
    qualify likeness = max(likeness) over (partition by asked_term)
),

counted as (
    select
        count(*) as entries,
        avg(length) as length
    from (select distinct kind, name, length from catalogue_terms)
),

scored as (
    select
        held.kind,
        held.name,
        matched.asked_term,
        max(
            matched.weight * matched.likeness
            * ln(1 + (counted.entries - matched.entries + 0.5) / (matched.entries + 0.5))
            * held.weight * 2.2
            / (held.weight + 1.2 * (0.25 + 0.75 * held.length / counted.length))
        ) as score
    from matched
    inner join catalogue_terms as held on matched.term = held.term
    cross join counted
    group by held.kind, held.name, matched.asked_term
),

weighed as (
    select
        entries.kind,
        entries.name,
        entries.title,
        entries.about,
        sum(scored.score)
        * case entries.kind when 'metric' then 1.3 when 'table' then 1.5 else 1.0 end
        * case when ends_with(entries.name, '_cumulative') then 0.8 else 1.0 end as score
    from scored
    inner join catalogue_entries as entries
        on scored.kind = entries.kind and scored.name = entries.name
    group by entries.kind, entries.name, entries.title, entries.about
)

select *, count(*) over () as entries
from weighed
where score >= $far * (select max(score) from weighed)
order by score desc, kind, name
limit $rows
"""


def metrics(reader: Reader) -> pl.DataFrame:
    """Every measure with its definition, by family, totals so far after what they are of."""
    return reader.ask(
        """
        select metric_id, metric_name, definition, unit, grain, quantity_id, owner, cumulative_of
        from metrics
        order by quantity_id, cumulative_of is not null, metric_name
        """
    )


def tables(reader: Reader) -> pl.DataFrame:
    """Every table with the number of its columns, in the order of how near it is to the files."""
    return reader.ask(
        """
        select
            held.table_name,
            held.title,
            held.layer,
            held.description,
            held.is_released,
            count(columns.column_name) as columns
        from catalogue_tables as held
        inner join catalogue_columns as columns on held.table_name = columns.table_name
        group by
            held.table_name, held.title, held.layer, held.description, held.is_released
        order by
            list_position(
                ['raw', 'kept', 'policy', 'staging', 'claims', 'figures', 'quality', 'released'],
                held.layer
            ),
            held.table_name
        """
    )


def table(reader: Reader, name: str) -> dict[str, Any] | None:
    """One row of `catalogue_tables`, or None where there is no such table."""
    held = reader.ask("select * from catalogue_tables where table_name = $name", name=name)
    return held.row(0, named=True) if held.height else None


def columns(reader: Reader, table_name: str) -> pl.DataFrame:
    """The columns of a table in their order."""
    return reader.ask(
        "select * from catalogue_columns where table_name = $name order by place", name=table_name
    )


def column(reader: Reader, table_name: str, column_name: str) -> dict[str, Any] | None:
    """One column of a table, or None where there is none."""
    held = columns(reader, table_name).filter(column_name=column_name)
    return held.row(0, named=True) if held.height else None


def tests(reader: Reader, table_name: str) -> pl.DataFrame:
    """What is tested of a table: column_name (empty where it is of the whole), kind, says."""
    return reader.ask(
        """
        select distinct column_name, kind, says
        from catalogue_tests
        where table_name = $name
        order by column_name nulls first, kind, says
        """,
        name=table_name,
    )


def neighbours(reader: Reader, table_name: str) -> tuple[list[str], list[str]]:
    """The tables that one is made from, and those that are made from it."""
    above = reader.ask(
        "select distinct from_table from catalogue_lineage where table_name = $name order by all",
        name=table_name,
    )
    below = reader.ask(
        "select distinct table_name from catalogue_lineage where from_table = $name order by all",
        name=table_name,
    )
    return above["from_table"].to_list(), below["table_name"].to_list()


def path(reader: Reader, table_name: str, column_name: str) -> pl.DataFrame:
    """Every edge by which the content of a column comes out of the files: one row an edge.

    table_name, column_name, from_table, from_column, and of what it is from: layer, title,
    source_id, published_as, where_it_stands.
    """
    return reader.ask(
        """
        with recursive carried as (
            select table_name, column_name, from_table, from_column
            from catalogue_lineage
            where is_carried
        ),

        edges as (
            select *
            from carried
            where table_name = $table_name and column_name = $column_name
            union
            select carried.*
            from carried
            inner join edges
                on
                    carried.table_name = edges.from_table
                    and carried.column_name = edges.from_column
        )

        select
            edges.*,
            held.layer,
            held.title,
            held.source_id,
            columns.published_as,
            columns.where_it_stands
        from edges
        inner join catalogue_tables as held on edges.from_table = held.table_name
        inner join catalogue_columns as columns
            on
                edges.from_table = columns.table_name
                and edges.from_column = columns.column_name
        order by all
        """,
        table_name=table_name,
        column_name=column_name,
    )


def deciding(reader: Reader, table_name: str, column_name: str) -> pl.DataFrame:
    """Columns that help to decide what stands in a column, anywhere on its way.

    One row a column: from_table, from_column. Those of raw rows are left out: they only sort them.
    """
    return reader.ask(
        """
        with recursive way as (
            select $table_name as table_name, $column_name as column_name
            union
            select made.from_table, made.from_column
            from catalogue_lineage as made
            inner join way using (table_name, column_name)
            where made.is_carried
        )

        select distinct made.from_table, made.from_column
        from catalogue_lineage as made
        inner join way using (table_name, column_name)
        inner join catalogue_tables as held on made.from_table = held.table_name
        left join way as carried
            on made.from_table = carried.table_name and made.from_column = carried.column_name
        where
            not made.is_carried
            and carried.table_name is null
            and held.layer not in ('raw', 'staging')
        order by all
        """,
        table_name=table_name,
        column_name=column_name,
    )


def made_of(reader: Reader, table_name: str, column_name: str) -> pl.DataFrame:
    """The columns that are made from one, directly or with its help: table_name, column_name."""
    return reader.ask(
        """
        select table_name, column_name, is_carried
        from catalogue_lineage
        where from_table = $table_name and from_column = $column_name
        order by all
        """,
        table_name=table_name,
        column_name=column_name,
    )


def feeds(reader: Reader, metric_id: str, source_id: str | None = None) -> pl.DataFrame:
    """The published series that feed a metric, with the raw column of each and how it is called.

    Where daily values are made from a running total, the series of that total is among them.
    """
    return reader.ask(
        """
        select
            series.*,
            series.metric_id <> $metric_id as is_made_daily,
            sources.title as source_title,
            raw.title as raw_title,
            columns.published_as,
            columns.where_it_stands
        from catalogue_series as series
        left join sources on series.source_id = sources.source_id
        inner join catalogue_tables as raw on series.from_table = raw.table_name
        inner join catalogue_columns as columns
            on
                series.from_table = columns.table_name
                and series.from_column = columns.column_name
        where
            (
                series.metric_id = $metric_id
                or series.is_cumulative_to_daily and series.metric_id = $metric_id || '_cumulative'
            )
            and ($source_id is null or series.source_id = $source_id)
        order by is_made_daily, series.source_id, series.series_id, series.from_table
        """,
        metric_id=metric_id,
        source_id=source_id,
    )


def believed(reader: Reader, metric_id: str) -> pl.DataFrame:
    """Who is believed of a metric, first to last, with the newest publication that spoke of it."""
    return reader.ask(
        """
        with spoken as (
            select source_id, max(published_at) as newest
            from publications
            where metric_id = $metric_id
            group by source_id
        )

        select precedence.*, sources.title, sources.publisher, sources.cadence, spoken.newest
        from precedence
        left join sources on precedence.source_id = sources.source_id
        left join spoken on precedence.source_id = spoken.source_id
        where precedence.metric_id = $metric_id
        order by precedence.rank, precedence.source_id, precedence.agreed_on nulls first
        """,
        metric_id=metric_id,
    )


def related(reader: Reader, metric: Mapping[str, Any]) -> pl.DataFrame:
    """Other measures of the same family."""
    return reader.ask(
        """
        select metric_id, metric_name, definition
        from metrics
        where quantity_id = $quantity_id and metric_id <> $metric_id
        order by cumulative_of is not null, metric_name
        """,
        quantity_id=metric["quantity_id"],
        metric_id=metric["metric_id"],
    )


def recorded(reader: Reader, metric_id: str) -> pl.DataFrame:
    """Events on record that changed what a metric counts, oldest first."""
    return reader.ask(
        """
        select happened_on, published_text
        from events
        where metric_id = $metric_id
        order by happened_on, event_id
        """,
        metric_id=metric_id,
    )
