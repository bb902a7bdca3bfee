"""Citations as addresses: `/cite/TP-…` leads to the number in the release that it names."""

from flask import Blueprint, abort, redirect
from werkzeug import Response

from dashboard.exits import leaves_by
from store.citations import parse
from store.errors import WrongUse

cited = Blueprint("cited", __name__)


@cited.get("/cite/<text>")
@leaves_by("citation")
def follow(text: str) -> Response:
    """Lead to the figure's page; built from checked parts alone, so it never leaves this site."""
    try:
        citation = parse(text)
    except WrongUse:
        abort(404)
    return redirect(f"/figure/{citation.figure_id}?release={citation.release_id}")
