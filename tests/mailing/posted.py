"""Servers on this machine that take mail and messages, and what a reader is shown of a mail."""

import email
import email.policy
import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pypdf import PdfReader

SECRET = "T0K3N"


class PostBox:
    """A mail server on this machine, which can be stopped, started and told to refuse somebody."""

    def __init__(self, **more: Any) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.mail: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.sessions: list[Session] = []
        self.refused: set[str] = set()
        self.refused_with = "450 Not now"
        self._more = more
        self._controller: Controller | None = None

    def start(self) -> None:
        where = {"hostname": "127.0.0.1", "port": self.port}
        self._controller = Controller(self, **where, **self._more)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused_with
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mail.append(message)
        self.envelopes.append(envelope)
        self.sessions.append(session)
        return "250 OK"


class Channel:
    """A server that keeps what is posted and answers what it is told to."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict]] = []
        self.code, self.leads_to = 200, ""
        channel = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                channel.posted.append((self.path, json.loads(self.rfile.read(length))))
                self.send_response(channel.code)
                if channel.leads_to:
                    self.send_header("Location", channel.leads_to)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """What is asked is looked at by the tests."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.address = f"http://{self.host}/services/{SECRET}"


@contextmanager
def answering() -> Iterator[Channel]:
    """A channel that answers from now on."""
    channel = Channel()
    thread = threading.Thread(target=channel.server.serve_forever)
    thread.start()
    yield channel
    channel.server.shutdown()
    channel.server.server_close()
    thread.join()


def text_of(message: EmailMessage) -> str:
    """What a reader of plain text is shown."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def paper_of(message: EmailMessage) -> str:
    """What stands on the sheet that came with it."""
    (sheet,) = message.iter_attachments()
    assert isinstance(sheet, EmailMessage)
    (page,) = PdfReader(io.BytesIO(sheet.get_content())).pages
    return page.extract_text()
