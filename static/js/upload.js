// A file box (parts/upload.html): drag a file onto it, see its name and size, hear at once when it is too large,
// watch it being sent when the form is sent by htmx. The server checks everything again.

const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
const boxOf = (event) => event.target.closest?.("[data-upload]");

function look(box) {
  const input = box.querySelector("input[type=file]");
  const error = box.querySelector(".field-error");
  const file = input.files[0];
  const tooLarge = file && Number(box.dataset.max) > 0 && file.size > Number(box.dataset.max);
  box.querySelector(".drop-chosen").textContent = file ? `${file.name} (${size(file.size)})` : "";
  input.setCustomValidity(tooLarge ? box.dataset.tooLarge : "");
  error.textContent = "";
  box.toggleAttribute("data-wrong", Boolean(tooLarge));
  if (tooLarge) {
    const words = document.createElement("p");
    words.textContent = box.dataset.tooLarge;
    error.append(words);
  }
}

document.addEventListener("change", (event) => {
  const box = boxOf(event);
  if (box && event.target.type === "file") look(box);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const box = boxOf(event);
    if (!box) return;
    event.preventDefault();
    box.querySelector(".drop").toggleAttribute("data-over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    box.querySelector("input[type=file]").files = event.dataTransfer.files;
    look(box);
  });
}
// The form may carry `novalidate`, so a file that is too large is stopped here.
document.addEventListener("submit", (event) => {
  const input = event.target.querySelector("[data-upload] input[type=file]");
  if (!input || input.checkValidity() || !input.files.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  input.focus();
}, { capture: true });
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("[data-upload] .meter");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
