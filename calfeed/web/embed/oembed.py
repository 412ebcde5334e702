"""oEmbed 1.0 (oembed.com): the address of one of our pages -> what a site that links to it may show in its place."""

from __future__ import annotations

from urllib.parse import parse_qsl

from msgspec import Struct
from werkzeug.datastructures import MultiDict

from calfeed.errors import CalfeedError
from calfeed.feeds.selection import parse_selection
from calfeed.web.embed.snippet import frame
from calfeed.web.embed.target import Target, read_target, target_of, title_of
from calfeed.web.site import Site

WIDTH, HEIGHT = 700, 600
CACHE_SECONDS = 3600
_PAGES = ("", "/", "/subscribe")
_LOOKS = ("view", "year", "month", "page", "flavour")


class OEmbed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer, section 2.3.4."""

    version: str
    type: str
    title: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int


def describe(url: str, site: Site, *, width: int | None, height: int | None) -> OEmbed | None:
    """What stands for the page at `url`, at most `width` and `height` (pixels) large; None where it is none of ours."""
    target = _target(url, site)
    if target is None:
        return None
    title = title_of(target, site, target.lang or site.settings.site.language)
    wide, high = min(WIDTH, width or WIDTH), min(HEIGHT, height or HEIGHT)
    return OEmbed(
        version="1.0",
        type="rich",
        title=title,
        provider_name=site.settings.site.name,
        provider_url=site.url("/"),
        cache_age=CACHE_SECONDS,
        html=str(frame(target, site, title, width=str(wide), height=high)),
        width=wide,
        height=high,
    )


def _target(url: str, site: Site) -> Target | None:
    """The calendar behind one of our addresses: an embed, a page with a selection, a feed."""
    base = site.settings.site.url
    if not (url == base or url.startswith((f"{base}/", f"{base}?"))):
        return None
    path, _, query = url[len(base) :].partition("#")[0].partition("?")
    args = MultiDict(parse_qsl(query))
    try:
        if path.startswith("/embed/"):
            return read_target(path.removeprefix("/embed/"), args, site)
        if path.startswith("/feeds/"):
            return read_target(path.removeprefix("/feeds/").rpartition(".")[0], args, site)
        if path in _PAGES:
            asked = MultiDict((name, value) for name, value in args.items(multi=True) if name not in _LOOKS)
            selection = parse_selection(asked, site.settings, site.vocabulary)
            return target_of(selection, site, lang=args.get("lang") or None)
    except CalfeedError:
        return None
    return None
