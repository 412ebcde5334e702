// Makes pages quicker: search as you type, filters without a reload, the subscribe page as a dialog, copy buttons.
// Everything works without it. Foreign text only ever enters the page as parsed by the browser from our own server.

import { ownTimes } from "./own-time.js";

const root = document.documentElement;
root.classList.add("js");
const tellOwnTimes = () => ownTimes(document, root.lang, document.body.dataset.ownTime);
tellOwnTimes();

const PARTS = ["filters", "views", "results", "embed"];
const wide = matchMedia("(min-width: 64rem)");
let latest = 0;

async function fetched(address, signal) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function show(address, { push = true } = {}) {
  const turn = ++latest;
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  let page;
  try {
    page = await fetched(address);
  } catch {
    location.assign(address);
    return;
  }
  if (turn !== latest) return;
  const open = new Set([...document.querySelectorAll("#filters details[open] > summary")].map((one) => one.textContent));
  for (const id of PARTS) {
    const fresh = page.getElementById(id);
    if (!fresh) {
      location.assign(address);
      return;
    }
    document.getElementById(id).replaceWith(document.adoptNode(fresh));
  }
  for (const summary of document.querySelectorAll("#filters details > summary")) {
    if (open.has(summary.textContent)) summary.parentElement.open = true;
  }
  copyHidden(page);
  tellOwnTimes();
  document.title = page.title;
  if (push) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

// The search form carries the other filters along as hidden fields; these change with every filter.
function copyHidden(page) {
  const form = document.querySelector("[data-search]");
  const fresh = page.querySelector("[data-search]");
  if (!form || !fresh) return;
  form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
  fresh.querySelectorAll("input[type=hidden]").forEach((field) => form.append(document.adoptNode(field)));
  const q = form.elements.q;
  if (document.activeElement !== q) q.value = fresh.elements.q.value;
}

function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  const text = query.toString();
  return new URL(form.action).pathname + (text && `?${text}`);
}

let pause;
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-search]");
  if (!form) return;
  clearTimeout(pause);
  pause = setTimeout(() => show(addressOf(form), { push: false }), 180);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-search], [data-range]");
  if (!form) return;
  event.preventDefault();
  clearTimeout(pause);
  show(addressOf(form));
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const button = event.target.closest("button");
  if (button?.dataset.copy !== undefined) return copy(button);
  if (button?.dataset.share !== undefined) {
    return navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
  }
  if (button?.dataset.print !== undefined) return print();
  if (button?.dataset.close !== undefined) return button.closest("dialog").close();
  const link = event.target.closest("a[href]");
  if (!link || link.origin !== location.origin || !document.getElementById("dialog")?.showModal) return;
  if (link.dataset.dialog !== undefined && (document.getElementById("results") || link.closest("dialog"))) {
    event.preventDefault();
    openDialog(link.href);
  } else if (link.closest("#filters, .chips, .empty") && link.pathname === "/" && document.getElementById("results")) {
    if (document.getElementById("fullcalendar")) return;
    event.preventDefault();
    const place = link.closest("#filters") && link.firstElementChild.textContent;
    show(link.href).then(() => refocus(place));
  }
});

// The link that had the focus is a new one after a filter: the same value gets it back.
function refocus(name) {
  const links = [...document.querySelectorAll("#filters .choice")];
  const same = name && links.find((link) => link.firstElementChild.textContent === name);
  (same || document.getElementById("main")).focus({ preventScroll: true });
}

addEventListener("popstate", () => {
  if (document.getElementById("results")) show(location.href, { push: false });
});

async function openDialog(address) {
  const dialog = document.getElementById("dialog");
  let page;
  try {
    page = await fetched(address);
  } catch {
    location.assign(address);
    return;
  }
  const body = page.querySelector("[data-subscribe]");
  if (!body) return location.assign(address);
  dialog.querySelector("[data-body]").replaceChildren(document.adoptNode(body));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  dialog.querySelector(".flavours [aria-current]")?.focus({ preventScroll: true });
}

async function copy(button) {
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const field = button.parentElement.querySelector("input");
    field.select();
    if (!document.execCommand("copy")) return;
    button.focus();
  }
  label.textContent = button.dataset.done;
  setTimeout(() => (label.textContent = before), 2000);
}

document.getElementById("dialog")?.addEventListener("click", (event) => {
  if (event.target === event.currentTarget) event.currentTarget.close();
});

// A menu closes when one looks elsewhere.
for (const menu of document.querySelectorAll("[data-menu]")) {
  document.addEventListener("click", (event) => menu.contains(event.target) || menu.removeAttribute("open"));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.removeAttribute("open");
    menu.firstElementChild.focus();
  });
}

// On narrow screens the filters begin folded; without scripts they stay open, which works everywhere.
const filters = document.querySelector("[data-filters]");
if (filters) {
  const fit = () => (filters.open = wide.matches);
  fit();
  wide.addEventListener("change", fit);
}
if (navigator.share) for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;
