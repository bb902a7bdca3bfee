{# What an open dispute leaves as it was when the cell was last signed. #}
{% macro signed_columns() -%}
    {{ return([
        'value', 'lower', 'upper', 'source_id', 'rule_id', 'missing_reason', 'published_at',
        'landed_at', 'file_sha256', 'file_row',
    ]) }}
{%- endmacro %}
