// The configurator without reloading: each change asks for the same page and takes the line and the preview from it.
const form = document.querySelector("[data-configure]");
const fields = ["line", "told", "policy"];
let asked = null;

const update = async () => {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value)).toString();
  try {
    const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of fields) {
      document.querySelector(`[data-${name}]`).textContent = page.querySelector(`[data-${name}]`).textContent;
    }
    const frame = document.querySelector("[data-preview]");
    frame.src = page.querySelector("[data-preview]").getAttribute("src");
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
};

const line = document.querySelector("[data-line]");
const copy = document.querySelector("[data-copy-line]");

form.addEventListener("input", update);
form.addEventListener("submit", (event) => { event.preventDefault(); update(); });
form.querySelector("[data-apply]").hidden = true;
copy.hidden = false;
copy.addEventListener("click", async () => {
  line.select();
  try {
    await navigator.clipboard.writeText(line.textContent);
  } catch {
    // Without leave to write, the selected line is ready for the keyboard.
    return;
  }
  document.querySelector("[data-copied]").textContent = copy.dataset.done;
});
