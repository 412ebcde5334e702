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


class FloodLayer:
    """A WSGI application: `app`, for clients that leave some for others."""

    def __init__(self, app: WSGIApplication, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._limits = limits
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._limits.rate or environ.get("PATH_INFO", "").startswith(FREE):
            return self._app(environ, start_response)
        wait = self._take(client_of(environ, self._limits.proxies))
        if not wait:
            return self._app(environ, start_response)
        retry = (("Retry-After", str(math.ceil(wait))),)
        return refuse(environ, start_response, "429 Too Many Requests", "Too many requests; ask again later.", retry)

    def _take(self, client: str) -> float:
        """Seconds until the client may ask again; 0 where it may now."""
        now, limits = self._clock(), self._limits
        with self._lock:
            tokens, at = self._buckets.pop(client, (float(limits.burst), now))
            tokens = min(limits.burst, tokens + max(0.0, now - at) * limits.rate)
            allowed = tokens >= 1
            self._buckets[client] = (tokens - allowed, now)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / limits.rate


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
