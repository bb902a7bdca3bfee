"""The grid of an answer, drawn by a library of a megabyte that the workspace alone fetches."""

import json
from typing import Any

import dash_ag_grid  # type: ignore[import-untyped]
from dash.fingerprint import build_fingerprint

from dashboard.figures.line import ACCENT, FAMILY, INK, SHADE
from dashboard.results import Column

ROW_PX, HEAD_PX, MOST_PX = 40, 44, 480
SCRIPT = "dash_ag_grid.min.js"
# The colours and letters of the pages.
LOOK = {
    "fontFamily": FAMILY,
    "fontSize": 15,
    "foregroundColor": INK,
    "headerTextColor": INK,
    "headerBackgroundColor": SHADE,
    "headerFontWeight": 600,
    "borderColor": "#d5dce3",
    "accentColor": ACCENT,
    "wrapperBorderRadius": 4,
    "spacing": 6,
}
OPTIONS: dict[str, Any] = {
    "ensureDomOrder": True,
    "suppressColumnVirtualisation": True,
    "enableCellTextSelection": True,
    "suppressFieldDotNotation": True,
    "alwaysMultiSort": False,
    "rowHeight": ROW_PX,
    "headerHeight": HEAD_PX,
    "animateRows": False,
    "theme": {"function": f"themeQuartz.withParams({json.dumps(LOOK)})"},
}


def _leave_to_the_page() -> None:
    """Take the library out of what every page loads; the workspace fetches it (`needs.js`)."""
    for script in dash_ag_grid._js_dist:
        if script["relative_package_path"] == SCRIPT:
            script["dynamic"] = True


_leave_to_the_page()


def script() -> str:
    """Where a browser finds the library, under a name that changes with its version."""
    name = build_fingerprint(SCRIPT, dash_ag_grid.__version__.replace(".", "_"), "0")  # type: ignore[no-untyped-call]
    return f"/_dash-component-suites/dash_ag_grid/{name}"


def grid(columns: list[Column], rows: list[dict[str, Any]]) -> dash_ag_grid.AgGrid:
    """Rows by the fields of the columns; sorted, filtered and walked through by keyboard."""
    height = min(HEAD_PX + ROW_PX * max(len(rows), 1) + 20, MOST_PX)
    return dash_ag_grid.AgGrid(
        columnDefs=[*map(_definition, columns)],
        rowData=rows,
        columnSize="autoSize",
        dashGridOptions=OPTIONS,
        defaultColDef={"resizable": True, "sortable": True, "filter": True, "minWidth": 96},
        style={"height": f"{height}px"},
    )


def _definition(column: Column) -> dict[str, Any]:
    defined: dict[str, Any] = {
        "field": column.field,
        "headerName": column.heading,
        "headerTooltip": column.name,
        "cellRenderer": "TrigpointCell",
    }
    if column.is_number:
        defined |= {"type": "rightAligned", "filter": "agNumberColumnFilter"}
    return defined
