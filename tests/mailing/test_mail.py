"""The way to a mail server: encrypted, signed in, its certificate checked."""

import ssl
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailing.settings import Mailing
from store.errors import WrongUse
from tests.mailing.posted import PostBox
from tests.mailing.test_rounds import run, states

PASSWORD = "a password of this test"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's own address, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server of this test")])
    begins = datetime.now() - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    forms = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    private = key.private_bytes(*forms, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def encrypted(home, certificate, monkeypatch):
    """A server that takes mail encrypted and from one user alone."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def known(server, session, envelope, mechanism, data) -> AuthResult:
        is_right = (data.login, data.password) == (b"trigpoint", PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    box = PostBox(
        tls_context=context, require_starttls=True, auth_required=True, authenticator=known
    )
    box.start()
    monkeypatch.setenv("TRIGPOINT_SMTP", f"127.0.0.1:{box.port}")
    monkeypatch.setenv("TRIGPOINT_SMTP_ENCRYPTION", "starttls")
    yield box
    box.stop()


@pytest.fixture
def signed_in(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD)
    path.chmod(0o600)
    monkeypatch.setenv("TRIGPOINT_SMTP_USER", "trigpoint")
    monkeypatch.setenv("TRIGPOINT_SMTP_PASSWORD_FILE", str(path))
    return path


def test_mail_leaves_encrypted_and_signed_in(
    home, encrypted, subscribe, certificate, signed_in, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    subscribe()
    assert states(run(home)) == ["sent"]
    (session,) = encrypted.sessions
    assert session.ssl is not None
    assert session.authenticated is True


def test_no_mail_leaves_with_a_wrong_password(
    home, encrypted, subscribe, certificate, signed_in, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    signed_in.write_text("another one")
    subscribe()
    (outcome,) = run(home)
    assert (outcome.state, "answered 535" in outcome.told) == ("failed", True)
    assert "another one" not in outcome.told
    assert encrypted.mail == []


def test_no_mail_leaves_to_a_server_whose_certificate_nobody_vouches_for(
    home, encrypted, subscribe, signed_in
):
    subscribe()
    (outcome,) = run(home)
    assert (outcome.state, "could not be reached" in outcome.told) == ("failed", True)
    assert encrypted.mail == []


def test_no_mail_leaves_to_a_server_that_does_not_encrypt(home, post_box, subscribe, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_SMTP_ENCRYPTION", "starttls")
    subscribe()
    assert states(run(home)) == ["failed"]
    assert post_box.mail == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ADDRESS", "", "TRIGPOINT_ADDRESS is not set"),
        ("SMTP", "mail.example.org", "write it as mail.example.org:587"),
        ("SMTP", "mail.example.org:smtp", "write it as mail.example.org:587"),
        ("SMTP", "mail.example.org:25", "has to be encrypted"),
        ("SMTP_ENCRYPTION", "perhaps", "starttls, tls or none"),
        ("SMTP_USER", "trigpoint", "belong together"),
        ("MAIL_FROM", "Trigpoint <trigpoint@example.org>", "write it as trigpoint@example.org"),
        ("MAIL_FROM", "a@example.org\nBcc: b@example.org", "TRIGPOINT_MAIL_FROM"),
        ("BRIEF_HOUR", "24", "an hour from 0 to 23"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said(home, monkeypatch, name, value, said):
    monkeypatch.setenv("TRIGPOINT_SMTP", "127.0.0.1:25")
    monkeypatch.setenv(f"TRIGPOINT_{name}", value)
    with pytest.raises(WrongUse) as fault:
        Mailing.read()
    assert said in str(fault.value)
