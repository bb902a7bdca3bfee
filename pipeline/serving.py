"""`trigpoint serve`: what is checked and said before the server takes this process's place."""

import errno
import os
import socket
import sys

from rich.console import Console

from journal.engine import journal_of
from people import accounts, claims, settings
from people.accounts import DEMONSTRATION, LOCAL
from people.settings import PROVIDER, SignIn
from store import releases
from store.errors import NoRelease, TrigpointError
from store.paths import Home
from store.sandbox import check_ready


def serve(home: Home, host: str, port: int, workers: int, way: str | None) -> None:
    """Become the server of a home's pages.

    Raises `WrongUse` where the way of signing in would protect nobody at this address, and
    `TrigpointError` where it cannot be listened on or where a layer that confines questions in SQL
    is missing.
    """
    os.environ["TRIGPOINT_HOME"] = str(home.root)
    if way is not None:
        os.environ["TRIGPOINT_SIGN_IN"] = way
    sign_in = SignIn.read()
    settings.require_sound(sign_in, host)
    if sign_in.way == PROVIDER:
        claims.read(settings.provider().claims)
    _require_free(host, port)
    journal_of(home)
    check_ready()
    _say(home, sign_in, sign_in.address or f"http://{host}:{port}")
    # A keep-alive of the usual 2 seconds fails one request in five for browsers that pause.
    limits = ["--workers", str(workers), "--threads", "8", "--keep-alive", "75"]
    limits += ["--worker-class", "dashboard.worker.Worker"]
    command = [sys.executable, "-m", "gunicorn", "dashboard.app:server", "--preload", *limits]
    command += ["--bind", f"{host}:{port}", "--log-level", "warning"]
    # The server takes this process's place, so that signals reach it; there is no shell.
    os.execv(sys.executable, command)  # noqa: S606 # nosec B606


def _say(home: Home, sign_in: SignIn, address: str) -> None:
    console = Console()
    try:
        shown = releases.current(home)
        console.print(f"Release {shown.release_id}: open [bold]{address}[/bold]")
    except NoRelease as nothing:
        console.print(f"Pages at {address} will say so: {nothing}")
    if sign_in.way == DEMONSTRATION:
        console.print("A demonstration, on this machine only: nobody needs a password.")
    elif sign_in.way == LOCAL and not _has_accounts(home):
        console.print(
            "Nobody can sign in yet: `trigpoint people add` makes an account, and "
            "`--sign-in demonstration` shows the pages without one, on this machine."
        )


def _has_accounts(home: Home) -> bool:
    found = accounts.listed(home)
    return any(row["subject"].startswith(f"{LOCAL}|") and row["state"] == "active" for row in found)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE:
                raise TrigpointError(
                    f"cannot listen on port {port} of {host} ({fault.strerror}); choose another"
                ) from None
            raise TrigpointError(
                f"port {port} of {host} is taken; end the other program or choose --port"
            ) from None
