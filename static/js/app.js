// Small manners of every page. Pages work without this file; it saves reloads and says when the network fails.

const root = document.documentElement;
root.classList.add("scripted");

// ---- htmx: the CSRF token travels with every request that changes something
document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers } = event.detail;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (verb !== "get" && token) headers["X-CSRFToken"] = token;
});

// ---- What to say when an answer does not come
const toast = document.getElementById("toast");
let hideAt = 0;

export function say(text) {
  if (!toast || !text) return;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = toast.dataset.close;
  close.addEventListener("click", () => { toast.hidden = true; });
  toast.textContent = "";
  toast.append(words, close);
  toast.hidden = false;
  clearTimeout(hideAt);
  hideAt = setTimeout(() => { toast.hidden = true; }, 15000);
}

const silent = () => say(toast?.dataset.network);
document.addEventListener("htmx:sendError", silent);
document.addEventListener("htmx:timeout", silent);
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 503 || status === 502 || status === 504) say(toast.dataset.busy);
  else if (status === 429) say(toast.dataset.wait);
  else say(toast.dataset.failed);
});

// ---- Focus goes to the list of corrections, on a fresh page and after a swap
const toErrors = (inside) => inside.querySelector(".error-summary")?.focus();
toErrors(document);
document.addEventListener("htmx:afterSettle", (event) => toErrors(event.detail.elt));

// ---- Menus close on Escape and on a click elsewhere
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// ---- Filters fold on a phone; their button says how many are in use
const fold = (box) => { if (matchMedia("(max-width: 575.98px)").matches) for (const one of box.querySelectorAll(".filters")) one.open = false; };
fold(document);
document.addEventListener("htmx:load", (event) => fold(event.detail.elt));

// ---- <form data-autosubmit>: a choice is sent as soon as it is made
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

// ---- A button is pressed once: a second press within five seconds does nothing
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  // Not for ever: the answer may be a file, and then this page stays.
  setTimeout(() => { delete form.dataset.sent; }, 5000);
});
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// ---- Phones are shared: htmx leaves the last address in the tab's storage, where the next person could read it
const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
forget();
for (const name of ["pushedIntoHistory", "replacedInHistory", "historyRestore"]) document.addEventListener(`htmx:${name}`, forget);
