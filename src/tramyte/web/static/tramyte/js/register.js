/* The list of a book: addresses without empty parameters. */
(() => {
  "use strict";
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form[data-lean]")) return;
    const values = event.detail.parameters;
    Object.keys(values).forEach((name) => { if (values[name] === "") delete values[name]; });
    delete values.page;
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-lean]")) return;
    event.target.querySelectorAll("input, select").forEach((field) => { if (field.value === "") field.disabled = true; });
    setTimeout(() => event.target.querySelectorAll(":disabled").forEach((field) => { field.disabled = false; }));
  });
})();

/* Ticked rows of a book: a click or Space with Shift ticks the range; the heading's box ticks the page. The server keeps them. */
(() => {
  "use strict";
  const boxes = (form) => Array.from(form.querySelectorAll("[data-pick]"));
  let last = null;
  function show(form) {
    const all = boxes(form), page = form.querySelector("[data-pick-page]");
    all.forEach((box) => box.closest("tr").classList.toggle("sel", box.checked));
    if (!page) return;
    page.hidden = false;
    page.checked = all.length > 0 && all.every((box) => box.checked);
    page.indeterminate = !page.checked && all.some((box) => box.checked);
  }
  function showAll() { document.querySelectorAll("form[data-picks]").forEach(show); }
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("[data-pick]")) return;
    const all = boxes(box.form), from = last && all.findIndex((one) => one.value === last), to = all.indexOf(box);
    if (event.shiftKey && last && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => { one.checked = box.checked; });
    last = box.value;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-page]")) boxes(event.target.form).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-pick], [data-pick-page]")) show(event.target.form);
  }, true);
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("[data-pick]") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const all = boxes(box.form), next = all[all.indexOf(box) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey && next.checked !== box.checked) next.click();
    next.focus();
  });
  document.addEventListener("htmx:afterSwap", showAll);
  showAll();
})();
