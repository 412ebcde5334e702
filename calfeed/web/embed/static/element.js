// <calfeed-calendar src="https://.../embed/basel" view="list" lang="en"><a href="...">Calendar</a></calfeed-calendar>
// Draws the board that src + ".json" holds in a shadow tree; until it is there, and where it fails, the link shows.
// Foreign text goes through textContent only. Nothing is stored, no cookie is sent.

const STYLE = "embed.css";
const SVG = "http://www.w3.org/2000/svg";
const OPTIONS = ["view", "lang", "theme", "accent", "limit", "height", "month", "from", "to"];
const HEX = /^#[0-9a-f]{6}$/;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

// An element with attributes and children; a string among the children is text.
const make = (name, attributes = {}, ...children) => {
  const drawing = ["svg", "rect", "circle", "line"].includes(name);
  const node = drawing ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

// A plain link; an address that is not http(s) becomes text alone.
const link = (address, attributes, ...children) => {
  let parsed;
  try { parsed = new URL(address); } catch { return make("span", attributes, ...children); }
  if (!["http:", "https:"].includes(parsed.protocol)) return make("span", attributes, ...children);
  return make("a", { ...attributes, href: parsed.href }, ...children);
};

const colour = (node, name, hue) => {
  if (!hue || !HEX.test(hue.light) || !HEX.test(hue.dark)) return node;
  node.style.setProperty(name, name === "--hue" ? `light-dark(${hue.light}, ${hue.dark})` : hue.light);
  if (name !== "--hue") node.style.setProperty(name.replace("light", "dark"), hue.dark);
  return node;
};

const hued = (board, item, node) => (item.hue ? colour(node, "--hue", board.hues[item.hue - 1]) : node);

const time = (item) => make("time", { datetime: item.begin ?? item.first, "data-end": item.end, dir: "auto" }, item.when);

const title = (item) => link(item.page, { lang: item.lang, dir: "auto" }, item.title);

const classes = (base, item) => `${base} ${item.shape}${item.cancelled ? " cancelled" : ""}`;

const rest = (board, item) => [
  item.cancelled && make("span", { class: "state" }, board.labels.cancelled),
  item.about && make("span", { class: "place", lang: item.lang }, make("bdi", {}, item.about)),
  item.place && make("span", { class: "place" }, make("bdi", {}, item.place)),
];

const event = (board, item) => hued(board, item, make("li", { class: classes("event", item) },
  item.first && make("span", { class: "when" }, time(item)),
  make("span", { class: "what" }, title(item), rest(board, item))));

const events = (board, items) => make("ul", {}, items.map((item) => event(board, item)));

const group = (board, heading, items) => make("section", { class: "group" },
  make("h3", {}, heading), events(board, items));

const bar = ({ x, width, dot }) => (dot
  ? make("circle", { class: "span", cx: `${x + width / 2}%`, cy: "6", r: "4" })
  : make("rect", { class: "span", x: `${x}%`, y: "2", width: `${width}%`, height: "8", rx: "3" }));

const upright = (x, name) => make("line", { class: name, x1: `${x}%`, x2: `${x}%`, y1: "-4", y2: "16" });

const level = (from, to) => make("line", { class: "tail", x1: `${from}%`, x2: `${to}%`, y1: "6", y2: "6" });

const lane = (board, { item, bars, lead, tail }) => hued(board, item, make("li", { class: classes("lane", item) },
  make("div", { class: "words" },
    make("span", { class: "what" }, title(item), rest(board, item)),
    make("span", { class: "when" }, time(item))),
  make("svg", { class: "bar", "aria-hidden": "true" },
    board.axis.ticks.map((tick) => upright(tick.x)),
    board.axis.now !== null && upright(board.axis.now, "now"),
    lead !== null && level(0, lead),
    tail !== null && level(tail, 100),
    bars.map(bar))));

const timeline = (board) => [
  make("div", { class: "rail", "aria-hidden": "true" }, board.axis.ticks.map((tick) => make("span", {}, tick.name))),
  make("ol", {}, board.axis.lanes.map((one) => lane(board, one))),
];

const turn = (name, key, glyph, choose) => (key
  ? press(glyph, { view: "month", month: key }, choose, { "aria-label": name })
  : make("span", { class: "end", "aria-hidden": "true" }, glyph));

const cell = (board, day) => make("td", { class: day.inside ? null : "outside" },
  make("time", { datetime: day.day }, String(Number(day.day.slice(8)))),
  day.items.map((number) => {
    const item = board.month.dated[number];
    return hued(board, item, link(item.page, { class: classes("mark", item), lang: item.lang, dir: "auto" }, item.title));
  }));

const month = (board, choose) => {
  const { name, previous, following, weekdays, weeks, dated, during } = board.month;
  return make("section", { class: "sheet" },
    make("div", { class: "turn" },
      turn(board.labels.previous, previous, "‹", choose),
      make("h3", { "aria-live": "polite" }, name),
      turn(board.labels.following, following, "›", choose)),
    make("table", { class: dated.length ? null : "bare", "aria-label": name },
      make("thead", {}, make("tr", {}, weekdays.map((day) => (
        make("th", { scope: "col", abbr: day.long }, make("span", { class: "broad" }, day.short), make("span", { class: "slim" }, day.slim)))))),
      make("tbody", {}, weeks.map((week) => make("tr", {}, week.map((day) => cell(board, day)))))),
    dated.length > 0 && make("div", { class: "agenda" }, events(board, dated)),
    during.length > 0 && make("div", { class: "during" }, make("h3", {}, board.labels.during), events(board, during)));
};

const press = (text, chosen, choose, attributes = {}) => {
  const button = make("button", { type: "button", ...attributes }, text);
  button.addEventListener("click", () => choose(chosen));
  return button;
};

const tabs = (board, choose) => make("nav", { class: "tabs", "aria-label": board.labels.choose },
  Object.entries(board.labels.views).map(([view, name]) => (
    press(name, { view }, choose, { "aria-current": view === board.view ? "true" : null }))));

const more = (board, choose) => {
  const text = board.labels.more.replace("{count}", board.more);
  return board.limit ? press(text, { limit: String(board.limit) }, choose) : link(board.page, {}, text);
};

const foot = (board) => make("div", { class: "foot" },
  make("span", { class: "ways" }, link(board.page, {}, board.labels.open), link(board.subscribe, {}, board.labels.file)),
  make("span", {}, board.source));

const draw = (board, choose) => {
  const views = { list: () => board.groups.map((one) => group(board, one.heading, one.items)), timeline, month };
  const empty = !board.groups.length && !board.axis?.lanes.length && !board.month && !board.undated.length;
  const root = make("div", { class: "calfeed", lang: board.lang, dir: board.dir, "data-theme": board.theme },
    make("div", { class: "inner" },
      make("div", { class: "top" }, make("h2", {}, make("bdi", {}, board.title)), tabs(board, choose)),
      board.earlier && make("p", { class: "earlier" }, press(board.labels.earlier, { from: board.earlier }, choose)),
      empty ? make("p", { class: "note" }, board.labels.empty) : views[board.view](board, choose),
      board.undated.length > 0 && group(board, board.labels.undated, board.undated),
      board.more > 0 && make("p", { class: "note" }, more(board, choose)),
      foot(board)));
  if (board.height) Object.assign(root.firstChild.style, { maxBlockSize: `${board.height}px`, overflowY: "auto" });
  return colour(root, "--accent-light", board.accent);
};

// What a button is called: the focus returns to the one of that name when a board is drawn anew.
const named = (node) => node && (node.getAttribute("aria-label") ?? node.textContent);

class CalfeedCalendar extends HTMLElement {
  static observedAttributes = ["src", ...OPTIONS];
  #chosen = {};
  #asked = null;

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" });
      this.shadowRoot.adoptedStyleSheets = [sheet];
      this.shadowRoot.append(make("slot"));
    }
    this.load();
  }

  disconnectedCallback() { this.#asked?.abort(); }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && this.shadowRoot && before !== after) {
      this.#chosen = {};
      this.load();
    }
  }

  // Ask for the board and show it. A newer call replaces an older one; a failure leaves what stands.
  async load() {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    try {
      const address = new URL(this.getAttribute("src"), document.baseURI);
      if (!address.pathname.endsWith(".json")) address.pathname += ".json";
      for (const name of OPTIONS) {
        const value = this.#chosen[name] ?? this.getAttribute(name);
        if (value) address.searchParams.set(name, value);
      }
      const answer = await fetch(address, { credentials: "omit", signal: asked.signal });
      if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
      const board = await answer.json();
      if (asked.signal.aborted) return;
      const held = named(this.shadowRoot.activeElement);
      this.shadowRoot.replaceChildren(draw(board, (chosen) => { Object.assign(this.#chosen, chosen); this.load(); }));
      ownTimes(this.shadowRoot, board.lang, board.labels.own_time);
      if (held) [...this.shadowRoot.querySelectorAll("button")].find((one) => named(one) === held)?.focus();
      this.dispatchEvent(new CustomEvent("calfeed-shown"));
    } catch (error) {
      if (!asked.signal.aborted) this.dispatchEvent(new CustomEvent("calfeed-failed", { detail: String(error) }));
    }
  }
}

if (!customElements.get("calfeed-calendar")) {
  customElements.define("calfeed-calendar", CalfeedCalendar);
  // The heights that our iframes tell, each taken only from the frame and the origin it belongs to.
  window.addEventListener("message", ({ data, source, origin }) => {
    if (data?.calfeed !== "height" || !Number.isFinite(data.height)) return;
    for (const frame of document.querySelectorAll("iframe[src*='/embed/']")) {
      if (frame.contentWindow === source && new URL(frame.src).origin === origin) frame.height = Math.min(data.height, 20000);
    }
  });
}
