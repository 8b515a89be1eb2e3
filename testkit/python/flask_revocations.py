"""Ends tokens in every way there is, and tells how long Flask-JWT-Extended still let each in.

Argument: one JSON object with `auth` (the URL), `issuer`, `redis`, `prefix`, `program` (auth-service), `variables` (of
its command line) and `times`. Standard output: a JSON object a way, `{"way", "seconds"}`: when the last request was sent that was still
let in, after the end was acknowledged.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import uuid

import jwt as pyjwt
import redis
import requests
from flask import Flask, jsonify
from flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required
from werkzeug.exceptions import ServiceUnavailable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "clients/python"))
from jipbap_revocations import Revocations  # noqa: E402

given = json.loads(sys.argv[1])
auth = requests.Session()


def service(revocations):
    """A service that follows the README of clients/python."""
    app = Flask(__name__)
    app.config.update(
        JWT_ALGORITHM="ES256",
        JWT_DECODE_ISSUER=given["issuer"],
        JWT_DECODE_AUDIENCE="recipes",
        JWT_DECODE_LEEWAY=30,
    )
    manager = JWTManager(app)
    # Keys are revoked faster here than by anybody who means it.
    keys = pyjwt.PyJWKClient(f"{given['auth']}/.well-known/jwks.json", lifespan=60, cooldown_duration=0)

    @manager.decode_key_loader
    def key(header, claims):
        try:
            return keys.get_signing_key(header.get("kid")).key
        except pyjwt.PyJWKClientConnectionError as error:
            raise ServiceUnavailable(retry_after=1) from error
        except pyjwt.PyJWKClientError as error:
            raise pyjwt.InvalidTokenError("an unknown key") from error

    revocations.register(manager)

    @app.get("/hello")
    @jwt_required()
    def hello():
        return jsonify(sub=get_jwt_identity())

    return app.test_client()


def at(url, prefix=given["prefix"]):
    return service(Revocations(redis.Redis.from_url(url, socket_timeout=0.25), prefix))


hello = at(given["redis"])


def ask(token, client=hello):
    return client.get("/hello", headers={"Authorization": f"Bearer {token}"})


def post(path, token=None, **body):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = auth.post(f"{given['auth']}{path}", json=body or None, headers=headers)
    assert answer.ok, f"{path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def person():
    unique = uuid.uuid4().hex
    return {"email": f"{unique}@example.com", "password": f"bori cha {unique}"}


def command(*words, says=""):
    environment = given["variables"] | {"PATH": os.environ["PATH"], "RUST_LOG": "off"}
    ran = subprocess.run([given["program"], *words], env=environment, input=says, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def let_in_after(token):
    """For how long it was still let in, in seconds."""
    ended, last = time.monotonic(), 0.0
    while True:
        sent = time.monotonic()
        answer = ask(token)
        if answer.status_code == 401:
            assert "revoked" in answer.get_data(as_text=True), answer.get_data(as_text=True)
            return last
        assert answer.status_code == 200, answer.get_data(as_text=True)
        last = sent - ended
        assert last < 10, "it is let in for ever"


def local(session, other, who):
    post("/v1/logout", session["access_token"])


def local_by_refresh_token(session, other, who):
    post("/v1/logout", session["refresh_token"])


def others(session, other, who):
    post("/v1/logout?scope=others", other["access_token"])


def everywhere(session, other, who):
    post("/v1/logout?scope=all", other["access_token"])


def deletion(session, other, who):
    path = f"{given['auth']}/v1/sessions/{session['session_id']}"
    answer = auth.delete(path, headers={"Authorization": f"Bearer {other['access_token']}"})
    assert answer.ok, answer.text


def reuse(session, other, who):
    token = post("/v1/refresh", refresh_token=session["refresh_token"])["refresh_token"]
    post("/v1/refresh", refresh_token=token)
    answer = auth.post(f"{given['auth']}/v1/refresh", json={"refresh_token": session["refresh_token"]})
    assert answer.json()["code"] == "refresh_token_reused", answer.text


def password(session, other, who):
    command("users", "set-password", who["email"], says=f"bori cha {uuid.uuid4().hex}\n")


def disabled(session, other, who):
    command("users", "disable", who["email"])


def kid_of(session):
    return pyjwt.get_unverified_header(session["access_token"])["kid"]


revoked_keys = set()


def revoked_key(session, other, who):
    revoked_keys.add(kid_of(session))
    command("keys", "revoke", "--", kid_of(session))


def opened(path, who):
    """A session whose token the present key signed: a copy may sign once more with one that was just revoked."""
    session = post(path, **who)
    return session if kid_of(session) not in revoked_keys else opened("/v1/login", who)


def end(way):
    who, bystander = person(), opened("/v1/signup", person())
    session, other = opened("/v1/signup", who), opened("/v1/login", who)
    for token in (session["access_token"], other["access_token"], bystander["access_token"]):
        answer = ask(token)
        assert answer.status_code == 200, answer.get_data(as_text=True)
    way(session, other, who)
    seconds = let_in_after(session["access_token"])
    if way is not revoked_key:
        assert ask(bystander["access_token"]).status_code == 200
    print(json.dumps({"way": way.__name__, "seconds": seconds}), flush=True)


def assert_unavailable(client, token):
    answer = ask(token, client)
    assert answer.status_code == 503, answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) > 0


def end_of_a_service():
    """A service's token names no session; another secret ends it."""
    client = json.loads(command("clients", "create", "a service", "--audience", "recipes", "--json"))
    secret = (client["client_id"], client["client_secret"])
    answer = auth.post(f"{given['auth']}/oauth2/token", data={"grant_type": "client_credentials"}, auth=secret)
    token = answer.json()["access_token"]
    assert ask(token).get_json()["sub"] == f"client:{client['client_id']}"
    command("clients", "new-secret", client["client_id"])
    print(json.dumps({"way": "new_secret", "seconds": let_in_after(token)}), flush=True)


WAYS = [local, local_by_refresh_token, others, everywhere, deletion, reuse, password, disabled, revoked_key]

token = post("/v1/signup", **person())["access_token"]
assert ask(token).get_json()["sub"]
assert ask(token[:-8] + "AAAAAAAA").status_code == 422
assert ask(pyjwt.encode({"sub": "x"}, "x" * 64, headers={"kid": "unknown"})).status_code == 422
# Nobody looks after these: a Redis that says nothing of its keys, and one that is away.
assert_unavailable(at(given["redis"], prefix=f"{given['prefix']}-nobody"), token)
assert_unavailable(at("redis://127.0.0.1:1"), token)
for way in WAYS:
    for _ in range(given["times"]):
        end(way)
for _ in range(given["times"]):
    end_of_a_service()
