// The one place where something is kept in this browser: what was typed and is not handed in yet. Nothing else is stored.

export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

export function write(name, value) {
  if (value === null) localStorage.removeItem(name);
  else localStorage.setItem(name, JSON.stringify(value));
}

// What the form or the queue sends; null when nothing answered. A bad signal may keep one waiting for ever: not here.
const PATIENCE = 25 * 1000;

export async function send(address, body) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE);
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  try {
    return await fetch(address, { method: "POST", headers, body: JSON.stringify(body), signal: waiting.signal });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
