"""Files that a page writes for somebody, begun and taken as their browser does."""

import io
import re
import zipfile

import polars as pl
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.dashboard.signed_in import HERE
from tests.store.exported import until


def begin(client: FlaskClient, **form: str) -> str:
    """Ask for a file; gives the name by which it goes."""
    before = listed(client)
    answer = client.post("/exports/make", data={"form": "csv"} | form, headers=HERE)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    (new,) = listed(client) - before
    return new


def listed(client: FlaskClient) -> set[str]:
    """The names of all files that their page shows."""
    from tests.dashboard.test_security import CALLBACKS, located  # noqa: PLC0415

    page = client.post(CALLBACKS, json=located("/exports", "")).get_data(as_text=True)
    return set(re.findall(r'"data-export":"([0-9a-f]{32})"', page))


def state(client: FlaskClient, export_id: str) -> dict:
    return client.get(f"/exports/{export_id}/state.json").get_json()


def ready(client: FlaskClient, export_id: str) -> dict:
    """Look at it as an open page does, until it has ended."""
    until(lambda: state(client, export_id)["state"] != "making")
    return state(client, export_id)


def give_up(client: FlaskClient, export_id: str) -> TestResponse:
    return client.post("/exports/cancel", data={"export": export_id}, headers=HERE)


def taken(client: FlaskClient, **form: str) -> bytes:
    """A file as it is handed out; it is taken away afterwards."""
    export_id = begin(client, **form)
    found = ready(client, export_id)
    assert found["state"] == "ready", found
    content = client.get(found["file"]).data
    give_up(client, export_id)
    return content


def tables_in(package: bytes) -> list[str]:
    """The tables of a package as text."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        names = sorted(name for name in opened.namelist() if name.endswith(".parquet"))
        return [repr(pl.read_parquet(io.BytesIO(opened.read(name))).rows()) for name in names]
