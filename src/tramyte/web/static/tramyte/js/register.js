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
