"""What the workspace's page sends: a question, the count of its rows, its stop."""

import json
import re
import uuid
from typing import Any

from flask.testing import FlaskClient

from tests.dashboard.signed_in import HERE
from tests.dashboard.test_security import CALLBACKS

PLACES = ("query-results.children", "query-counting.data", "query-history.children")


def called(places: tuple[str, ...], name: str, sent: object) -> dict[str, Any]:
    """The body by which a page calls the callback of these places."""
    outputs = [dict(zip(("id", "property"), place.split("."), strict=True)) for place in places]
    return {
        "output": f"..{'...'.join(places)}.." if len(places) > 1 else places[0],
        "outputs": outputs if len(places) > 1 else outputs[0],
        "inputs": [{"id": name, "property": "data", "value": sent}],
        "changedPropIds": [f"{name}.data"],
    }


def asking_sql(sql: str, **more: Any) -> dict[str, Any]:
    sent = {"run": uuid.uuid4().hex, "sql": sql, "parameters": {}}
    return called(PLACES, "query-asked", sent | more)


def counting(**sent: Any) -> dict[str, Any]:
    return called(("query-counted.children",), "query-counting", sent)


def stopping(**sent: Any) -> dict[str, Any]:
    return called(("query-said.children",), "query-stopped", sent)


def ran(client: FlaskClient, sql: str, **more: Any) -> dict[str, Any]:
    """What the page is given: `results` as Dash tells them, `counting` and `history`."""
    answer = client.post(CALLBACKS, json=asking_sql(sql, **more))
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    given = answer.get_json()["response"]
    return {
        "results": given["query-results"]["children"],
        "counting": given.get("query-counting", {}).get("data"),
        "history": given.get("query-history", {}).get("children"),
    }


def parts(told: Any, kind: str) -> list[dict[str, Any]]:
    """Every component of a kind in what Dash was told, in its order."""
    if isinstance(told, list):
        return [one for part in told for one in parts(part, kind)]
    if not isinstance(told, dict):
        return []
    here = [told["props"]] if told.get("type") == kind else []
    return here + parts(told.get("props", {}).get("children"), kind)


def words_in(told: Any) -> str:
    """All text in what Dash was told."""
    if isinstance(told, list):
        return " ".join(words_in(part) for part in told)
    if isinstance(told, dict):
        return words_in(told.get("props", {}).get("children"))
    return "" if told is None else str(told)


def rows_in(told: Any) -> list[dict[str, Any]]:
    """The rows of the grid, each by the names of its columns; what tells of them as it is."""
    (grid,) = parts(told, "AgGrid")
    names = {one["field"]: one["headerTooltip"] for one in grid["columnDefs"]}
    return [
        {names.get(name, name): value for name, value in row.items()} for row in grid["rowData"]
    ]


def query_id(told: Any) -> str:
    """The id under which a run is kept."""
    return str(told["props"]["data-query"])


def without_moments(text: str) -> str:
    """An answer without what is made anew for each run."""
    text = re.sub(r"query-[0-9a-f]{12}", "query", text)
    return re.sub(r"\d\d:\d\d|\d+ ms|\d\.\d seconds", "", text)


def posted(client: FlaskClient, what: str, **form: str) -> Any:
    return client.post(f"/workspace/{what}", data=form, headers=HERE)


def as_text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)
