"""Prints tokens as Flask-JWT-Extended makes them, by the secret that is named: `{name: token}`."""

import json
import sys
from datetime import timedelta

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token

app = Flask("old")
app.config["JWT_SECRET_KEY"] = sys.argv[1]
JWTManager(app)

with app.app_context():
    print(json.dumps({
        "of a number": create_access_token(identity=7),
        "of a text": create_access_token(identity="7"),
        "fresh": create_access_token(identity="7", fresh=True),
        "fresh for a while": create_access_token(identity="7", fresh=timedelta(minutes=5)),
        "fresh no more": create_access_token(identity="7", fresh=timedelta(minutes=-5)),
        "with more claims": create_access_token(identity="7", additional_claims={"roles": ["cook"]}),
        "refresh": create_refresh_token(identity="7"),
        "of a day": create_access_token(identity="7", expires_delta=timedelta(days=1)),
        "without an end": create_access_token(identity="7", expires_delta=False),
    }))
