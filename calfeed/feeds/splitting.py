"""What one file holds of a feed that is too large for Google (rules 39 and 54)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from calfeed.feeds.ics import Vevent

# Rule 39. Google takes 1 MB or about 1,111 events of a feed, and drops the rest without a word.
MAX_EVENTS = 1000
MAX_BYTES = 900_000
# What a calendar's own properties take at most.
HEAD_BYTES = 4000

Size = Callable[[Vevent], int]


def parts(vevents: Sequence[Vevent], size: Size, month: date) -> dict[str, tuple[Vevent, ...]]:
    """How a feed is split: the suffix of each file -> its VEVENTs, which are given in order.

    What fits stands whole under "". Else "" holds what is coming first (`window`), and every VEVENT stands once under
    its year ("-2014"), or where a year does not fit its month ("-2014-03"), or a piece of that ("-2014-03-2")."""
    if fits(vevents, size):
        return {"": tuple(vevents)}
    made = {"": window(vevents, size, month)}
    for (year,), of_year in _grouped(vevents, lambda day: (day.year,)):
        if fits(of_year, size):
            made[f"-{year:04}"] = of_year
            continue
        for (_, number), of_month in _grouped(of_year, lambda day: (day.year, day.month)):
            pieces = list(_pieces(of_month, size))
            for piece_number, piece in enumerate(pieces, 1):
                suffix = f"-{year:04}-{number:02}"
                made[suffix if len(pieces) == 1 else f"{suffix}-{piece_number}"] = piece
    return made


def window(vevents: Sequence[Vevent], size: Size, month: date) -> tuple[Vevent, ...]:
    """What one file holds of VEVENTs that do not all fit: what goes on in `month` (its first day) or comes later, the
    nearest first, and with the room that is left what was over before it, the latest first.

    Whole months: so the clock alone changes a file once a month at most. Only of a month that has more than a file
    holds, its first VEVENTs stand there."""
    coming = [vevent for vevent in vevents if vevent.last >= month]
    over = [vevent for vevent in vevents if vevent.last < month]
    taken, room = _filled(_months(coming, since=month), size)
    if len(taken) == len(coming):
        # By its last month: what was long and is over belongs to when it ended.
        ended = sorted(over, key=lambda vevent: vevent.last, reverse=True)
        more, _ = _filled((list(run) for _, run in groupby(ended, lambda v: (v.last.year, v.last.month))), size, room)
        taken += more
    return tuple(sorted(taken, key=lambda vevent: vevent.order))


def held(vevents: Iterable[Vevent], month: date) -> tuple[date, date]:
    """The first and the last day that a window reaches."""
    kept = list(vevents)
    first = min((vevent.last for vevent in kept), default=month)
    return min(first, month).replace(day=1), max((max(vevent.first, month) for vevent in kept), default=month)


def fits(vevents: Sequence[Vevent], size: Size) -> bool:
    if len(vevents) > MAX_EVENTS:
        return False
    return sum(map(size, vevents)) <= MAX_BYTES - HEAD_BYTES


def _months(vevents: Sequence[Vevent], *, since: date) -> Iterator[list[Vevent]]:
    """Runs of one month each; what began before `since` belongs to its month."""
    for _, run in groupby(vevents, lambda vevent: (max(vevent.first, since).year, max(vevent.first, since).month)):
        yield list(run)


def _filled(
    months: Iterable[list[Vevent]], size: Size, room: tuple[int, int] = (MAX_EVENTS, MAX_BYTES - HEAD_BYTES)
) -> tuple[list[Vevent], tuple[int, int]]:
    """The months that fit into `room` (VEVENTs and octets), one after the other, and the room that is left."""
    taken: list[Vevent] = []
    events, octets = room
    for month in months:
        needed = sum(map(size, month))
        if len(month) > events or needed > octets:
            if not taken and room[0] == MAX_EVENTS:
                return list(next(_pieces(month, size), ())), (0, 0)
            return taken, (0, 0)
        taken += month
        events, octets = events - len(month), octets - needed
    return taken, (events, octets)


def _grouped(
    vevents: Sequence[Vevent], key: Callable[[date], tuple[int, ...]]
) -> Iterator[tuple[tuple[int, ...], tuple[Vevent, ...]]]:
    """Runs of VEVENTs whose first day has the same key; the ends of the runs are searched, not walked to."""
    start = 0
    while start < len(vevents):
        wanted = key(vevents[start].first)
        end = bisect_right(vevents, wanted, lo=start, key=lambda vevent: key(vevent.first))
        yield wanted, tuple(vevents[start:end])
        start = end


def _pieces(vevents: Sequence[Vevent], size: Size) -> Iterator[tuple[Vevent, ...]]:
    if vevents and fits(vevents, size):
        yield tuple(vevents)
        return
    piece: list[Vevent] = []
    room = MAX_BYTES - HEAD_BYTES
    for vevent in vevents:
        octets = size(vevent)
        if piece and (len(piece) == MAX_EVENTS or octets > room):
            yield tuple(piece)
            piece, room = [], MAX_BYTES - HEAD_BYTES
        piece.append(vevent)
        room -= octets
    if piece:
        yield tuple(piece)
