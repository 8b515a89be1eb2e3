# SPDX-License-Identifier: MIT OR Apache-2.0
"""A service that knows nothing of tokens: nginx tells it who asks.

    python3 service.py 5000

It must be reachable through nginx alone: whoever else reaches it can say to be anybody.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hello(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        who, scope = self.headers.get("X-Subject", "nobody"), self.headers.get("X-Scope", "")
        body = f"Hello {who}! You may {scope or 'nothing'}.\n".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self.wfile.write(head + body)

    def log_message(self, *_):
        """Nothing: nginx writes the line of the request."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hello)
    print(server.server_port, flush=True)
    server.serve_forever()
