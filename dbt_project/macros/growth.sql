{# The Monday of a moment's week: what was learned by then may be used in that week. #}
{% macro monday_of(moment) -%}
    cast(date_trunc('week', {{ moment }}) as date)
{%- endmacro %}

{# The day of the week, Monday 1 to Sunday 7; the engines count differently. #}
{% macro weekday_of(day) -%}
    {{ days_between(monday_of(day), day) }} + 1
{%- endmacro %}

{# Whether a value is of a size of `growth_sizes`. #}
{% macro is_of_size(value) -%}
    {{ value }} >= coalesce(sizes.size_from, -1e300) and {{ value }} < coalesce(sizes.size_until, 1e300)
{%- endmacro %}

{# One end of the range, rounded outwards to the decimals of the metric, and never below none. #}
{% macro expected(value, growth, outwards) -%}
    case
        when {{ growth }} is null then null
        else greatest(0, {{ outwards }}(round(
            (case when sizes.is_added then {{ value }} + {{ growth }} else {{ value }} * {{ growth }} end)
            * power(10, metrics.decimals), 6
        )) / power(10, metrics.decimals))
    end
{%- endmacro %}

{# The four ends: 95 and 80 of 100 past values of this age, weekday and size ended between them. #}
{% macro expected_range(value) -%}
    {{ expected(value, 'expectations.low_95', 'floor') }} as expected_low,
    {{ expected(value, 'expectations.high_95', 'ceil') }} as expected_high,
    {{ expected(value, 'expectations.low_80', 'floor') }} as expected_low_80,
    {{ expected(value, 'expectations.high_80', 'ceil') }} as expected_high_80
{%- endmacro %}

{# For each row of the CTE `days`, the first moment of the CTE `spoken` that is not before its day. #}
{% macro first_spoken_from(day, keys) -%}
    select {{ keys | join(', ') }}, {{ day }}, spoken_at
    from (
        select
            *,
            min(published_at) over (
                partition by {{ keys | join(', ') }} order by moment
                range between current row and unbounded following
            ) as spoken_at
        from (
            select
                {{ keys | join(', ') }},
                {{ day }},
                cast({{ day }} as timestamp) as moment,
                cast(null as timestamp) as published_at
            from days
            union all
            select
                {{ keys | join(', ') }},
                cast(null as date) as {{ day }},
                published_at as moment,
                published_at
            from spoken
        ) as moments
    ) as followed
    where {{ day }} is not null
{%- endmacro %}

{# An end of the range, for decisions that were taken while the day was provisional. #}
{% macro while_provisional(end) -%}
    case when settlings.settled_at is null or known_from < settlings.settled_at then {{ end }} end
        as {{ end }}
{%- endmacro %}
