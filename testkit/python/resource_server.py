"""A service that believes tokens with PyJWT, by nothing but the keys that the issuer publishes.

resource_server.py JWKS_URL ISSUER AUDIENCE TOKEN

Prints the claims as JSON.
"""

import json
import sys

import jwt

JWKS_URL, ISSUER, AUDIENCE, TOKEN = sys.argv[1:]

keys = jwt.PyJWKClient(JWKS_URL)


def believed(token, audience=AUDIENCE, issuer=ISSUER):
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    key = keys.get_signing_key_from_jwt(token)
    required = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]
    return jwt.decode(
        token, key, algorithms=[key.algorithm_name], audience=audience, issuer=issuer, options={"require": required}
    )


def refused(error, *arguments, **options):
    try:
        believed(*arguments, **options)
    except error:
        return
    raise AssertionError(f"not refused: {error}")


refused(jwt.InvalidAudienceError, TOKEN, audience="elsewhere")
refused(jwt.InvalidIssuerError, TOKEN, issuer=ISSUER + "/")
head, payload, signature = TOKEN.split(".")
swapped = signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")
refused(jwt.InvalidSignatureError, ".".join([head, payload, swapped]))
print(json.dumps(believed(TOKEN)))
