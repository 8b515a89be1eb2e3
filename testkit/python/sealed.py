"""Opens and seals access tokens with joserfc.

sealed.py open|seal KEY JWKS TOKEN: KEY is what is in the file seal.1.

`open` prints the signed token that was sealed, and its claims, as JSON; `seal` prints the sealed token.
"""

import json
import sys

from joserfc import jwe, jwt
from joserfc.jwk import KeySet, OctKey
from joserfc.util import urlsafe_b64decode

ACT, KEY, JWKS, TOKEN = sys.argv[1:]

key = OctKey.import_key(urlsafe_b64decode(KEY.encode()))
ALGORITHMS = ["dir", "A256GCM"]

if ACT == "open":
    opened = jwe.decrypt_compact(TOKEN, key, algorithms=ALGORITHMS)
    header = opened.headers()
    assert header["cty"] == "JWT" and header["typ"] == "at+jwt" and header["alg"] == "dir", header
    signed = opened.plaintext.decode()
    keys = KeySet.import_key_set(
        {"keys": json.loads(JWKS)["keys"]}
    )
    believed = jwt.decode(signed, keys, algorithms=["ES256"])
    print(json.dumps({"token": signed, "claims": believed.claims}))
else:
    header = {"alg": "dir", "enc": "A256GCM", "typ": "at+jwt", "cty": "JWT", "kid": "seal.1"}
    print(jwe.encrypt_compact(header, TOKEN.encode(), key, algorithms=ALGORITHMS))
