"""The settings' colours as CSS: classes, because the pages' policy allows no style of an element's own."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from calfeed.settings import Settings
from calfeed.web.colours import hue
from calfeed.web.pages.index import NO_ACCENT, accents_of


def theme(settings: Settings) -> str:
    """Custom properties for light and dark paper: the site's own accent, and `--c` of each coloured value."""
    return _theme(_colours(settings))


def theme_version(settings: Settings) -> str:
    """Changes when a colour does."""
    return sha256(theme(settings).encode()).hexdigest()[:8]


def _colours(settings: Settings) -> tuple[tuple[str, str], ...]:
    named = {(facet.name, term.id): term.colour for facet in settings.facets for term in facet.values if term.colour}
    rules = [(f".{name}", named[pair]) for pair, name in accents_of(settings).items()]
    return ((":root", settings.site.colour), *rules)


@lru_cache(maxsize=8)
def _theme(colours: tuple[tuple[str, str], ...]) -> str:
    light, dark = [], []
    for selector, colour in colours:
        pair = hue(colour)
        name = "--accent" if selector == ":root" else "--c"
        light.append(f"{selector}{{{name}:{pair.light}}}")
        dark.append(f"{selector}{{{name}:{pair.dark}}}")
    neutral = f".{NO_ACCENT}{{--c:var(--neutral)}}"
    return "".join([*light, neutral, "@media screen and (prefers-color-scheme:dark){", *dark, "}", "\n"])
