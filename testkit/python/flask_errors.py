"""Prints how a service behind Flask-JWT-Extended answers to what is wrong with a token: `{what: [status, body]}`."""

import json
from datetime import timedelta

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, jwt_required

app = Flask("old")
app.config["JWT_SECRET_KEY"] = "of the other issuer, who kept it well"
manager = JWTManager(app)
revoked = "a log-out"


@manager.token_in_blocklist_loader
def is_revoked(header, claims):
    return claims.get("revoked", False)


@app.get("/")
@jwt_required()
def hello():
    return "Hello!"


@app.get("/fresh")
@jwt_required(fresh=True)
def fresh():
    return "Hello again!"


def ask(token=None, path="/"):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = app.test_client().get(path, headers=headers)
    return [answer.status_code, answer.get_json()]


# What it asks of cookies only a service with cookies does.
pages = Flask("old pages")
pages.config.update(JWT_SECRET_KEY=app.config["JWT_SECRET_KEY"], JWT_TOKEN_LOCATION="cookies")
JWTManager(pages)


@pages.post("/")
@jwt_required()
def write():
    return "Written!"


with pages.app_context():
    client = pages.test_client()
    client.set_cookie("access_token_cookie", create_access_token("7"))
    answer = client.post("/", headers={"X-CSRF-TOKEN": "another"})
    csrf = [answer.status_code, answer.get_json()]

with app.app_context():
    good = create_access_token("7")
    assert ask(good)[0] == 200
    print(json.dumps({
        "missing": ask(),
        "forged": ask(good[:-6] + "AAAAAA"),
        "expired": ask(create_access_token("7", expires_delta=timedelta(seconds=-60))),
        "revoked": ask(create_access_token("7", additional_claims={"revoked": True})),
        "not fresh": ask(good, "/fresh"),
        "csrf": csrf,
    }))
