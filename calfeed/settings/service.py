"""The tables of calfeed.toml that say how calfeed runs: files, schedule, limits, desk, targets, alerts, assistant."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from calfeed.settings.forms import MAILBOX, FilePath, Slug, Table, public_address

STORES = ("s3", "az", "gs")


class Paths(Table, frozen=True, kw_only=True):
    """Files and folders, relative to the folder of calfeed.toml. `state` holds what a running service remembers."""

    catalogue: FilePath = "data/events.toml"
    feeds: FilePath = "feeds"
    state: FilePath = "var"


class Schedule(Table, frozen=True, kw_only=True):
    """How often sources are read again, in minutes, and by how much that is spread at random (seconds). A refresh that
    takes more than `longest` minutes is ended by the server."""

    every: Annotated[int, Meta(ge=1)] = 60
    jitter: Annotated[int, Meta(ge=0)] = 60
    longest: Annotated[int, Meta(ge=1)] = 15


class Alerts(Table, frozen=True, kw_only=True, omit_defaults=True):
    """Who is told when something has been wrong for `after` minutes, and when it is well again. A source that was not
    read well for `old` hours is wrong.

    `webhook` is an address that gets a signed POST (`secret`: a file with the key; `private`: its host may be of one's
    own network). Mail goes from `sender` to all of `to` through the SMTP `server`, as `user` with what the file
    `password` holds."""

    after: Annotated[int, Meta(ge=0)] = 60
    old: Annotated[int, Meta(ge=1)] = 72
    webhook: str | None = None
    secret: FilePath | None = None
    private: bool = False
    to: tuple[Annotated[str, Meta(pattern=MAILBOX, max_length=320)], ...] = ()
    sender: Annotated[str, Meta(pattern=MAILBOX, max_length=320)] = "calfeed@localhost"
    server: str = "localhost"
    port: Annotated[int, Meta(ge=1, le=65535)] = 25
    security: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    password: FilePath | None = None


class Limits(Table, frozen=True, kw_only=True):
    """How much one client may ask of pages, API and filtered feeds: `burst` requests at once, and `rate` a second in
    the long run (0: no limit). Published feeds have none. `proxies` is how many proxies of one's own pass requests on,
    each adding the address that it saw to X-Forwarded-For."""

    burst: Annotated[int, Meta(ge=1, le=1_000_000)] = 300
    rate: Annotated[float, Meta(ge=0, le=1_000_000)] = 10.0
    proxies: Annotated[int, Meta(ge=0, le=10)] = 0


class Desk(Table, frozen=True, kw_only=True):
    """The editors' pages. `url` is their public address behind a name (None: this machine alone, with a token).

    `publishes`: a refresh publishes what it read by itself; what editors have under way never goes along. `trying`
    opens the try page to everybody; `mistakes`: public pages of events take reports of mistakes. `proxy_header` names
    the header in which one of `proxies` (addresses) tells who signed in, as `proxy_role` where they have no account.
    `issuer`, `client_id` and `client_secret` (a file) are those of an OpenID Connect provider; `roles` maps values of
    its claim `role_claim` ("*": anybody that it lets in)."""

    url: str | None = None
    publishes: bool = True
    trying: bool = False
    mistakes: bool = True
    proxy_header: str | None = None
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    proxy_role: str = "reader"
    issuer: str | None = None
    client_id: str | None = None
    client_secret: FilePath | None = None
    role_claim: str = "groups"
    roles: dict[str, str] = field(default_factory=dict)


class Target(Table, frozen=True, kw_only=True):
    """A further place to publish to, beside feeds/: a folder (relative to calfeed.toml), or an object store by
    `s3://bucket/prefix`, `az://container/prefix` or `gs://bucket/prefix`. `endpoint` is the address of a store that is
    none of the three companies' own; `region` its region. Credentials stand in the environment, never here."""

    name: Slug
    url: FilePath
    endpoint: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        scheme, mark, _ = self.url.partition("://")
        if mark and scheme not in STORES:
            known = ", ".join(f"{scheme}://" for scheme in STORES)
            raise ValueError(f"the target {self.name!r} is a folder or begins with {known}, unlike {self.url!r}")

    @property
    def is_store(self) -> bool:
        """Whether this is an object store; else it is a folder."""
        return "://" in self.url


class Assistant(Table, frozen=True, kw_only=True):
    """A language model that may propose events, on any server with the chat completions interface; without this table
    there is none. `url` is its address up to `/chat/completions`; `key` names the environment variable that has its
    key; `private` lets its host be of one's own network or machine.

    `trusting` accepts what only it found, where calfeed reads its days in the document; `refresh` has it asked on the
    schedule, too. Limits: `seconds` a document, `tokens` and `money` a day; prices are those of a million tokens."""

    url: str
    model: str
    key: str | None = None
    private: bool = False
    trusting: bool = False
    refresh: bool = False
    seconds: Annotated[int, Meta(ge=1, le=3600)] = 120
    tokens: Annotated[int, Meta(ge=0)] = 500_000
    money: Annotated[float, Meta(ge=0)] | None = None
    currency: str = "USD"
    price_in: Annotated[float, Meta(ge=0)] = 0.0
    price_out: Annotated[float, Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        if public_address(self.url) is None:
            raise ValueError(f"assistant.url is an http or https address, not {self.url[:80]!r}")
