"""Prints how other systems store a password: a JSON object from the scheme to the hash. The argument is the password."""

import json
import sys

import argon2
import bcrypt
from passlib.hash import pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512
from passlib.hash import scrypt as passlib_scrypt
from werkzeug.security import generate_password_hash

password = sys.argv[1]
raw = password.encode()
blowfish = bcrypt.hashpw(raw, bcrypt.gensalt(5)).decode()

print(
    json.dumps(
        {
            "werkzeug": generate_password_hash(password),
            "werkzeug scrypt": generate_password_hash(password, "scrypt:1024:8:2"),
            "werkzeug pbkdf2": generate_password_hash(password, "pbkdf2"),
            "werkzeug pbkdf2 sha1": generate_password_hash(password, "pbkdf2:sha1:1000", salt_length=8),
            "werkzeug pbkdf2 sha512": generate_password_hash(password, "pbkdf2:sha512:1000"),
            "bcrypt 2a": bcrypt.hashpw(raw, bcrypt.gensalt(5, prefix=b"2a")).decode(),
            "bcrypt 2b": blowfish,
            "bcrypt 2y": blowfish.replace("$2b$", "$2y$"),
            "argon2id": argon2.PasswordHasher().hash(password),
            "argon2i": argon2.PasswordHasher(1, 1024, 1, type=argon2.Type.I).hash(password),
            "argon2d": argon2.PasswordHasher(2, 512, 2, 20, type=argon2.Type.D).hash(password),
            "passlib pbkdf2 sha1": pbkdf2_sha1.using(rounds=1000).hash(password),
            "passlib pbkdf2 sha256": pbkdf2_sha256.hash(password),
            "passlib pbkdf2 sha512": pbkdf2_sha512.using(rounds=1000).hash(password),
            "passlib scrypt": passlib_scrypt.using(rounds=10).hash(password),
        }
    )
)
