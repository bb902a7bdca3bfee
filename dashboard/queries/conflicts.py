"""Where sources give different values for one and the same definition, everywhere."""

import polars as pl

from store.reader import Reader


def conflicts(reader: Reader, metric_id: str | None, limit: int | None = None) -> pl.DataFrame:
    """One row a figure and source that says otherwise, the widest gap first, unexplained before.

    `value` and `source_id` are what is used, `other_value` and `other_source_id` what is not;
    `place` numbers the figures, of which there are `limit` at most. Totals so far say again what
    their days say and are left out.
    """
    return reader.ask(
        f"""
        with apart as (
            select
                figures.*,
                metrics.metric_name,
                metrics.decimals,
                metrics.grain,
                metrics.unit,
                metrics.owner,
                areas.area_name,
                strata.stratum_name
            from figures
            inner join metrics using (metric_id)
            left join areas using (area_id)
            left join strata using (stratum_id)
            where
                figures.status in ('disputed', 'explained')
                and metrics.cumulative_of is null
                and coalesce(figures.metric_id = $metric, true)
        ),

        numbered as (
            select
                *,
                row_number() over (
                    order by
                        status = 'disputed' desc,
                        gap desc nulls last,
                        event_date desc,
                        figure_id
                ) as place
            from apart
        ),

        others as (
            select figure_id, source_id as other_source_id, value as other_value
            from disagreements
            where
                kind = 'same_definition'
                and status in ('disputed', 'explained')
                and not is_used
        )

        select
            numbered.*,
            others.other_source_id,
            others.other_value,
            used.title as used_title,
            said.title as other_title,
            precedence.reason
        from numbered
        inner join others using (figure_id)
        left join sources as used on numbered.source_id = used.source_id
        left join sources as said on others.other_source_id = said.source_id
        left join precedence on numbered.rule_id = precedence.rule_id
        where
            others.other_value is distinct from numbered.value
            {"" if limit is None else f"and numbered.place <= {limit}"}
        order by numbered.place, others.other_source_id
        """,
        metric=metric_id,
    )


def counts(reader: Reader) -> pl.DataFrame:
    """How many figures of each measure are disputed or explained: metric_id, metric_name, …"""
    return reader.ask(
        """
        select
            metric_id,
            metrics.metric_name,
            count(*) filter (where status = 'disputed') as disputed,
            count(*) filter (where status = 'explained') as explained
        from figures
        inner join metrics using (metric_id)
        where status in ('disputed', 'explained') and metrics.cumulative_of is null
        group by metric_id, metrics.metric_name
        order by metrics.metric_name
        """
    )


def rules(reader: Reader, rule_ids: list[str]) -> pl.DataFrame:
    """The rules by these names with their measure, source and reason, in the order of measures."""
    return reader.ask(
        """
        select
            precedence.*,
            metrics.metric_name,
            sources.title
        from precedence
        left join metrics using (metric_id)
        left join sources using (source_id)
        where list_contains($rules, precedence.rule_id)
        order by metrics.metric_name, precedence.rank, precedence.rule_id
        """,
        rules=rule_ids,
    )
