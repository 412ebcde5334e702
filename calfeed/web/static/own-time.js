// The reader's own time beside an event's local one, where their clocks differ. `words` is "Your time: {0}".
// <time datetime="2027-03-12T14:00:00+01:00" data-end="2027-03-12T14:30:00Z">14:00–15:30 (Zurich time)</time>

const OFFSET = /([+-])(\d\d):(\d\d)$/;

const two = (number) => String(number).padStart(2, "0");
const dayOf = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

// The reader's own form of the page's language (en-US), which says how hours are counted.
const regional = (lang) => navigator.languages.find((one) => one.split("-")[0] === lang.split("-")[0]) ?? lang;

export const ownTimes = (root, lang, words) => {
  for (const node of root.querySelectorAll("time[data-end]")) {
    const [, sign, hours, minutes] = OFFSET.exec(node.dateTime) ?? [];
    const [begin, end] = [new Date(node.dateTime), new Date(node.dataset.end)];
    if (!sign || Number.isNaN(begin.getTime()) || Number.isNaN(end.getTime())) continue;
    const ahead = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
    if (-begin.getTimezoneOffset() === ahead || node.nextElementSibling?.className === "own-time") continue;
    const same = [begin, end].every((at) => dayOf(at) === node.dateTime.slice(0, 10));
    const format = new Intl.DateTimeFormat(regional(lang), { ...(same ? {} : { dateStyle: "medium" }), timeStyle: "short" });
    const own = document.createElement("span");
    own.className = "own-time";
    own.dir = "auto";
    own.textContent = words.replace("{0}", format.formatRange(begin, end));
    node.after(" ", own);
  }
};
