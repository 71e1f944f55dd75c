// Arrow keys walk the rows of a list: up and down move between the links of the first column, Home and End to the ends.
// Every link is in the tab order as well; this only saves keystrokes for those who work in lists all day.

const STEP = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.(".table tbody th[scope=row] a");
  if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...link.closest("tbody").querySelectorAll("th[scope=row] a")];
  let next;
  if (event.key in STEP) next = links[links.indexOf(link) + STEP[event.key]];
  else if (event.key === "Home") next = links[0];
  else if (event.key === "End") next = links[links.length - 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
