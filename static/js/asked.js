// The form for a new record shows what the chosen type asks, in that type's words.

const form = document.getElementById("write");
const words = new Map();

// What other types keep behind "more" stands there or here, never twice: of two fields with one name the empty one would win.
function move(part, isAsked) {
  const first = form.querySelector(".write-asked:not([data-more])") ?? form.elements.text.closest(".field");
  if (isAsked) first.before(part);
  else form.querySelector(".write-more > summary").after(part);
}

function offer(option, isOff) {
  option.hidden = option.disabled = isOff;
  if (isOff && option.selected) option.parentElement.value = "";
}

export function showAsked() {
  const now = form.querySelector('input[name="type"]:checked')?.dataset.kind ?? "";
  const isFor = (part) => part.dataset.kinds.split(" ").includes(now);
  for (const part of form.querySelectorAll(".write-asked")) {
    if ("more" in part.dataset) {
      move(part, isFor(part));
      continue;
    }
    part.toggleAttribute("data-off", !isFor(part));
    for (const input of part.querySelectorAll("input, select, textarea")) input.disabled = !isFor(part);
  }
  for (const option of form.querySelectorAll("option[data-kinds]")) offer(option, !isFor(option));
  for (const [label, plain] of words) label.firstChild.textContent = plain;
  for (const one of form.querySelectorAll(`[data-label-of][data-kind="${now}"]`)) {
    const label = form.querySelector(`label[for="${one.dataset.labelOf}"]`);
    if (!label) continue;
    if (!words.has(label)) words.set(label, label.firstChild.textContent);
    label.firstChild.textContent = one.textContent;
  }
}

// How many came last time is offered to the same type only: else a yard would have the people of a labour day.
function carryPeople() {
  const count = form.elements.person_times;
  const isSame = form.querySelector('input[name="type"]:checked')?.defaultChecked;
  if (isSame && count.value === "") count.value = count.defaultValue;
  else if (!isSame && count.value === count.defaultValue) count.value = "";
}

form.addEventListener("change", (event) => {
  if (event.target.name !== "type") return;
  showAsked();
  if ("queue" in form.dataset) carryPeople();
});
showAsked();
