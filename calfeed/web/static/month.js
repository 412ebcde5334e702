// The month view: FullCalendar in the place of the table that the server sent, which stays where it cannot run.

const place = document.getElementById("fullcalendar");
const table = document.querySelector("[data-fallback]");
// What lasts longer would be a bar across every page; it stands in the list below.
const LONGEST = 31 * 24 * 3600 * 1000;

const LOCALES = { ar: "ar", es: "es", fr: "fr", ru: "ru", zh: "zh-cn" };

function script(path) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(`vendor/fullcalendar/${path}`, import.meta.url);
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

async function begin() {
  const lang = place.dataset.lang.split("-")[0];
  await script("all/global.js");
  await script("themes/classic/global.js");
  if (LOCALES[lang]) await script(`locales/${LOCALES[lang]}/global.js`);
  const calendar = new FullCalendar.Calendar(place, {
    initialView: "dayGridMonth",
    initialDate: `${place.dataset.month}-01`,
    locale: LOCALES[lang] || (lang === "en" ? "en" : place.dataset.lang),
    direction: place.dataset.dir,
    firstDay: Number(place.dataset.first),
    height: "auto",
    headerToolbar: false,
    dayMaxEvents: 4,
    events: shortOnes,
    dayHeaderDidMount: spoken,
    dayCellDidMount: spoken,
  });
  calendar.render();
  table.hidden = true;
}

// A screen reader says what stands in a cell, as with any table, not a label in its place.
function spoken({ el }) {
  const cell = el.closest("[role]");
  cell.removeAttribute("aria-label");
  cell.querySelectorAll("[aria-hidden]").forEach((inner) => inner.removeAttribute("aria-hidden"));
}

// Exact days in the site's colour; what is only told by its month stays pale, as it does not take all of these days.
function drawn(event) {
  const colours = event.extendedProps.exact ? { color: "var(--accent)", contrastColor: "var(--on-accent)" } : {};
  const query = place.dataset.query;
  return { ...event, ...colours, url: new URL(event.url).pathname + query };
}

async function shortOnes({ startStr, endStr }) {
  const address = new URL(place.dataset.events, location.href);
  address.searchParams.set("start", startStr.slice(0, 10));
  address.searchParams.set("end", endStr.slice(0, 10));
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const events = await answer.json();
  return events
    .filter((event) => Date.parse(event.end) - Date.parse(event.start) <= LONGEST)
    .map(drawn);
}

function back() {
  place.hidden = true;
  table.hidden = false;
}

begin().catch(back);
