"""dbt's own macros as far as our models use them, so that SQL can be linted without dbt."""


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def dateadd(datepart: str, interval: str, from_date_or_timestamp: str) -> str:
    return f"({from_date_or_timestamp} + ({interval}) * interval 1 {datepart})"
