"""Questions in SQL to begin with: the catalogue shows them, and the workspace opens with them."""


def of_measure(metric_id: str, area_id: str) -> str:
    """A measure by date in one area, each number with the figure that it is."""
    return (
        "select event_date, value, status, figure_id\n"
        "from figures\n"
        f"where metric_id = '{metric_id}' and area_id = '{area_id}' and stratum_id = 'all'\n"
        "order by event_date"
    )


def of_table(table_name: str) -> str:
    """The first rows of a table."""
    return f"select *\nfrom {table_name}\nlimit 100"


def of_column(table_name: str, column_name: str) -> str:
    """What stands in a column, and how often."""
    return (
        f"select {column_name}, count(*) as rows\nfrom {table_name}\n"
        "group by all\norder by rows desc\nlimit 100"
    )
