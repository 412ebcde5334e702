// Reads an .ics from standard input with ical.js; prints [uid, start, end (exclusive), summary, status] of each event.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const rows = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const status = component.getFirstPropertyValue("status");
  return [event.uid, String(event.startDate), String(event.endDate), event.summary, status];
});
process.stdout.write(JSON.stringify(rows));
