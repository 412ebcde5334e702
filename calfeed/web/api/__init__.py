"""The API, /api/v1/: the catalogue as JSON for programs of others, and the page /api/ that shows what there is.

In: the `Site` of the request and the query. Out: JSON of the types in `resources`, which openapi.json is made from too;
errors as application/problem+json. Reads only; needs no key; sets no cookie.
"""

from typing import Any

__all__ = ["blueprint"]


def __getattr__(name: str) -> Any:
    """`blueprint`, imported when it is asked for: pages use modules of this package, and its routes use pages."""
    if name == "blueprint":
        from calfeed.web.api.routes import blueprint

        return blueprint
    raise AttributeError(name)
