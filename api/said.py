"""What a request says: the body of a question, read once, as the audit keeps it and a view asks it.

It is read in one way alone, so that nothing else is answered than what stands on the audit.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from api.document import QUESTION
from api.faults import Problem
from api.limits import limits
from api.parameters import require_no_token_in

NOT_UTF_8 = "The body has to be text in UTF-8."
Said = Mapping[str, Any] | None


def body() -> Said:
    """The object in the body; None where there is none, which a view refuses in its own words.

    Raises a problem for a body in another encoding or with a token in it, and what Flask raises for
    one that is too long.
    """
    if request.method != "POST":
        return None
    request.max_content_length = limits().most_body_bytes
    try:
        text = request.get_data().decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, NOT_UTF_8) from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    require_no_token_in([text, as_text(found)])
    return found


def on_audit(found: Said) -> str:
    """The parts of a question, with each letter as itself, however it was written in the body."""
    if found is None:
        return ""
    return f" {as_text({name: found[name] for name in QUESTION['properties'] if name in found})}"


def as_text(found: Mapping[str, Any]) -> str:
    """An object as JSON without escapes that hide what a text says."""
    return json.dumps(found, ensure_ascii=False)
