"""The calendar on other people's pages: an iframe, a custom element, oEmbed, and the page that makes the line to paste.

In: the `Site` of the request, a feed's slug or a selection, and how it is to look. Out: a document that partners may
frame, the same as JSON for the element, and the files that both need. No cookie, no storage, no third party; the frame
works without scripts.
"""

from typing import Any

__all__ = ["blueprint"]


def __getattr__(name: str) -> Any:
    """`blueprint`, imported when it is asked for: pages use modules of this package, and its routes use pages."""
    if name == "blueprint":
        from calfeed.web.embed.routes import blueprint

        return blueprint
    raise AttributeError(name)
