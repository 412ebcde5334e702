"""The public site: calendar, event, subscribe, status. Server-rendered; scripts only make it quicker.

In: the `Site` of the request (settings, catalogue, feeds) and the query. Out: HTML in the reader's language. The
modules beside `routes` are functions from values to what a template shows; they know no request. What belongs to a
generation and not to a request is computed once for it (`Index`). Templates hold no logic.
"""

from calfeed.web.pages.routes import blueprint

__all__ = ["blueprint"]
