"""The one line that a webmaster pastes, as a frame or as a custom element."""

from __future__ import annotations

from markupsafe import Markup

from calfeed.feeds.text import clean_line
from calfeed.web.embed.assets import ELEMENT, assets
from calfeed.web.embed.target import Target
from calfeed.web.site import Site

HEIGHT = 600


def frame(target: Target, site: Site, title: str, *, width: str = "100%", height: int | None = None) -> Markup:
    """An iframe; it needs nothing of its page but to be let in by frame-src. `width` and `height` are in pixels."""
    return Markup('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" frameborder="0"></iframe>').format(
        site.url(target.path()), clean_line(title), width, height or target.options.height or HEIGHT
    )


def script(target: Target, site: Site, title: str) -> Markup:
    """The custom element and its script; where scripts are off, a link."""
    attributes = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in _attributes(target).items())
    element = Markup('<calfeed-calendar src="{}"{}><a href="{}">{}</a></calfeed-calendar>').format(
        site.url(_bare(target).path()), attributes, site.url(target.page()), clean_line(title)
    )
    return _pinned(site) + element


def framed_script(target: Target, site: Site, title: str) -> Markup:
    """The iframe with the script that lets its height follow its content."""
    return frame(target, site, title) + _pinned(site)


def _pinned(site: Site) -> Markup:
    """The script under the address of its version, which its digest vouches for."""
    file = assets()[ELEMENT]
    tag = Markup('<script type="module" src="{}" integrity="{}" crossorigin="anonymous"></script>')
    return tag.format(site.url(file.path), file.integrity)


def _attributes(target: Target) -> dict[str, str]:
    return target.options.query() | ({"lang": target.lang} if target.lang else {})


def _bare(target: Target) -> Target:
    """The target without what the element has as attributes."""
    return Target(target.slug, target.selection, type(target.options)())
