"""Reads an .ics from standard input with libical; prints [uid, start, end, summary, status] of each event.

Runs in the system's Python, which has libical's bindings; ends with 3 where it has none."""

import json
import sys

try:
    import gi

    gi.require_version("ICalGLib", "3.0")
    from gi.repository import ICalGLib
except (ImportError, ValueError):
    sys.exit(3)


def told(time: "ICalGLib.Time") -> str:
    day = f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    if time.is_date():
        return day
    zone = "Z" if time.is_utc() else "?"
    return f"{day}T{time.get_hour():02}:{time.get_minute():02}:{time.get_second():02}{zone}"


calendar = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
rows = []
event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
while event is not None:
    name = event.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY).get_value_as_string()
    rows.append([event.get_uid(), told(event.get_dtstart()), told(event.get_dtend()), event.get_summary(), name])
    event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
json.dump(rows, sys.stdout)
