{# The number in a published text, commas and blanks aside; null where the text is a mark. #}
{% macro published_number(column) -%}
    try_cast(replace(trim({{ column }}), ',', '') as double)
{%- endmacro %}

{# A published code without the blanks and tabs that spreadsheets leave around it. #}
{% macro published_code(column) -%}
    trim(replace({{ column }}, chr(9), ''))
{%- endmacro %}
