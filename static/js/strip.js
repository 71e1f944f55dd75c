// Strips: the present month in sight, and the place beside them that tells why. Without this file squares are plain links.

const side = document.getElementById("why");
let opener = null;

for (const box of document.querySelectorAll("[data-strip]")) {
  const now = box.querySelector(".strip-month[data-now]");
  const name = box.querySelector(".strip-name");
  if (now && box.scrollWidth > box.clientWidth) box.scrollLeft = now.offsetLeft - name.offsetWidth - 8;
}

function close() {
  if (!side?.firstChild) return;
  side.textContent = "";
  opener?.removeAttribute("aria-current");
  opener?.focus();
  opener = null;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target !== side) return;
  opener?.removeAttribute("aria-current");
  opener = event.detail.elt;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== side) return;
  opener?.setAttribute("aria-current", "true");
  side.scrollTop = 0;
  side.querySelector("[data-focus]")?.focus();
});
side?.addEventListener("click", (event) => { if (event.target.closest("[data-close-side]")) close(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
