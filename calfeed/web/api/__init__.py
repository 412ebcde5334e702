"""The API, /api/v1/: the catalogue as JSON for programs of others, and the page /api/ that shows what there is.

In: the `Site` of the request and the query. Out: JSON of the types in `resources`, which openapi.json is made from too;
errors as application/problem+json. Reads only; needs no key; sets no cookie.
"""

from calfeed.web.api.routes import blueprint

__all__ = ["blueprint"]
