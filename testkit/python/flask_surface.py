"""Prints, a line each, what Flask-JWT-Extended has that a service could be using: options, functions and their arguments, loaders."""

import inspect

import flask_jwt_extended
from flask import Flask
from flask_jwt_extended import JWTManager

app = Flask("old")
before = set(app.config)
JWTManager(app)
print(*sorted(set(app.config) - before), sep="\n")

for name in sorted(vars(flask_jwt_extended)):
    value = getattr(flask_jwt_extended, name)
    if name.startswith("_") or inspect.ismodule(value) or name == "JWTManager":
        continue
    print(name)
    if name in ("jwt_required", "create_access_token", "create_refresh_token"):
        for argument in inspect.signature(value).parameters:
            print(f"{name}({argument})")

print(*sorted(name for name in vars(JWTManager) if name.endswith("_loader")), sep="\n")
