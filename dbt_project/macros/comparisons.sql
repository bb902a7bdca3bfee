{# The natural logarithm of how many times one count is another; one is added, so that none is no error. #}
{% macro log_ratio(total, reference_total) -%}
    ln((greatest({{ total }}, 0) + 1) / (greatest({{ reference_total }}, 0) + 1))
{%- endmacro %}

{# The breaker that speaks of days, totals or areas. #}
{% macro moved_breaker(scope) -%}
    case {{ scope }} when 'total' then 'total_moved' else {{ scope }} || 's_moved' end
{%- endmacro %}

{# What every comparison of two files has. #}
{% macro compared_columns() -%}
    source_id,
    metric_id,
    file_sha256,
    published_at,
    landed_at,
    reference_source_id,
    epoch,
    reference_epoch,
    stratum_id,
    area_type,
    total,
    reference_total
{%- endmacro %}

{# A count as a person reads it. #}
{% macro people(total) -%}
    cast(cast(round({{ total }}) as bigint) as string)
{%- endmacro %}
