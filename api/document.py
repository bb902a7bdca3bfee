"""The API described as OpenAPI 3.1, from the parameters, columns and policy that it answers by."""

from importlib.metadata import version
from typing import Any

from api import PREFIX
from api.faults import TYPE
from api.formats import FORMS, JSON
from api.parameters import FIGURE, MOMENT, NAME, PURPOSE, RELEASE, TAKEN, Parameter
from api.resources import TITLES, resources
from people.tokens import policy
from store.sandbox import NAME as PARAMETER

Said = dict[str, Any]
WHY = {
    "400": "The address or the body cannot be read as it was put.",
    "401": "There is no token, or it lets nobody in.",
    "403": "The role of whose token it is, or the token itself, may not take this.",
    "404": "There is nothing by this name, at this scope and moment.",
    "406": "None of the forms that are accepted is to be had.",
    "409": "Nothing is published yet, or what is asked contradicts itself.",
    "410": "The release is no longer kept.",
    "413": "The body is too long, or the answer is larger than a file may be.",
    "415": "The body is not JSON.",
    "421": "Trigpoint is not served at this address.",
    "422": "The question is well put and cannot be answered.",
    "429": "This was asked for too often; Retry-After says when to come back.",
    "500": "The fault is on our side.",
    "503": "Nothing can be put on the audit, or the engine is not to be had.",
}
OF_ALL = ("400", "401", "403", "406", "409", "410", "421", "422", "429", "500", "503")
ROWS_FAIL = (*OF_ALL, "404")
SQL_FAIL = (*OF_ALL, "413", "415")
OPEN_FAIL = ("400", "404", "421", "500")
ABOUT = (
    "Figures of health statistics with every claim behind them, at your scope and as of any "
    "moment. A token gives what its person may see when it is used, and no more."
)
PROBLEM: Said = {
    "type": "object",
    "description": "What was not done, as RFC 9457 has it; detail is one sentence for people.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "line": {"type": "integer", "description": "The line of a question in SQL that is wrong."},
    },
}
PAGE: Said = {
    "release_id": {"type": "string", "pattern": RELEASE},
    "released_at": {"type": "string"},
    "as_of": {"type": ["string", "null"]},
    "is_simulated": {"type": "boolean", "description": "Whether these figures are invented."},
    "next": {"type": ["string", "null"], "description": "The address of the next page."},
}
# How one of a kind is named in an address.
ONE = {
    "metric_id": (NAME, "The measure."),
    "figure_id": (FIGURE, "The figure, or a citation of one."),
    "release_id": (RELEASE, "The release."),
}


def written() -> Said:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trigpoint", "version": version("trigpoint"), "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {f"{PREFIX}{path}": operations for path, operations in _paths().items()},
        "components": {
            "securitySchemes": {"token": _token()},
            "schemas": {"problem": PROBLEM}
            | {name: resource.schema() for name, resource in resources().items()},
        },
    }


def _paths() -> Said:
    lists = {f"/{name}": {"get": _list(name)} for name in TITLES}
    return lists | {
        "/openapi.json": {"get": _openapi()},
        "/metrics/{metric_id}": {"get": _one("metric_id", "One measure", _row("metrics"))},
        "/releases/{release_id}": {
            "get": _one("release_id", "One release that is kept", _row("releases"), takes=())
        },
        "/figures/{figure_id}": {
            "get": _one("figure_id", "Everything behind one figure", {"type": "object"})
        },
        "/sql": {"post": _sql()},
    }


def _token() -> Said:
    uses = "; ".join(f"{use.use_id}: {use.name}" for use in policy().uses.values())
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"A personal token, made on your record. What one may do: {uses}.",
    }


def _list(name: str) -> Said:
    page = {**PAGE, "rows": {"type": "array", "items": _row(name)}}
    schema = {"type": "object", "required": [*page], "properties": page}
    headers = _headers() | {
        "Link": {"description": "The next page, where there is one.", "schema": {"type": "string"}}
    }
    answers = {
        "200": {"description": TITLES[name], "headers": headers, "content": _content(schema)},
        "304": {"description": "You have this answer already.", "headers": _headers()},
    }
    return _operation(name, TITLES[name], TAKEN[name], answers | _faults(ROWS_FAIL))


def _one(named: str, title: str, schema: Said, takes: tuple[Parameter, ...] = TAKEN["one"]) -> Said:
    pattern, meaning = ONE[named]
    answers = {
        "200": {
            "description": title,
            "headers": _headers(),
            "content": {JSON: {"schema": schema}},
        },
        "304": {"description": "You have this answer already.", "headers": _headers()},
    }
    told = _operation(named.removesuffix("_id"), title, takes, answers | _faults(ROWS_FAIL))
    path = {
        "name": named,
        "in": "path",
        "required": True,
        "description": meaning,
        "schema": {"type": "string", "pattern": pattern},
    }
    return told | {"parameters": [path, *told["parameters"]]}


def _openapi() -> Said:
    answer = {"description": "This document", "content": {JSON: {"schema": {"type": "object"}}}}
    told = _operation("openapi", "This document", (), {"200": answer} | _faults(OPEN_FAIL))
    return told | {"security": []}


def _sql() -> Said:
    page = {
        "release_id": PAGE["release_id"],
        "as_of": PAGE["as_of"],
        "is_cut": {"type": "boolean", "description": "Whether there was more than may be given."},
        "seconds": {"type": "number"},
        "rows": {"type": "array", "items": {"type": "object"}},
    }
    schema = {"type": "object", "required": [*page], "properties": page}
    cut = {
        "description": "true where there was more; of JSON alone",
        "schema": {"enum": ["true", "false"]},
    }
    answer = {
        "description": "The answer",
        "headers": {"X-Trigpoint-Cut": cut},
        "content": _content(schema),
    }
    told = _operation(
        "sql",
        "A question in SQL: one select statement",
        TAKEN["sql"],
        {"200": answer} | _faults(SQL_FAIL),
    )
    return told | {"requestBody": {"required": True, "content": {JSON: {"schema": QUESTION}}}}


QUESTION: Said = {
    "type": "object",
    "required": ["sql"],
    "additionalProperties": False,
    "properties": {
        "sql": {
            "type": "string",
            "minLength": 1,
            "maxLength": 20_000,
            "description": "One select statement; $name in it takes a parameter.",
        },
        "parameters": {
            "type": "object",
            "maxProperties": 100,
            "propertyNames": {"pattern": f"^{PARAMETER}$"},
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        },
        "as_of": {"type": ["string", "null"], "pattern": MOMENT},
        "release": {"type": ["string", "null"], "pattern": RELEASE},
    },
}


def _operation(
    name: str, title: str, takes: tuple[Parameter, ...], answers: Said
) -> dict[str, Any]:
    purpose = {
        "name": PURPOSE,
        "in": "header",
        "description": "Why you ask; it stands on the audit.",
        "schema": {"type": "string"},
    }
    described = [parameter.described() for parameter in takes]
    return {
        "operationId": name,
        "summary": title,
        "parameters": [*described, purpose],
        "responses": answers,
    }


def _faults(statuses: tuple[str, ...]) -> Said:
    content = {TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}}
    return {status: {"description": WHY[status], "content": content} for status in statuses}


def _content(schema: Said) -> Said:
    others = {form.media_type: {"schema": {"type": "string"}} for form in FORMS.values()}
    return {JSON: {"schema": schema}} | others


def _headers() -> Said:
    text = {"type": "string"}
    return {
        "ETag": {"description": "What this answer is known by.", "schema": text},
        "X-Trigpoint-Release": {"description": "The release it is from.", "schema": text},
        "X-Trigpoint-As-Of": {"description": "The past moment it is of.", "schema": text},
    }


def _row(name: str) -> Said:
    return {"$ref": f"#/components/schemas/{name}"}
