# SPDX-License-Identifier: MIT OR Apache-2.0
"""Asks auth-service about the token of a request (RFC 7662), for nginx's auth_request.

    AUTH_URL=http://localhost:8081 CLIENT_ID=… CLIENT_SECRET=… python3 desk.py 5001

204 with X-Subject and X-Scope where the token counts, 401 where it does not, 503 where that cannot be told. The client
needs the scope `tokens:introspect`. Port 0 takes a free one; the first line that it prints is the port.
"""

import base64
import http.client
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

AUTH = urlsplit(os.environ["AUTH_URL"])
CLIENT = base64.b64encode(f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}".encode()).decode()
HEADERS = {"Authorization": f"Basic {CLIENT}", "Content-Type": "application/x-www-form-urlencoded"}

kept = threading.local()


def introspect(token):
    """What auth-service says of a token. Raises OSError or HTTPException where it says nothing."""
    body = urlencode({"token": token})
    for connection in (getattr(kept, "connection", None), None):
        try:
            connection = connection or http.client.HTTPConnection(AUTH.hostname, AUTH.port or 80, timeout=2)
            connection.request("POST", "/oauth2/introspect", body, HEADERS)
            answer = connection.getresponse()
            text = answer.read()
            break
        except (http.client.HTTPException, OSError):
            # A connection that was kept may have been closed since: once more on a new one.
            if connection is not getattr(kept, "connection", None):
                raise
            kept.connection = None
    kept.connection = connection
    if answer.status != 200:
        raise OSError(f"auth-service answered {answer.status}")
    return json.loads(text)


class Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return self.answer(401, {"WWW-Authenticate": 'Bearer realm="jipbap"'})
        try:
            said = introspect(token.strip())
        except (http.client.HTTPException, OSError, ValueError) as error:
            print(f"cannot tell: {error}", file=sys.stderr)
            return self.answer(503, {"Retry-After": "1"})
        # A refresh token is good at auth-service alone: it has no type.
        if not said["active"] or said.get("token_type") != "Bearer":
            return self.answer(401, {"WWW-Authenticate": 'Bearer realm="jipbap", error="invalid_token"'})
        return self.answer(204, {"X-Subject": said["sub"], "X-Scope": said.get("scope", "")})

    def answer(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing: nginx writes the line of the request."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Desk)
    print(server.server_port, flush=True)
    server.serve_forever()
