// 记一笔: keeps what is typed in this browser, and leaves to the queue (queue.js) what has no signal now.

import { showAsked } from "./asked.js";
import { read, send, write } from "./kept.js";

const form = document.getElementById("write");
const draft = `pairing.draft.${form.dataset.owner}`;
const DAY = 24 * 60 * 60 * 1000;
const APART = ["csrfmiddlewaretoken", "village", "joint", "pairings"];

// What the form says, as the API takes it.
function body() {
  const data = new FormData(form);
  const made = { pairings: [...data.getAll("pairings"), ...data.getAll("joint")] };
  for (const [name, value] of data) if (!APART.includes(name) && value !== "") made[name] = value;
  for (const box of form.querySelectorAll('input[type="checkbox"]:enabled')) {
    if (!APART.includes(box.name)) made[box.name] = box.checked;
  }
  return made;
}

function label() {
  const type = form.querySelector('input[name="type"]:checked')?.closest("label").textContent.trim();
  return [form.elements.occurred_on.value, type, form.elements.text.value.trim().slice(0, 20)].filter(Boolean).join(" ");
}

function fill(kept) {
  for (const input of form.elements) {
    const value = ["pairings", "joint"].includes(input.name) ? kept.pairings : kept[input.name];
    if (value === undefined || (input.type === "hidden" && input.name !== "client_id")) continue;
    if (input.type === "checkbox") input.checked = Array.isArray(value) ? value.includes(input.value) : value;
    else if (input.type === "radio") input.checked = input.value === value;
    else input.value = value;
  }
  showAsked();
}

// randomUUID wants https and a new browser.
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function hand() {
  const made = body();
  const answer = await send(form.dataset.api, made);
  if (answer?.ok) {
    write(draft, null);
    location.href = `${form.dataset.records}${(await answer.json()).id}/`;
  } else if (!answer || answer.status >= 502) {
    document.dispatchEvent(new CustomEvent("queue:add", { detail: { body: made, label: label() } }));
    write(draft, null);
    form.elements.text.value = "";
    form.elements.client_id.value = fresh();
  } else {
    // Whoever must sign in again finds it here afterwards, also where the address fills the form.
    if ([401, 403].includes(answer.status)) write(draft, { body: made, at: Date.now(), cut: location.search });
    if (answer.status === 401) return signIn();
    // The page itself says what is wrong, beside the field.
    form.submit();
  }
}

function signIn() {
  const note = form.querySelector("[data-signed-out]");
  note.hidden = false;
  note.querySelector("a").href = location.href;
  note.scrollIntoView({ block: "nearest" });
}

if ("queue" in form.dataset) {
  const kept = read(draft);
  const isPlain = !["again", "from", "type", "item"].some((name) => new URLSearchParams(location.search).has(name));
  const isSent = form.querySelector(".error-summary, [data-wrong]");
  if (kept && (isPlain || kept.cut === location.search) && !isSent && Date.now() - kept.at < DAY) fill(kept.body);
  form.addEventListener("input", () => write(draft, { body: body(), at: Date.now() }));
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    // "Keep as a draft" and "this is another one" go the plain way: their answers are pages.
    if (button && !button.hasAttribute("data-save")) return;
    event.preventDefault();
    event.stopPropagation();
    document.dispatchEvent(new CustomEvent("form:clean", { detail: form }));
    if (button) button.disabled = true;
    await hand();
    if (button) button.disabled = false;
  });
}
