// <form data-dirty>: warn before a changed form is left. The words are the browser's own.

const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-dirty]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
// A module that sends the form itself says so.
document.addEventListener("form:clean", (event) => changed.delete(event.detail));
addEventListener("beforeunload", (event) => {
  for (const form of changed) {
    if (!form.isConnected) changed.delete(form);
  }
  if (changed.size) event.preventDefault();
});
