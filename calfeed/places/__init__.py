"""Names of places, and where a text names one.

In: a text, where its date stands, its language. Out: a `Spot`, the place's words and its country, None where the text
names none. Countries come from CLDR, cities from CLDR's time zones, places.toml and the settings. Must not know: what
an entry, an event or a document is.
"""

from calfeed.places.gazetteer import Gazetteer, gazetteer
from calfeed.places.spots import Spot, place_in, place_of_cell

__all__ = ["Gazetteer", "Spot", "gazetteer", "place_in", "place_of_cell"]
