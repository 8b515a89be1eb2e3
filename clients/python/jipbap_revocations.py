# SPDX-License-Identifier: MIT OR Apache-2.0
"""Which access tokens of Jipbap were ended before their time, as Redis says it.

For services in Python that verify tokens with Flask-JWT-Extended (or with PyJWT alone) and are to refuse one within
milliseconds of its log-out:

    revocations = Revocations(redis.Redis.from_url("redis://localhost:6379"))
    revocations.register(JWTManager(app))

The keys and what they mean are described in docs/feed.md ("Redis, for who checks there").
"""

from redis.exceptions import RedisError
from werkzeug.exceptions import ServiceUnavailable

__all__ = ["Revocations", "RevocationsUnavailable"]


class RevocationsUnavailable(ServiceUnavailable):
    """It cannot be told whether a token was ended. Flask answers 503 with Retry-After.

    Not 401, since the token may be a good one; and nobody is let in, since it may be a bad one.
    """

    description = "It cannot be told whether this token was ended. Try again soon."

    def __init__(self, description=None):
        super().__init__(description, retry_after=1)


class Revocations:
    """Asks Redis about one token after another: one MGET each.

    `redis` is a client of redis-py; give it short timeouts (`socket_timeout=0.25`), so that a Redis that hangs does not
    hang its callers. `prefix` is AUTH_REDIS_PREFIX of auth-service.
    """

    def __init__(self, redis, prefix="jipbap"):
        self._redis = redis
        self._prefix = prefix

    def register(self, jwt):
        """Has a JWTManager of Flask-JWT-Extended ask about every token."""
        jwt.token_in_blocklist_loader(self.is_revoked)

    def is_revoked(self, header, claims):
        """True when a token, whose signature and claims were verified, was ended before its time.

        Raises RevocationsUnavailable where that cannot be told.
        """
        named = [("jti", claims.get("jti")), ("sid", claims.get("sid")), ("kid", header.get("kid"))]
        sub, version = claims.get("sub"), claims.get("uv")
        if not _is_complete(named, sub, version):
            return True  # Not one of this issuer's: they name all of it.
        ends = [f"blocklist:{kind}:{name}" for kind, name in named if name is not None]
        meta, least, *ended = self._get("meta", f"minuv:{sub}", *ends)
        # Redis was emptied, drops keys, or was not looked after lately: what it does not say may be so all the same.
        if not meta:
            raise RevocationsUnavailable
        return any(end is not None for end in ended) or (least is not None and version < int(least))

    def _get(self, *keys):
        try:
            return self._redis.mget([f"{self._prefix}:{key}" for key in keys])
        except RedisError as error:
            raise RevocationsUnavailable from error


def _is_complete(named, sub, version):
    # Only a service's token has no session.
    optional = {"sid"} if isinstance(sub, str) and sub.startswith("client:") else set()
    has_names = all(isinstance(name, str) or (name is None and kind in optional) for kind, name in named)
    return has_names and isinstance(sub, str) and isinstance(version, int) and not isinstance(version, bool)
