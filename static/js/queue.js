// Records that could not be sent: kept in this browser, sent when the signal is back. One list for each account: on a
// shared telephone nobody sends what another typed. A client_id that comes twice is answered with the first record.

import { read, send, write } from "./kept.js";

const bar = document.querySelector("[data-queue-bar]");
const name = bar && `pairing.queue.${bar.dataset.owner}`;
const kept = () => read(name) ?? [];
const waiting = () => kept().filter((entry) => !entry.problem);
let isSending = false;

function change(clientId, changed) {
  const left = kept().filter((entry) => changed || entry.body.client_id !== clientId);
  const now = left.map((entry) => (entry.body.client_id === clientId ? { ...entry, ...changed } : entry));
  write(name, now.length ? now : null);
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function correct(entry) {
  write(name.replace("queue", "draft"), { body: entry.body, at: Date.now() });
  change(entry.body.client_id, null);
  location.href = bar.dataset.form;
}

function drop(entry) {
  if (confirm(bar.dataset.sure)) change(entry.body.client_id, null);
  show();
}

function sendAnother(entry) {
  change(entry.body.client_id, { body: { ...entry.body, is_another: true }, problem: "", code: "" });
  sendAll();
}

function line(entry) {
  const made = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = [entry.label, entry.problem].filter(Boolean).join(": ");
  made.append(words);
  if (entry.code === "duplicate_record") made.append(button(bar.dataset.another, () => sendAnother(entry)));
  if (entry.problem) made.append(button(bar.dataset.open, () => correct(entry)), button(bar.dataset.drop, () => drop(entry)));
  return made;
}

function show(words) {
  const entries = kept();
  const count = entries.length ? bar.dataset.kept.replace("NUMBER", entries.length) : "";
  bar.hidden = !count && !words;
  bar.querySelector(".queue-words").textContent = [count, words].filter(Boolean).join(" ");
  bar.querySelector(".queue-list").replaceChildren(...entries.map(line));
  bar.querySelector("[data-send]").hidden = !waiting().length;
  bar.dataset.tone = entries.length ? "warning" : "success";
}

// "sent", "refused" (and why), "out": one must sign in again; or "away": no signal, a server that rests.
async function sendOne(entry) {
  const answer = await send(bar.dataset.api, entry.body);
  if (answer?.ok) return "sent";
  if ([401, 403].includes(answer?.status)) return "out";
  if (![400, 409, 422].includes(answer?.status)) return "away";
  const told = await answer.json().catch(() => ({}));
  const problem = Object.values(told.fields ?? {}).flat()[0] ?? told.message;
  change(entry.body.client_id, { problem, code: told.code });
  return "refused";
}

async function sendAll() {
  if (isSending) return;
  isSending = true;
  let nSent = 0;
  let end = "";
  for (const entry of waiting()) {
    show(bar.dataset.sending);
    end = await sendOne(entry);
    if (end === "away" || end === "out") break;
    if (end === "refused") continue;
    nSent += 1;
    change(entry.body.client_id, null);
  }
  isSending = false;
  const stopped = { away: bar.dataset.noSignal, out: bar.dataset.signIn }[end];
  show([nSent && bar.dataset.sent.replace("NUMBER", nSent), stopped].filter(Boolean).join(" "));
}

if (bar) {
  document.addEventListener("queue:add", (event) => {
    change(event.detail.body.client_id, null);
    write(name, [...kept(), event.detail]);
    show(bar.dataset.noSignal);
    bar.scrollIntoView({ block: "nearest" });
  });
  bar.querySelector("[data-send]").addEventListener("click", sendAll);
  const retry = () => navigator.onLine && waiting().length && sendAll();
  addEventListener("online", retry);
  // A server that rested; a signal that was back before the queue knew it was gone.
  setInterval(retry, 60000);
  show();
  retry();
}
