"""A server that takes mails, and says what it was given: one JSON object a line.

Usage: smtp_server.py PORT none|starttls|tls FOLDER [USER PASSWORD]
Writes {FOLDER}/authority.pem where it encrypts. A line on standard input is what it answers to recipients from then on."""

import asyncio
import base64
import datetime
import ipaddress
import json
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ACCEPTED = "250 OK"


def say(what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self):
        self.answer = ACCEPTED

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer != ACCEPTED:
            say({"refused": address})
            return f"{self.answer} no mail for <{address}>"
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server, session, envelope):
        encrypted = session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
        login = session.auth_data.login.decode() if session.authenticated else None
        raw = base64.b64encode(envelope.original_content).decode()
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos, "raw": raw, "encrypted": encrypted, "login": login})
        return ACCEPTED


def certificate(name, public_key, issuer, issuer_key, is_authority):
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    if not is_authority:
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def context(folder):
    """Certificates of an authority that nobody knows, made anew each time."""
    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = certificate(named("Test authority"), authority_key.public_key(), named("Test authority"), authority_key, True)
    own = certificate(named("localhost"), key.public_key(), named("Test authority"), authority_key, False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(own.public_bytes(pem) + private)
    (folder / "authority.pem").write_bytes(authority.public_bytes(pem))
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / "server.pem")
    return made


async def listen(handler, lines):
    while line := await lines.readline():
        handler.answer = line.decode().strip()
        say({"answers": handler.answer})


async def main(port, security, folder, user=None, password=None):
    handler = Handler()
    tls = context(Path(folder)) if security != "none" else None

    def authenticate(server, session, envelope, mechanism, data):
        is_right = (data.login.decode(), data.password.decode()) == (user, password)
        return AuthResult(success=is_right, handled=False, auth_data=data)

    def protocol():
        options = {"hostname": "localhost", "authenticator": authenticate, "auth_required": user is not None}
        if security == "starttls":
            options |= {"require_starttls": True, "tls_context": tls}
        return SMTP(handler, auth_require_tls=security == "starttls", **options)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", int(port), ssl=tls if security == "tls" else None)
    say({"port": server.sockets[0].getsockname()[1]})
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    # Ends with whoever started it.
    await listen(handler, lines)


asyncio.run(main(*sys.argv[1:]))
