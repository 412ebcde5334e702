"""HTTP: feeds from memory, and everything else with Flask.

In: settings, the published generation, the catalogue. Out: a WSGI application, `create_app(settings)`. What is known
before a request is computed before it (`hot`); Flask answers the rest: pages, API, embeds, filtered feeds. Nothing
here changes a file.
"""
