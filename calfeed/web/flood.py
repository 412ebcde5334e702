"""Too many requests from one client: 429 with Retry-After for pages, API and filtered feeds (RFC 6585, section 4).

A bucket of tokens a client: each request takes one, and they come back at a steady rate. Published feeds are answered
before a request comes here: no subscriber is ever refused (rule 35). What monitors and pages need all the time is free.
Nothing is kept but a number and an instant a client, of the clients that asked last.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from calfeed.settings import Limits
from calfeed.web.hot import refuse

# Files that never change under their address, and what a monitor asks.
FREE = ("/static/", "/api/static/", "/embed.js", "/theme.css", "/healthz", "/readyz", "/metrics", "/robots.txt")
MOST_CLIENTS = 10_000
# All addresses of one household or server begin alike (RFC 6177).
IPV6_PREFIX = 64


class Brake:
    """Slows what comes too often: so many tries of a key (a client, a name) at once, and one more every `seconds`.

    Nothing is kept but a number and an instant a key, of the keys that were tried last."""

    def __init__(
        self, tries: float, seconds: float, *, most: int = MOST_CLIENTS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tries, self._seconds, self._most, self._clock = float(tries), seconds, most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, *keys: str) -> float:
        """Seconds until another try of all these keys is taken; 0 where it is now, and then it is counted."""
        now = self._clock()
        with self._lock:
            left = {key: self._tries_left(key, now) for key in keys}
            longest = max((1 - tries) * self._seconds for tries in left.values())
            for key, tries in left.items():
                self._left.pop(key, None)
                self._left[key] = (tries - (longest <= 0), now)
            while len(self._left) > self._most:
                self._left.popitem(last=False)
        return max(0.0, longest)

    def forgive(self, *keys: str) -> None:
        """These keys start anew."""
        with self._lock:
            for key in keys:
                self._left.pop(key, None)

    def _tries_left(self, key: str, now: float) -> float:
        tries, at = self._left.get(key, (self._tries, now))
        return min(self._tries, tries + max(0.0, now - at) / self._seconds)


class FloodLayer:
    """A WSGI application: `app`, for clients that leave some for others."""

    def __init__(self, app: WSGIApplication, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._limits = limits
        self._brake = Brake(limits.burst, 1 / limits.rate, clock=clock) if limits.rate else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._brake is None or environ.get("PATH_INFO", "").startswith(FREE):
            return self._app(environ, start_response)
        wait = self._brake.wait(client_of(environ, self._limits.proxies))
        if not wait:
            return self._app(environ, start_response)
        retry = (("Retry-After", str(math.ceil(wait))),)
        return refuse(environ, start_response, "429 Too Many Requests", "Too many requests; ask again later.", retry)


def client_of(environ: WSGIEnvironment, proxies: int) -> str:
    """Whose request it is: the peer's address or, behind so many proxies of one's own, the one that the first of them
    saw. What a client wrote into X-Forwarded-For itself stands farther left, and is never looked at."""
    peer: str = environ.get("REMOTE_ADDR", "")
    chain = [*environ.get("HTTP_X_FORWARDED_FOR", "").split(","), peer]
    named = chain[-1 - min(proxies, len(chain) - 1)].strip()
    try:
        address = ipaddress.ip_address(named)
    except ValueError:
        return peer
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)
