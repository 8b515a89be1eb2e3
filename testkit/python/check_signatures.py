"""Checks the signatures of tokens by PyJWT and by joserfc.

Reads lines of {"token", "jwk"} from the file that is named, and prints how many there were, what each of the two refused,
and how many they believe after a blank was added to what was signed: none, or they would check nothing.
"""

import base64
import json
import sys
import warnings

import jwt
from joserfc import jws
from joserfc.jwk import import_key

warnings.filterwarnings("ignore", module="joserfc")  # `EdDSA` by its name of RFC 8037


def by_pyjwt(token, jwk):
    jwt.api_jws.PyJWS().decode(token, jwt.PyJWK(jwk), algorithms=[jwk["alg"]])


def by_joserfc(token, jwk):
    # A header may have members that nobody knows (RFC 7515, section 4), and more than the 512 bytes of joserfc's default.
    registry = jws.JWSRegistry(algorithms=[jwk["alg"]], strict_check_header=False)
    registry.max_header_length = 4096
    jws.deserialize_compact(token, import_key(jwk), registry=registry)


def refusals(check, cases):
    found = []
    for case in cases:
        try:
            check(**case)
        except Exception as error:
            found.append(f"{error!r}: {case['token']}")
    return found


def tampered(case):
    header, payload, signature = case["token"].split(".")
    claims = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) + b" "
    payload = base64.urlsafe_b64encode(claims).rstrip(b"=").decode()
    return {**case, "token": f"{header}.{payload}.{signature}"}


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    changed = [tampered(case) for case in cases]
    print(json.dumps({
        "tokens": len(cases),
        "PyJWT": refusals(by_pyjwt, cases),
        "joserfc": refusals(by_joserfc, cases),
        "tampered": 2 * len(changed) - len(refusals(by_pyjwt, changed)) - len(refusals(by_joserfc, changed)),
    }))


main()
