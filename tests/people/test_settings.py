"""Where this way of signing in may be served, what settings are refused, and secrets."""

import pytest

from people import settings
from people.settings import SignIn, require_sound
from store.errors import WrongUse
from store.secrets import secret

LONG = "3f9a0c5d7e1b42688a6f0e9d4c2b7a51"
PROVIDER = {
    "TRIGPOINT_SIGN_IN": "provider",
    "TRIGPOINT_PROVIDER": "https://idp.example",
    "TRIGPOINT_PROVIDER_CLIENT": "trigpoint",
    "TRIGPOINT_PROVIDER_SECRET": LONG,
    "TRIGPOINT_SECRET": LONG[::-1],
    "TRIGPOINT_CLAIMS": "claims.toml",
}
ADDRESS = {"TRIGPOINT_ADDRESS": "https://trigpoint.example.org"}
LOOPBACKS = ["127.0.0.1", "localhost", "::1", "127.1.2.3"]
OTHERS = ["0.0.0.0", "::", "10.0.0.7", "trigpoint.example.org", "fe80::1", ""]


@pytest.fixture
def told(monkeypatch):
    def told(environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return SignIn.read()

    return told


@pytest.mark.parametrize("host", LOOPBACKS)
@pytest.mark.parametrize("way", ["local", "demonstration"])
def test_on_this_machine_each_way_is_served(told, host, way):
    require_sound(told({"TRIGPOINT_SIGN_IN": way}), host)


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("more", [{}, ADDRESS])
def test_the_demonstration_is_not_served_anywhere_else(told, host, more):
    with pytest.raises(WrongUse, match="lets anybody in as anybody"):
        require_sound(told({"TRIGPOINT_SIGN_IN": "demonstration"} | more), host)


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("way", [{"TRIGPOINT_SIGN_IN": "local"}, PROVIDER])
def test_elsewhere_there_is_an_encrypted_address(told, host, way):
    for more in ({}, {"TRIGPOINT_ADDRESS": "http://localhost:8050"}):
        with pytest.raises(WrongUse, match="https:// address"):
            require_sound(told(way | more), host)
    require_sound(told(way | ADDRESS), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("name", ["TRIGPOINT_SECRET", "TRIGPOINT_PROVIDER_SECRET"])
@pytest.mark.parametrize("value", ["", "changeme", "secret" * 6, "x" * 64, LONG[:31]])
def test_a_secret_that_is_missing_or_weak_stops_the_start_and_is_not_repeated(
    told, host, name, value
):
    with pytest.raises(WrongUse, match=name) as refused:
        require_sound(told(PROVIDER | ADDRESS | {name: value}), host)
    assert not value or value not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRIGPOINT_SIGN_IN", "anybody"),
        ("TRIGPOINT_ADDRESS", "trigpoint.example.org"),
        ("TRIGPOINT_ADDRESS", "http://trigpoint.example.org"),
        ("TRIGPOINT_ADDRESS", "https://trigpoint.example.org/data"),
        ("TRIGPOINT_ADDRESS", "https://me@trigpoint.example.org"),
        ("TRIGPOINT_SESSION_HOURS", "0"),
        ("TRIGPOINT_SESSION_HOURS", "1e3"),
        ("TRIGPOINT_SESSION_IDLE_MINUTES", "never"),
        ("TRIGPOINT_EXPORTS_A_MINUTE", "-1"),
        ("TRIGPOINT_PROXIES", "\u0663"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(told, name, value):
    with pytest.raises(WrongUse, match=name):
        told({name: value})


@pytest.mark.parametrize(
    "missing",
    [*("TRIGPOINT_PROVIDER", "TRIGPOINT_PROVIDER_CLIENT"), "TRIGPOINT_CLAIMS"],
)
def test_a_provider_is_described_whole(told, missing):
    told(PROVIDER | {missing: ""})
    with pytest.raises(WrongUse, match=missing):
        settings.provider()


def test_a_provider_is_asked_over_an_encrypted_line(told):
    told(PROVIDER | {"TRIGPOINT_PROVIDER": "http://idp.example"})
    with pytest.raises(WrongUse, match="https://"):
        settings.provider()


def test_a_secret_comes_from_a_file_that_nobody_else_may_read(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    monkeypatch.setenv("TRIGPOINT_SECRET_FILE", str(file))
    with pytest.raises(WrongUse, match="is no file"):
        secret("TRIGPOINT_SECRET")
    file.write_text(f"{LONG}\n")
    for mode in (0o644, 0o640, 0o604, 0o620):
        file.chmod(mode)
        with pytest.raises(WrongUse, match="chmod 600"):
            secret("TRIGPOINT_SECRET")
    file.chmod(0o600)
    assert secret("TRIGPOINT_SECRET") == LONG
    file.write_text("\n")
    with pytest.raises(WrongUse, match="its first line is empty"):
        secret("TRIGPOINT_SECRET")
