# SPDX-License-Identifier: MIT OR Apache-2.0
"""The same service reading tokens itself with PyJWT, to be held against asking about them.

    JWKS_URL=http://localhost:8081/.well-known/jwks.json ISSUER=http://localhost:8081 python3 stateless.py 5000

What was logged out is not known here: clients/python adds that, for one round trip to Redis.
"""

import os
import sys
from http.server import ThreadingHTTPServer

import jwt

import service

KEYS = jwt.PyJWKClient(os.environ["JWKS_URL"], lifespan=60)
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "jti"]


def believed(token):
    key = KEYS.get_signing_key_from_jwt(token)
    options = {"require": REQUIRED}
    return jwt.decode(
        token, key, algorithms=[key.algorithm_name], audience="recipes", issuer=os.environ["ISSUER"], options=options
    )


class Hello(service.Hello):
    def do_GET(self):
        try:
            claims = believed(self.headers.get("Authorization", "").removeprefix("Bearer "))
        except jwt.PyJWKClientConnectionError:
            return self.send_error(503)
        except jwt.PyJWTError:
            return self.send_error(401)
        self.headers["X-Subject"], self.headers["X-Scope"] = claims["sub"], claims["scope"]
        return super().do_GET()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hello)
    print(server.server_port, flush=True)
    server.serve_forever()
