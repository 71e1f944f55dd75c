// The form for a new record shows what the chosen type asks, in that type's words.

const form = document.getElementById("write");
const words = new Map();

export function showAsked() {
  const now = form.querySelector('input[name="type"]:checked')?.dataset.kind ?? "";
  for (const part of form.querySelectorAll(".write-asked")) {
    const isOff = !part.dataset.kinds.split(" ").includes(now);
    part.toggleAttribute("data-off", isOff);
    for (const input of part.querySelectorAll("input, select, textarea")) input.disabled = isOff;
  }
  for (const [label, plain] of words) label.firstChild.textContent = plain;
  for (const one of form.querySelectorAll(`[data-label-of][data-kind="${now}"]`)) {
    const label = form.querySelector(`label[for="${one.dataset.labelOf}"]`);
    if (!label) continue;
    if (!words.has(label)) words.set(label, label.firstChild.textContent);
    label.firstChild.textContent = one.textContent;
  }
}

form.addEventListener("change", (event) => {
  if (event.target.name === "type") showAsked();
});
showAsked();
