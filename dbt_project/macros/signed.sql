{# What an open dispute leaves as it was when the cell was last signed. #}
{% macro as_signed(column, unsigned) -%}
    case
        when last_signed > 0 then first_value({{ column }}) over one_signature
        else {{ unsigned }}
    end as {{ column }}
{%- endmacro %}
