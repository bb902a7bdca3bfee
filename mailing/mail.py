"""A letter as mail: plain text, HTML that fetches nothing, and the sheet; handed to a server.

The server's certificate is checked; where a way to it cannot be encrypted, no mail leaves.
"""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from mailing.letters import Letter
from mailing.settings import STARTTLS, TLS, MailServer
from people.addresses import require_mail
from store.errors import TrigpointError, WrongUse
from store.moments import now

PATIENCE_S = 20
LONGEST_SUBJECT = 200
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
)


class NotDelivered(TrigpointError):  # noqa: N818
    """Something did not leave; it is tried again with the next run."""


class RefusedForGood(NotDelivered):
    """Nobody is at this address, or nothing of ours is taken there; trying at once is no use."""


class Post:
    """The way to one mail server within one run: a server that is not there is asked once."""

    def __init__(self, server: MailServer | None) -> None:
        self._server = server
        self._fault: NotDelivered | None = None

    def send(self, letter: Letter, address: str) -> None:
        """Hand over one letter. Raises `NotDelivered` where the server did not take it."""
        if self._server is None:
            raise WrongUse("TRIGPOINT_SMTP is not set, so no mail leaves; see docs/mail.md")
        if self._fault is not None:
            raise self._fault
        message = written(letter, self._server.sender, address)
        smtp = self._connected(self._server)
        try:
            _hand_over(smtp, message, self._server.sender, address)
        finally:
            _leave(smtp)

    def _connected(self, server: MailServer) -> smtplib.SMTP:
        try:
            return _greeted(server)
        except smtplib.SMTPResponseException as fault:
            told = f"the mail server {server.host} answered {fault.smtp_code} before any mail"
        except (OSError, smtplib.SMTPException) as fault:
            why = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
            told = f"the mail server {server.host} could not be reached: {why}"
        self._fault = NotDelivered(f"{told}; it is tried again with the next run")
        raise self._fault


def written(letter: Letter, sender: str, address: str) -> EmailMessage:
    """The mail. Raises `WrongUse` for an address that is not allowed."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, require_mail(address)
    message["Subject"] = " ".join(letter.title.split())[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=sender.rsplit("@", 1)[1])
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{letter.settings}>"
    message.set_content(_set("letter.txt", letter))
    message.add_alternative(_set("letter.html", letter), subtype="html")
    if letter.sheet is not None:
        name, sheet = letter.sheet
        message.add_attachment(sheet, maintype="application", subtype="pdf", filename=name)
    message["Content-Language"] = "en-GB"
    return message


def _set(template: str, letter: Letter) -> str:
    return TEMPLATES.get_template(template).render(letter=letter)


def _greeted(server: MailServer) -> smtplib.SMTP:
    """A connection that is encrypted as was asked for, and signed in where there is a user."""
    context = ssl.create_default_context()
    if server.encryption == TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE_S, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_S)
    try:
        if server.encryption == STARTTLS:
            smtp.starttls(context=context)
        if server.user is not None and server.password is not None:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _hand_over(smtp: smtplib.SMTP, message: EmailMessage, sender: str, address: str) -> None:
    try:
        smtp.send_message(message, sender, [address])
    except smtplib.SMTPRecipientsRefused as fault:
        ((code, _),) = fault.recipients.values()
        told = f"the mail server does not take mail to {address} ({code})"
        raise _refusal(code)(told) from None
    except smtplib.SMTPDataError as fault:
        told = f"the mail server did not take the mail ({fault.smtp_code})"
        raise _refusal(fault.smtp_code)(told) from None
    except smtplib.SMTPResponseException as fault:
        raise NotDelivered(f"the mail server did not take the mail ({fault.smtp_code})") from None
    except (OSError, smtplib.SMTPException) as fault:
        raise NotDelivered(f"the mail server went away ({type(fault).__name__})") from None


def _refusal(code: int) -> type[NotDelivered]:
    """By RFC 5321 what begins with 5 is not to be tried again as it is."""
    return RefusedForGood if 500 <= code < 600 else NotDelivered


def _leave(smtp: smtplib.SMTP) -> None:
    """What became of the mail is known by now, so no goodbye can make a failure of it."""
    with suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()
