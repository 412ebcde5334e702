"""Generation -> the places that readers read it from: feeds/ on this disk, and any number of targets beside it.

In: a generation, where to put it. Out: it is there, whole; or what is there stays, and an error says why. Must not
know: sources, documents, how feeds are made, the web application.
"""

from calfeed.publish.folder import is_published, load, publish, repair

__all__ = ["is_published", "load", "publish", "repair"]
