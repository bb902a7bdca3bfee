"""Which metrics are not public, by which rule each is controlled, and what may be seen outside.

The metric names its rule (`disclosure_class`), the agreements of its sources say what people
outside an area see (`outside_scope`). Of several answers the strictest counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import duckdb

from store.disclosure.rules import Rule, read_rules
from store.errors import WrongUse

Outside = Literal["controlled", "hidden"]
CLASSES = """
    select
        coalesce(metrics.cumulative_of, metrics.metric_id) as family_id,
        list(distinct metrics.metric_id order by metrics.metric_id) as metric_ids,
        list(distinct metrics.disclosure_class order by metrics.disclosure_class) as classes
    from metrics
    group by family_id
    order by family_id
"""
OUTSIDE = """
    select
        precedence.metric_id,
        bool_or(coalesce(sources.outside_scope, 'hidden') = 'hidden') as is_hidden
    from precedence
    inner join sources using (source_id)
    group by precedence.metric_id
"""
CLOSED = """
    select distinct sources.source_id
    from sources
    left join precedence using (source_id)
    where
        list_contains($metrics, precedence.metric_id)
        or list_contains($rules, sources.disclosure_rule)
    order by sources.source_id
"""


@dataclass(frozen=True)
class Guarded:
    """A metric that is not public, with its running total: one rule, and what outsiders see."""

    family_id: str
    metric_ids: tuple[str, ...]
    rule: Rule
    outside: Outside


@dataclass(frozen=True)
class Policy:
    """Everything that is not public; `sources` speak of such metrics."""

    guarded: tuple[Guarded, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def metric_ids(self) -> tuple[str, ...]:
        """Every metric that is not public."""
        return tuple(sorted(metric for one in self.guarded for metric in one.metric_ids))

    @property
    def rules(self) -> dict[str, str]:
        """Of each such metric the name of its rule, or `hidden` where outsiders see nothing."""
        return {
            metric: "hidden" if one.outside == "hidden" else one.rule.name
            for one in self.guarded
            for metric in one.metric_ids
        }


def read(connection: duckdb.DuckDBPyConnection) -> Policy:
    """The policy of the database in use. Raises `WrongUse` for a rule that nobody wrote."""
    rules = read_rules()
    families = {
        family: (tuple(metrics), _strictest(family, classes, rules))
        for family, metrics, classes in connection.sql(CLASSES).fetchall()
    }
    treated = {family: of for family, of in families.items() if of[1].is_treated}
    if not treated:
        return Policy()
    hidden = {metric for metric, is_hidden in connection.sql(OUTSIDE).fetchall() if is_hidden}
    guarded = tuple(
        Guarded(family, metrics, rule, "hidden" if hidden & {*metrics} else "controlled")
        for family, (metrics, rule) in treated.items()
    )
    asked = {
        "metrics": [metric for one in guarded for metric in one.metric_ids],
        "rules": [name for name, rule in rules.items() if rule.is_treated],
    }
    closed = connection.execute(CLOSED, asked).fetchall()
    return Policy(guarded, tuple(source for (source,) in closed))


def _strictest(family: str, classes: list[str], rules: Mapping[str, Rule]) -> Rule:
    unknown = [name for name in classes if name not in rules]
    if unknown:
        raise WrongUse(
            f"metric {family} names the disclosure rule {unknown[0]}, which is none of "
            f"{', '.join(rules)}; mend disclosure_class in metrics.csv"
        )
    return max((rules[name] for name in classes), key=lambda rule: rule.is_treated)
