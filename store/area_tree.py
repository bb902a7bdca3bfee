"""Which areas make up which, in one query: what a scope sees is what it is audited for."""

from importlib.resources import files

INSIDE = """
with recursive tree as ({tree}),

inside as (
    select cast($scope as varchar) as area_id
    union
    select tree.part_id
    from inside
    inner join tree on inside.area_id = tree.whole_id
)

select area_id from inside order by area_id
"""


def tree(catalog: str) -> str:
    """The query for whole_id, part_id, partition, since, until over one attached database."""
    query = files("store").joinpath("sql", "area_tree.sql").read_text()
    return query.replace("{{ catalog }}", catalog)


def inside(catalog: str) -> str:
    """The query for the area `$scope` and all that it is made of, as area_id."""
    return INSIDE.format(tree=tree(catalog))
