"""Sign-in with an OpenID Connect provider: code flow with PKCE, by Authlib.

Its description and its keys are fetched anew for each sign-in, so a key that it has changed or
withdrawn counts at once; a sign-in is rare enough for that.
"""

import logging
from collections.abc import Mapping
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from flask import request, session
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from people import claims
from people.accounts import Known
from people.claims import NoEntry
from people.settings import Provider
from store.errors import TrigpointError

log = logging.getLogger(__name__)
PATIENCE_S = 10
LEEWAY_S = 60
# Signed with a key of the provider's own: not `none`, and not with the secret that we share.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
FAULTS = (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError)


class NotSignedIn(TrigpointError):  # noqa: N818
    """The provider did not vouch for anybody; the log says what was wrong with its answer."""


def leave_for(provider: Provider, back: str) -> Response:
    """The way to the provider, which sends people to `back`. Raises `NotSignedIn`."""
    session.clear()
    try:
        sent: Response = _client(provider).authorize_redirect(back)
    except FAULTS as fault:
        raise _not_signed_in(provider, fault) from None
    return sent


def come_back(provider: Provider) -> tuple[Known, str | None]:
    """Who came back from the provider, by the file of claims, and the address it vouches for.

    Raises `NotSignedIn` for an answer that does not hold, `NoEntry` for whoever has no role here.
    """
    rules = claims.read(provider.claims)
    try:
        said = _vouched(provider, _client(provider))
    except FAULTS as fault:
        raise _not_signed_in(provider, fault) from None
    finally:
        session.clear()
    try:
        return claims.arrived(rules, said), claims.vouched_mail(said)
    except NoEntry as fault:
        log.warning("%r of %s was not let in: %s", said["sub"], provider.issuer, fault)
        raise


def _vouched(provider: Provider, client: FlaskOAuth2App) -> Mapping[str, Any]:
    """What the provider says of somebody, each part of it checked."""
    answered_by = request.args.get("iss", provider.issuer)
    if answered_by != provider.issuer:
        raise ValueError(f"the answer is from {answered_by[:80]}")
    wanted = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True},
    }
    token = client.authorize_access_token(claims_options=wanted, leeway=LEEWAY_S)
    said: dict[str, Any] = dict(token["userinfo"])
    return _more(client, token, said["sub"]) | said


def _more(client: FlaskOAuth2App, token: Any, sub: str) -> dict[str, Any]:
    """What many providers tell only when they are asked again; never who it is."""
    if not client.server_metadata.get("userinfo_endpoint"):
        return {}
    told = dict(client.userinfo(token=token))
    if told.pop("sub", None) != sub:
        raise ValueError("two answers are about two people")
    return told


def _client(provider: Provider) -> FlaskOAuth2App:
    known_at = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    client = FlaskOAuth2App(
        FlaskIntegration("provider"),
        name="provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=known_at,
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE_S,
        },
    )
    described = client.load_server_metadata()
    if described.get("issuer") != provider.issuer:
        raise ValueError(f"{known_at} describes {str(described.get('issuer'))[:80]}")
    signed_by = described.get("id_token_signing_alg_values_supported") or ["RS256"]
    described["id_token_signing_alg_values_supported"] = [
        name for name in signed_by if name in SIGNED_BY
    ]
    return client


def _not_signed_in(provider: Provider, fault: Exception) -> NotSignedIn:
    log.warning("sign-in with %s failed: %r", provider.issuer, fault)
    return NotSignedIn("the sign-in did not succeed")


def remember(back: str) -> None:
    """Keep, until they come back, where somebody wanted to go."""
    session["back"] = back


def remembered() -> str | None:
    """Where whoever comes back wanted to go."""
    found: str | None = session.get("back")
    return found
