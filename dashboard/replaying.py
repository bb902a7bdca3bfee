"""The replay bar's other side: in a demonstration, pages answer from a data day that was run again.

Which one, and at what moment, is said by the address alone, so that a link opens on the same. What
people wrote down is not shown there, and nothing can be; the audit is that of the store served.
"""

from dataclasses import replace

from dashboard import asked as asking
from dashboard.asked import Asked
from people.accounts import DEMONSTRATION
from people.settings import SignIn
from store.paths import Home
from store.replayed import Replayed, ended, home_of
from store.settings import Settings


def to_choose() -> dict[str, Replayed]:
    """The data days that can be looked at here; none but in a demonstration."""
    is_played = SignIn.read().way == DEMONSTRATION
    return ended(Settings.read().home) if is_played else {}


def allowed(request: Asked) -> Asked:
    """The request without a replay that is not to be had here, and with a note of that."""
    if request.replay is None or request.replay in to_choose():
        return request
    without = replace(request, replay=None)
    return without.noting(asking.unknown("replay", request.replay))


def home(replay_id: str | None) -> Home:
    """The store that answers: the one that is served, or a replay's own."""
    served = Settings.read().home
    return home_of(served, replay_id) if replay_id else served
