"""calfeed turns programme documents with loose dates into calendar feeds.

One direction runs through the package, and a test keeps it: fetch, documents, extract, dates, normalise, reconcile,
store, feeds, publish, refresh, web, cli. Every module may import `model`, `errors` and `settings`; none imports one to
its right. See docs/architecture.md.
"""

__version__ = "0.1.0"
