"""calfeed.toml -> Settings: who publishes, from which sources, with which vocabularies.

In: the text of calfeed.toml, and `defaults.toml` for what it leaves out. Out: `Settings`, frozen and checked. All that
belongs to one programme stands there and nowhere in the code. Must not know: any other room but the zones.
"""

from calfeed.settings.forms import public_address
from calfeed.settings.programme import Dates, Facet, Guard, Place, Site, Source, Term
from calfeed.settings.reading import FILE_NAME, find_settings, load_settings, nearest, parse_settings, toml_fault
from calfeed.settings.service import STORES, Alerts, Assistant, Desk, Limits, Paths, Schedule, Target
from calfeed.settings.whole import Settings

__all__ = [
    "FILE_NAME",
    "STORES",
    "Alerts",
    "Assistant",
    "Dates",
    "Desk",
    "Facet",
    "Guard",
    "Limits",
    "Paths",
    "Place",
    "Schedule",
    "Settings",
    "Site",
    "Source",
    "Target",
    "Term",
    "find_settings",
    "load_settings",
    "nearest",
    "parse_settings",
    "public_address",
    "toml_fault",
]
