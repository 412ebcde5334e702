// What JavaScript's date readers find in the corpus; the same forms in and out as peers.py.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const here = createRequire(process.argv[2] + "/");
const chrono = here("chrono-node");
const recognizers = here("@microsoft/recognizers-text-suite");

const REFERENCE = new Date(2013, 2, 1, 12);
const iso = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
const joined = (found) => found.length ? [found, [[found.map((f) => f[0]).sort()[0], found.map((f) => f[1]).sort().at(-1)]]] : [[]];

const unit = (part) => {
  const day = part.date();
  if (part.isCertain("day") || part.isCertain("weekday")) return [iso(day), iso(day)];
  if (part.isCertain("month")) return [iso(new Date(day.getFullYear(), day.getMonth(), 1)), iso(new Date(day.getFullYear(), day.getMonth() + 1, 0))];
  return [`${day.getFullYear()}-01-01`, `${day.getFullYear()}-12-31`];
};
const chronoOnce = (phrase, lang) => (chrono[lang] ?? chrono.casual).parse(phrase, REFERENCE);
const chronoWays = (phrase, lang) => joined(chronoOnce(phrase, lang).map((found) => [unit(found.start)[0], unit(found.end ?? found.start)[1]]));

const CULTURES = { en: "en-us", fr: "fr-fr", es: "es-es", de: "de-de", zh: "zh-cn" };
const recognizersOnce = (phrase, lang) => recognizers.recognizeDateTime(phrase, CULTURES[lang], recognizers.DateTimeOptions?.None ?? 0, REFERENCE);
const dayBefore = (text) => { const day = new Date(`${text}T12:00:00`); day.setDate(day.getDate() - 1); return iso(day); };
const spanOf = (value) => {
  if (value.value && /^\d{4}-\d\d-\d\d/.test(value.value)) return [value.value.slice(0, 10), value.value.slice(0, 10)];
  if (value.start || value.end) return [value.start?.slice(0, 10) ?? null, value.end ? dayBefore(value.end.slice(0, 10)) : null];
  return null;
};
const recognizersWays = (phrase, lang) => {
  const found = recognizersOnce(phrase, lang).map((one) => (one.resolution?.values ?? []).map(spanOf).filter(Boolean)).filter((spans) => spans.length);
  if (!found.length) return [[]];
  const ways = [];
  for (let which = 0; which < 2; which++) {
    const spans = found.map((one) => one[Math.min(which, one.length - 1)]);
    ways.push(spans);
    if (spans.every(([a, b]) => a && b)) ways.push([[spans.map((s) => s[0]).sort()[0], spans.map((s) => s[1]).sort().at(-1)]]);
  }
  return ways;
};

const PEERS = {
  "chrono-node": [["en", "fr", "es", "de", "ru", "zh"], chronoWays, chronoOnce],
  "recognizers-text": [["en", "fr", "es", "de", "zh"], recognizersWays, recognizersOnce],
};
const cases = JSON.parse(readFileSync(0, "utf8"));
const out = {};
for (const [name, [languages, ways, once]] of Object.entries(PEERS)) {
  const answers = {};
  const mine = cases.filter(([lang]) => languages.includes(lang));
  for (const [lang, phrase] of mine) {
    try { answers[`${lang}|${phrase}`] = ways(phrase, lang); } catch { answers[`${lang}|${phrase}`] = []; }
  }
  const english = mine.filter(([lang]) => lang === "en").map(([, phrase]) => phrase);
  const begin = process.cpuUsage();
  const spent = () => { const { user, system } = process.cpuUsage(begin); return (user + system) / 1e6; };
  let done = 0;
  while (spent() < 3) {
    for (const phrase of english) { try { once(phrase, "en"); } catch { continue; } }
    done += english.length;
  }
  out[name] = { answers, rate: done / spent(), languages };
}
process.stdout.write(JSON.stringify(out));
