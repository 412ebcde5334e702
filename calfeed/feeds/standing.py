"""Which VEVENTs and undated events stand in which feed, kept from one build to the next.

A change of a few events costs what those few cost: where each stood it is taken out, where it stands it is put in,
both found by halving. After many changes, or with other feeds, all is distributed anew.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from calfeed.feeds.feed import Feed, Membership, distribute
from calfeed.feeds.ics import Vevent
from calfeed.feeds.render import Rendered
from calfeed.model import Event
from calfeed.settings import Settings

# Beyond this part of all events, taking out and putting in costs more than distributing anew.
FEW = 0.01

_ORDER: Callable[[Any], Any] = attrgetter("order")
_UID: Callable[[Any], Any] = attrgetter("uid")


class Standing:
    """`dated` and `undated` are, by a feed's slug, what stands in it: VEVENTs in order, and events by their uid."""

    def __init__(self, feeds: Sequence[Feed], settings: Settings) -> None:
        self.feeds = tuple(feeds)
        self.dated: dict[str, list[Vevent]] = {feed.slug: [] for feed in feeds}
        self.undated: dict[str, list[Event]] = {feed.slug: [] for feed in feeds}
        self._settings = settings
        self._membership = Membership(settings, feeds)
        self._known: dict[str, Rendered] = {}

    def take(self, events: Iterable[Rendered]) -> set[str]:
        """Become what stands for these events; the slugs of the feeds in which anything is another."""
        known = self._known
        now = {stood.event.uid: stood for stood in events}
        came = [stood for uid, stood in now.items() if known.get(uid) is not stood]
        went = [known[stood.event.uid] for stood in came if stood.event.uid in known]
        if len(now) - len(came) + len(went) < len(known):
            went += [stood for uid, stood in known.items() if uid not in now]
        self._known = now
        if len(came) + len(went) > FEW * len(known):
            return self._anew()
        touched: set[str] = set()
        for stood in went:
            for slug in self._places(stood, touched):
                for vevent in stood.vevents:
                    del self.dated[slug][bisect_left(self.dated[slug], vevent.order, key=_ORDER)]
                if not stood.vevents:
                    del self.undated[slug][bisect_left(self.undated[slug], stood.event.uid, key=_UID)]
        for stood in came:
            for slug in self._places(stood, touched):
                for vevent in stood.vevents:
                    insort(self.dated[slug], vevent, key=_ORDER)
                if not stood.vevents:
                    insort(self.undated[slug], stood.event, key=_UID)
        return touched

    def _anew(self) -> set[str]:
        stood = self._known.values()
        dated = sorted((vevent for one in stood for vevent in one.vevents), key=_ORDER)
        undated = sorted((one.event for one in stood if not one.vevents), key=_UID)
        self.dated = distribute(dated, attrgetter("event"), self._membership)
        self.undated = distribute(undated, lambda event: event, self._membership)
        return {feed.slug for feed in self.feeds}

    def _places(self, stood: Rendered, touched: set[str]) -> list[str]:
        slugs = self._membership.of(stood.event)
        touched.update(slugs)
        return slugs
