// The month view: FullCalendar in the place of the table that the server sent, which stays where it cannot run.

const place = document.getElementById("fullcalendar");
const table = document.querySelector("[data-fallback]");
// What is looser than days or lasts longer would fill the grid; it stands in the list above.
const LONGEST = 14 * 24 * 3600 * 1000;
// The class of each coloured value, by facet.
const ACCENTS = JSON.parse(place.dataset.accents);

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
    events: exactOnes,
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

// An event of one colour in that colour, one of several or none in the site's neutral.
function accent({ facets }) {
  const found = new Set(Object.entries(ACCENTS).flatMap(([name, classes]) =>
    (facets[name] || []).filter((value) => classes[value]).map((value) => classes[value])));
  return found.size === 1 ? [...found][0] : place.dataset.neutral;
}

function drawn(event) {
  const url = new URL(event.url).pathname + place.dataset.query;
  const className = accent(event.extendedProps);
  return { ...event, url, className, color: "var(--c)", contrastColor: "var(--on-accent)" };
}

async function exactOnes({ startStr, endStr }) {
  const address = new URL(place.dataset.events, location.href);
  address.searchParams.set("start", startStr.slice(0, 10));
  address.searchParams.set("end", endStr.slice(0, 10));
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const events = await answer.json();
  return events
    .filter((event) => event.extendedProps.exact && Date.parse(event.end) - Date.parse(event.start) <= LONGEST)
    .map(drawn);
}

function back() {
  place.hidden = true;
  table.hidden = false;
}

begin().catch(back);
