"""A service that gets, asks about and ends tokens with Authlib, as the users of Authlib do.

oauth_client.py ADDRESS ISSUER CLIENT_ID CLIENT_SECRET PERSONS_REFRESH_TOKEN

Prints as JSON what it was given.
"""

import json
import os
import sys

# Tests talk HTTP on one machine; the issuer's name resolves nowhere.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from requests.adapters import HTTPAdapter

ADDRESS, ISSUER, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN = sys.argv[1:]


class At(HTTPAdapter):
    """Sends what goes to the issuer to where it listens."""

    def send(self, request, **options):
        request.url = request.url.replace(ISSUER, ADDRESS, 1)
        return super().send(request, **options)


def session(secret=CLIENT_SECRET, **options):
    opened = OAuth2Session(CLIENT_ID, secret, **options)
    opened.trust_env = False
    opened.mount(ISSUER, At())
    return opened


def refused(error, call):
    try:
        call()
    except OAuthError as refusal:
        assert refusal.error == error, refusal
    else:
        raise AssertionError(f"not refused: {error}")


def discovered():
    answer = session().get(get_well_known_url(ISSUER, external=True), withhold_token=True)
    metadata = AuthorizationServerMetadata(answer.json())
    # Authlib takes an empty list for a missing one; there is no page here that people are sent to.
    assert metadata["response_types_supported"] == []
    for name in set(metadata.REGISTRY_KEYS) - {"response_types_supported"}:
        getattr(metadata, f"validate_{name}")()
    assert metadata["issuer"] == ISSUER
    return metadata


metadata = discovered()
given = {}
for method in metadata["token_endpoint_auth_methods_supported"]:
    service = session(token_endpoint_auth_method=method, scope="recipes:read")
    token = service.fetch_token(
        metadata["token_endpoint"], grant_type="client_credentials", resource="recipes"
    )
    assert token["scope"] == "recipes:read" and "refresh_token" not in token, token
    given[method] = token["access_token"]

    def introspect(presented, **hint):
        answer = service.introspect_token(metadata["introspection_endpoint"], token=presented, **hint)
        assert answer.status_code == 200, answer.text
        return answer.json()

    said = introspect(token["access_token"], token_type_hint="access_token")
    assert said["active"] and said["aud"] == ["recipes"] and said["client_id"] == CLIENT_ID, said
    assert introspect("nonsense") == {"active": False}

    spare = service.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    ended = service.revoke_token(metadata["revocation_endpoint"], token=spare["access_token"])
    assert ended.status_code == 200, ended.text
    assert introspect(spare["access_token"]) == {"active": False}

    wrong = session(secret="wrong", token_endpoint_auth_method=method)
    token_url = metadata["token_endpoint"]
    refused("invalid_client", lambda: wrong.fetch_token(token_url, grant_type="client_credentials"))
    refused(
        "invalid_scope",
        lambda: session(scope="admin", token_endpoint_auth_method=method).fetch_token(
            token_url, grant_type="client_credentials"
        ),
    )
    refused(
        "invalid_target",
        lambda: service.fetch_token(token_url, grant_type="client_credentials", resource="elsewhere"),
    )
    refused(
        "unsupported_grant_type",
        lambda: service.fetch_token(token_url, grant_type="password", username="a", password="b"),
    )

service = session()
renewed = service.refresh_token(metadata["token_endpoint"], refresh_token=REFRESH_TOKEN)
assert renewed["refresh_token"] != REFRESH_TOKEN, "it was not rotated"
given["person"] = renewed["access_token"]
given["refresh_token"] = renewed["refresh_token"]
print(json.dumps(given))
