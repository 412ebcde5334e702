// What makes the desk quicker: everything works without it, by forms and links.

document.documentElement.classList.add("js");
const token = document.querySelector('meta[name="csrf"]')?.content ?? "";

// A date shows its reading while it is typed.
for (const field of document.querySelectorAll("[data-date]")) watchDate(field);

function watchDate(field) {
  const shown = field.form.querySelector("[data-typed]");
  let waiting = 0, asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const answer = await fetch(`/date?text=${encodeURIComponent(field.value)}`, {headers: {Accept: "application/json"}});
    if (!answer.ok || mine !== asked) return;
    const read = await answer.json();
    shown.textContent = read.dates.length ? read.dates.join("; ") : read.empty;
    if (read.others.length) shown.textContent += ` (${read.others.map((days) => days.join("; ")).join(" / ")}?)`;
    if (read.doubts.length) shown.textContent += ` – ${read.doubts[0]}`;
    shown.classList.toggle("empty", !read.dates.length && field.value.trim() !== "");
    shown.classList.toggle("doubtful", read.doubts.length > 0 || read.unread.length > 0);
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 30); });
  field.addEventListener("focus", () => { if (!shown.textContent) ask(); });
}

// Dropping a document anywhere on its field, or on the page.
for (const form of document.querySelectorAll("[data-drop]")) {
  const file = form.querySelector("input[type=file]");
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  };
  addEventListener("dragover", over);
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  file.addEventListener("change", () => { if (file.files.length) form.requestSubmit(); });
}

// Ticking all of a page.
for (const all of document.querySelectorAll("[data-all]")) {
  all.addEventListener("change", () => {
    for (const one of all.form.querySelectorAll("input[name=uid]")) one.checked = all.checked;
  });
}

// Review by keyboard: j and k go on and back, the other keys press what is marked with them.
const questions = [...document.querySelectorAll("[data-question]")];
let at = -1;

function goTo(index) {
  if (!questions.length) return;
  at = Math.max(0, Math.min(questions.length - 1, index));
  questions[at].focus();
  questions[at].scrollIntoView({block: "nearest"});
}

addEventListener("focusin", (event) => {
  const found = questions.indexOf(event.target.closest?.("[data-question]"));
  if (found >= 0) at = found;
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "j" || event.key === "k") { goTo(at + (event.key === "j" ? 1 : -1)); event.preventDefault(); return; }
  if (event.key === "u") { const undo = document.querySelector("#said form"); if (undo) { undo.requestSubmit(); event.preventDefault(); } return; }
  const within = questions.length ? questions[Math.max(0, at)] : document;
  const pressed = within.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (pressed) { event.preventDefault(); pressed.click(); }
});

// Answers of the review are sent beside the page, so that it stays where it is.
for (const question of questions) {
  for (const form of question.querySelectorAll(".answers form")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); answer(question, form); });
  }
}

async function answer(question, form) {
  const sent = await fetch(form.action, {method: "POST", body: new FormData(form), headers: {Accept: "application/json", "X-CSRF-Token": token}});
  if (!sent.ok) { form.submit(); return; }
  const {said, step} = await sent.json();
  const index = questions.indexOf(question);
  questions.splice(index, 1);
  const family = question.closest(".family");
  question.remove();
  if (!family.querySelector("[data-question]")) family.remove();
  tell(said, step);
  if (questions.length) goTo(index); else location.reload();
}

function tell(sentence, step) {
  const place = document.querySelector("#said");
  const told = document.createElement("p");
  told.className = "said";
  told.append(`${sentence} `);
  const undo = document.querySelector("template#undo")?.content.cloneNode(true);
  if (undo && step) {
    undo.querySelector("form").action = `/undo/${step}`;
    told.append(undo);
  }
  place.replaceChildren(told);
}

// The document beside what was read of it: choosing one shows the other.
const pairs = document.querySelector("[data-pair]");
if (pairs) {
  const choose = (key, from) => {
    for (const one of pairs.querySelectorAll(".on")) one.classList.remove("on");
    for (const one of pairs.querySelectorAll(`[data-entry="${CSS.escape(key)}"]`)) {
      one.classList.add("on");
      if (!one.contains(from) && !from.closest(".side") === !!one.closest(".side")) one.scrollIntoView({block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"});
    }
  };
  pairs.addEventListener("click", (event) => {
    const found = event.target.closest("[data-entry]");
    if (found) choose(found.dataset.entry, event.target);
  });
  pairs.addEventListener("focusin", (event) => {
    const found = event.target.closest("[data-entry]");
    if (found) choose(found.dataset.entry, event.target);
  });
  // Words that are marked in the document become an event.
  const add = document.querySelector("[data-add]");
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const words = chosen.toString().trim();
    const start = chosen.anchorNode, element = start?.nodeType === Node.ELEMENT_NODE ? start : start?.parentElement;
    const node = element?.closest("[data-node]");
    if (!add || !words || !node) return;
    add.hidden = false;
    add.querySelector("[name=words]").value = words.slice(0, 2000);
    add.querySelector("[name=node]").value = node.dataset.node;
    add.querySelector("[data-words]").textContent = words.slice(0, 120);
  });
  const wanted = new URLSearchParams(location.search).get("at");
  if (wanted) choose(wanted, document.body);
}

// Marks on the picture of a page stand in points; the picture knows how many it has.
for (const picture of document.querySelectorAll("[data-picture]")) {
  const image = picture.querySelector("img"), marks = picture.querySelector("svg");
  const measure = () => marks.setAttribute("viewBox", `0 0 ${image.naturalWidth / 1.5} ${image.naturalHeight / 1.5}`);
  if (image.complete && image.naturalWidth) measure(); else image.addEventListener("load", measure);
}
