"""calfeed.toml -> Settings: who publishes, from which sources, with which vocabularies.

Everything that belongs to one programme stands there and nowhere in the code. What the file leaves out comes from
`defaults.toml` beside this module, table by table.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from babel.localedata import locale_identifiers
from msgspec import Meta, Struct, field

from calfeed.errors import SettingsError, Spot
from calfeed.zones import zone

FILE_NAME = "calfeed.toml"

Slug = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Word = Annotated[str, Meta(pattern="^[a-z0-9]+([ -][a-z0-9]+)*$", max_length=120)]
Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
# A BCP 47 tag: a language's two or three letters, and what follows.
Language = Annotated[str, Meta(pattern="^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)]
MAILBOX = r"^[^\s@,;<>]+@[^\s@,;<>]+$"
# What an editor is told instead of a pattern.
FORMS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "small letters, digits and hyphens, such as `e-waste`",
    "^[a-z0-9]+([ -][a-z0-9]+)*$": "small letters and digits, with spaces or hyphens between, such as `pilot project`",
    "^#[0-9a-fA-F]{6}$": "a colour such as `#1d5b8f`",
    r"^[^\x00-\x1f]+$": "a path such as `data/events.toml`",
    r"^[^\s;,]+$": "an address such as `https://*.example.org`, or `*`",
    "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$": "a language tag such as `en` or `pt-BR`",
    "^(north|south)$": "`north` or `south`",
    MAILBOX: "a mail address such as `calendar@example.org`",
    r"^\d\d-\d\d$": "a month and a day such as `07-01`",
    "^[A-Z]{2}$": "a country's two letters such as `CH` (ISO 3166-1)",
}
_PATTERN = re.compile(r"`str` matching regex '(.*)'")
STORES = ("s3", "az", "gs")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
FilePath = Annotated[str, Meta(pattern=r"^[^\x00-\x1f]+$", max_length=1000)]
Days = Annotated[int, Meta(ge=0)]
# A source of frame-ancestors (Content-Security-Policy): "*", "https://*.example.org". What could end it is refused.
Partner = Annotated[str, Meta(pattern=r"^[^\s;,]+$", max_length=200)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every settings table: an unknown key is an error, never ignored."""


class Site(_Table, frozen=True, kw_only=True):
    """Who publishes. `url` is the public https address (no trailing slash) that feeds and pages name; `host` stands
    behind the @ of every UID and must never change, even when the address does. `timezone` is that of times whose
    document names none (an IANA name); without one such times stay words. `activity_in_titles` puts the activity's
    heading before a title that says too little without it ("E-waste: webinars")."""

    name: str
    url: str = "http://127.0.0.1:8000"
    host: str = "calfeed.invalid"
    description: str = ""
    publisher: str = ""
    contact: str | None = None
    language: Language = "en"
    languages: tuple[Language, ...] = ("en",)
    frame_ancestors: tuple[Partner, ...] = ("*",)
    colour: Colour = "#1d5b8f"
    timezone: str | None = None
    activity_in_titles: bool = True

    def __post_init__(self) -> None:
        _check_zone(self.timezone)
        for tag in (self.language, *self.languages):
            _check_language(tag)


class Paths(_Table, frozen=True, kw_only=True):
    """Files and folders, relative to the folder of calfeed.toml. `state` holds what a running service remembers."""

    catalogue: FilePath = "data/events.toml"
    feeds: FilePath = "feeds"
    state: FilePath = "var"


class Source(_Table, frozen=True, kw_only=True):
    """A programme document: by `path` (relative to calfeed.toml) or `url`.

    `link` is the address that readers are sent to; `published` the day of this edition; `prefer` names rules whose
    reading is to be taken where an entry offers it ("each-year"); `timezone` is that of times without a zone of their
    own (an IANA name; None: the site's). `excerpt` says that the file is typed or condensed from the document at
    `link`: events then cite the document's heading, since the file's lines are not the document's. `private` lets
    the host of `url`, and no other, be of one's own network. `every` is how often it is read, in minutes (None: as
    the schedule says)."""

    id: Slug
    title: str
    path: FilePath | None = None
    url: str | None = None
    link: str | None = None
    published: date | None = None
    language: Language | None = None
    prefer: tuple[str, ...] = ()
    timezone: str | None = None
    excerpt: bool = False
    private: bool = False
    every: Annotated[int, Meta(ge=1)] | None = None

    def __post_init__(self) -> None:
        _check_zone(self.timezone)
        if (self.path is None) == (self.url is None):
            raise ValueError(f"source {self.id!r} needs either a path or a url")
        if self.language is not None:
            _check_language(self.language)

    @property
    def address(self) -> str | None:
        """The address that readers are told: `link`, else the document's own without what may be secret in it."""
        return self.link or (public_address(self.url) if self.url else None)

    @property
    def name(self) -> str:
        """What messages call the source: its path, or its address without secrets."""
        return self.path or public_address(self.url or "") or self.id


class Dates(_Table, frozen=True, kw_only=True):
    """How loose dates are read where the text leaves it open. `fiscal_year` and `academic_year` are the month and day
    on which such a year begins ("07-01"); None keeps them unresolved. `day_first` settles 05/12/2014 where neither the
    document nor its language does; None leaves it for review. `default_minutes` is how long an event lasts that has a
    time and no end."""

    hemisphere: Annotated[str, Meta(pattern="^(north|south)$")] = "north"
    fiscal_year: Annotated[str, Meta(pattern=r"^\d\d-\d\d$")] | None = None
    academic_year: Annotated[str, Meta(pattern=r"^\d\d-\d\d$")] | None = None
    day_first: bool | None = None
    default_minutes: Annotated[int, Meta(ge=1, le=1440)] = 60

    def __post_init__(self) -> None:
        for name, begins in (("fiscal_year", self.fiscal_year), ("academic_year", self.academic_year)):
            try:
                # A common year: 29 February begins none.
                date.fromisoformat(f"2001-{begins or '01-01'}")
            except ValueError as error:
                raise ValueError(f'{name} is a month and a day like "07-01", not {begins!r}') from error


class Term(_Table, frozen=True, kw_only=True):
    """One value of a facet: the id that is stored, the name on pages, and the words that speak for it in a document.

    Words match whole, without regard to case; a trailing * matches any ending. In addresses and file names a space in
    the id is a hyphen."""

    id: Word
    name: str
    words: tuple[str, ...] = ()
    colour: Colour | None = None
    names: dict[str, str] = field(default_factory=dict)


class Facet(_Table, frozen=True, kw_only=True):
    """A dimension that events are grouped by. `titles` and `plurals` are its title and plural in other languages.

    `evidence` lists where its words are looked for, strongest first; the first place that names any value decides:
    `heading` (the nearest heading that names one), `everywhere` (a heading of that list: all values), `title` (the head
    of the entry's title), `entry`, or the canonical name of a section ("audience"). `outline` makes the values from the
    headings themselves, one each. `feeds` publishes a feed for each value; `none` names the feed of the events that
    have no value, which then stand in the feeds of all values too."""

    name: str
    plural: str
    title: str
    plurals: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    everywhere: tuple[str, ...] = ()
    outline: bool = False
    feeds: bool = False
    none: Slug | None = None
    values: tuple[Term, ...] = ()


class Guard(_Table, frozen=True, kw_only=True):
    """What may disappear at once. More removals than `removals` events and than `share` of the future events, in a
    source or feed, are held until an editor agrees; so is a slow loss beyond `share` in `window` days. Tombstones stay
    for `tombstone` days."""

    removals: Days = 3
    share: Annotated[float, Meta(ge=0, le=1)] = 0.2
    window: Days = 7
    tombstone: Days = 30


class Schedule(_Table, frozen=True, kw_only=True):
    """How often sources are read again, in minutes, and by how much that is spread at random (seconds). A refresh that
    takes more than `longest` minutes is ended by the server."""

    every: Annotated[int, Meta(ge=1)] = 60
    jitter: Annotated[int, Meta(ge=0)] = 60
    longest: Annotated[int, Meta(ge=1)] = 15


class Alerts(_Table, frozen=True, kw_only=True, omit_defaults=True):
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


class Limits(_Table, frozen=True, kw_only=True):
    """How much one client may ask of pages, API and filtered feeds: `burst` requests at once, and `rate` a second in
    the long run (0: no limit). Published feeds have none. `proxies` is how many proxies of one's own pass requests on,
    each adding the address that it saw to X-Forwarded-For."""

    burst: Annotated[int, Meta(ge=1, le=1_000_000)] = 300
    rate: Annotated[float, Meta(ge=0, le=1_000_000)] = 10.0
    proxies: Annotated[int, Meta(ge=0, le=10)] = 0


class Desk(_Table, frozen=True, kw_only=True):
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


class Target(_Table, frozen=True, kw_only=True):
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


class Place(_Table, frozen=True, kw_only=True):
    """A place that documents name without its country."""

    name: str
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class Assistant(_Table, frozen=True, kw_only=True):
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


class Settings(_Table, frozen=True, kw_only=True):
    """All of calfeed.toml. `folder` is where the file stands: relative paths start there."""

    site: Site
    paths: Paths = Paths()
    sources: tuple[Source, ...] = ()
    dates: Dates = Dates()
    facets: tuple[Facet, ...] = ()
    sections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    guard: Guard = Guard()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()
    limits: Limits = Limits()
    desk: Desk = Desk()
    assistant: Assistant | None = None
    targets: tuple[Target, ...] = ()
    folder: str = "."

    def __post_init__(self) -> None:
        _unique("source id", [source.id for source in self.sources])
        _unique("target", [target.name for target in self.targets])
        _unique("facet", [facet.name for facet in self.facets])
        for facet in self.facets:
            _unique(f"value of the facet {facet.name}", [term.id for term in facet.values])
        canonical = {"heading", "everywhere", "title", "entry", *self.sections}
        for facet in self.facets:
            for place in facet.evidence:
                if self.sections and place not in canonical:
                    raise ValueError(
                        f"evidence of the facet {facet.name}: {place!r} is none of {', '.join(sorted(canonical))}"
                    )
        if not _HOST.fullmatch(self.site.host):
            raise ValueError(f"site.host is a name like calendar.example.org, not {self.site.host!r}")
        if not urlsplit(self.site.url).hostname or any(letter.isspace() for letter in self.site.url):
            raise ValueError(f"site.url is an http or https address without a trailing slash, not {self.site.url!r}")
        if urlsplit(self.site.url).scheme not in ("http", "https") or self.site.url.endswith("/"):
            raise ValueError(f"site.url is an http or https address without a trailing slash, not {self.site.url!r}")

    @property
    def catalogue_path(self) -> Path:
        return Path(self.folder, self.paths.catalogue)

    @property
    def suggested_path(self) -> Path:
        """Beside the catalogue: what was read and is not sure."""
        return self.catalogue_path.with_name("suggested.toml")

    @property
    def decisions_path(self) -> Path:
        """What editors decided about entries, beside the catalogue."""
        return self.catalogue_path.with_name("decisions.toml")

    @property
    def feeds_path(self) -> Path:
        return Path(self.folder, self.paths.feeds)

    @property
    def state_path(self) -> Path:
        return Path(self.folder, self.paths.state)

    @property
    def answers_path(self) -> Path:
        """What a language model answered, by content."""
        return self.state_path / "assistant"

    def source(self, source_id: str) -> Source | None:
        return next((source for source in self.sources if source.id == source_id), None)

    def facet(self, name: str) -> Facet | None:
        return next((facet for facet in self.facets if facet.name == name), None)


def public_address(url: str) -> str | None:
    """An http or https address without user name, query and fragment: a token may stand in any of them (fault 68).

    None for what is no such address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _check_language(tag: str) -> None:
    """Raise ValueError for a tag whose language CLDR does not know."""
    if tag.replace("_", "-").partition("-")[0].lower() not in _known_languages():
        raise ValueError(f'{tag!r} is no language; a BCP 47 tag such as "en" or "pt-BR" is expected')


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(name.partition("_")[0] for name in locale_identifiers())


def _check_zone(name: str | None) -> None:
    try:
        zone(name or "UTC")
    except ValueError as error:
        raise ValueError(f"timezone: {error}") from error


def _unique(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the {what} {name!r} stands twice")


def find_settings(start: Path) -> Path | None:
    """The calfeed.toml in `start` or in the nearest folder above it, None where there is none."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
    return None


def load_settings(path: Path | None) -> Settings:
    """Read a calfeed.toml; with None, the defaults alone, which are enough to read a document.

    Raises SettingsError that names the file with line and column, or with the field and what it expects."""
    if path is None:
        return parse_settings("", source="defaults", folder=Path.cwd())
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"the settings cannot be read: {reason}.", spot=Spot(path)) from error
    return parse_settings(text, source=path, folder=path.resolve().parent)


def parse_settings(text: str, *, source: str | Path, folder: Path) -> Settings:
    """The settings in TOML `text`; `source` is named in errors, `folder` is where relative paths start."""
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, spot = toml_fault(error, source)
        raise SettingsError(what, spot=spot, mend="Correct it and try again; nothing was changed.") from error
    tables = _with_defaults(own) | {"folder": str(folder)}
    try:
        return msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `")
        what = _PATTERN.sub(lambda found: FORMS.get(found[1], found[0]), what)
        place = place.rstrip("`").removeprefix("$").removeprefix(".")
        if unknown := re.search(r"contains unknown field `(.+?)`", what):
            place = f"{place}.{unknown[1]}".removeprefix(".")
            what = f"unknown field `{unknown[1]}`{nearest(unknown[1], _Table)}"
        spot = Spot(source, line=_line(text, place), field=place or None)
        raise SettingsError(f"{what}.", spot=spot, mend="Correct it and try again; nothing was changed.") from error


def nearest(name: str, base: type[Struct]) -> str:
    """ " (did you mean `title`?)" for the name of a field below `base` that is most like `name`, "" where none is."""
    known = {field.name for table in base.__subclasses__() for field in msgspec.structs.fields(table)}
    found = difflib.get_close_matches(name, sorted(known), n=1)
    return f" (did you mean `{found[0]}`?)" if found else ""


def _line(text: str, place: str) -> int | None:
    """The line (from 1) of the field at `place` ("facets[1].values[0].colour"), or of the nearest above it."""
    names = re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)
    at, end = None, len(text)
    for step, (number, name) in enumerate(names):
        if name:
            key = re.escape(name)
            header = rf"^[ \t]*\[+[ \t]*{key}[ \t]*\]+" if not step else r"(?!)"
            found = re.compile(rf"{header}|(?<![\w.-])[\"']?{key}[\"']?[ \t]*=", re.MULTILINE)
        else:
            # The next item of an inline array; the first stands behind its own opening brace.
            found = re.compile(rf"^\[\[[ \t]*{re.escape(names[step - 1][1])}" if step == 1 else r"\{", re.MULTILINE)
        start = 0 if at is None else at
        matches = list(found.finditer(text, start, end))
        which = int(number) if number else 0
        if which >= len(matches):
            break
        at = matches[which].start()
        whole = step == 0 and (len(names) == 1 or not names[1][0])
        below = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, matches[which].end())
        if below and (whole or (step == 1 and number)):
            end = below.start()
    return text.count("\n", 0, at) + 1 if at is not None else None


def toml_fault(error: tomllib.TOMLDecodeError, source: str | Path) -> tuple[str, Spot]:
    """What is wrong in a TOML text, and where: Python 3.11 says line and column only inside the message."""
    message = str(error)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if not found:
        return f"{message}.", Spot(source)
    return f"{message[: found.start()]}.", Spot(source, line=int(found[1]), column=int(found[2]))


def _with_defaults(own: dict[str, Any]) -> dict[str, Any]:
    defaults = tomllib.loads(resources.files("calfeed").joinpath("defaults.toml").read_text("utf-8"))
    merged = defaults | own
    for name in ("site", "sections"):
        # What is no table is left as it is, for the check of types to name.
        merged[name] = defaults[name] | own[name] if isinstance(own.get(name), dict) else own.get(name, defaults[name])
    facets = own.get("facets", [])
    if isinstance(facets, list):
        named = [facet.get("name") for facet in facets if isinstance(facet, dict)]
        merged["facets"] = [*facets, *(facet for facet in defaults["facets"] if facet["name"] not in named)]
    return merged
