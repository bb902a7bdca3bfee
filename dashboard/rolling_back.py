"""The button that shows a kept release again: audited first, then done as the command does it."""

from flask import Blueprint, Response, render_template, request

from dashboard import audited
from dashboard.components.kept_releases import LONGEST_REASON
from dashboard.exits import leaves_by
from journal import audit
from journal.audit import AuditNotWritten, Given, Question
from store import releases
from store.errors import TrigpointError, WrongUse
from store.lock import writing
from store.releases import RELEASE_ID, Release
from store.settings import Settings

NO_REASON = "say why, in a sentence: the reason is put on the audit"
NO_RELEASE = "say which release to go back to"

rolling_back = Blueprint("rolling_back", __name__)


@rolling_back.post("/sources/releases/roll-back")
@leaves_by("action.roll_back")
def roll_back() -> Response:
    """Show the release of the form again, and say what happened."""
    before = _shown()
    try:
        shown, reason = _rolled_back()
    except AuditNotWritten as fault:
        return audited.refusal(fault)
    except WrongUse as fault:
        return _said(400, before=before, fault=str(fault))
    except TrigpointError as fault:
        return _said(409, before=before, fault=str(fault))
    return _said(200, before=before, shown=shown, reason=reason)


def _rolled_back() -> tuple[Release, str]:
    """Put on the audit what is to be done and why, then do it; what became of it follows there."""
    wanted, reason = request.form.get("to", ""), " ".join(request.form.get("because", "").split())
    if not RELEASE_ID.fullmatch(wanted):
        raise WrongUse(NO_RELEASE)
    if not reason:
        raise WrongUse(NO_REASON)
    if len(reason) > LONGEST_REASON:
        raise WrongUse(f"give a reason of {LONGEST_REASON} letters at most")
    home = Settings.read().home
    asked = Question("action", f"roll back to {wanted}, because: {reason}", release_id=wanted)
    with audit.asking(home, audited.asker(), asked) as put:
        with writing(home):
            shown = releases.rollback(home, wanted)
        put.given(Given(release_id=shown.release_id))
    return shown, reason


def _shown() -> str | None:
    try:
        return releases.current(Settings.read().home).release_id
    except TrigpointError:
        return None


def _said(
    code: int,
    *,
    before: str | None,
    fault: str | None = None,
    shown: Release | None = None,
    reason: str | None = None,
) -> Response:
    text = render_template(
        "rolled_back.html", before=before, fault=fault, shown=shown, reason=reason
    )
    return Response(text, code)
