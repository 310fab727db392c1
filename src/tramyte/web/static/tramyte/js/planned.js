/* The page of a session away from its table: it renews itself when another computer has planned, opened or listed, never under somebody's hands. */
(function () {
  "use strict";
  const EVERY = 8000, STILL = 3000; // ms: between two looks at the server; without a key before one
  const page = () => document.querySelector("main");
  const folds = () => Array.from(page().querySelectorAll("details[data-fold]"));
  const isTyped = (item) => item.value !== item.defaultValue;
  let touched = 0, open = [];

  function still() {
    return !document.hidden && performance.now() - touched > STILL && !document.querySelector("dialog[open]") && !page().querySelector("[role=alert], .t-picks")
      && !Array.from(page().querySelectorAll("input:not([type=hidden]), textarea")).some((item) => isTyped(item) || item === document.activeElement);
  }
  const renews = (event) => Boolean(event.detail.requestConfig && event.detail.requestConfig.elt.matches("[data-renew]"));
  const asking = setInterval(() => {
    const renew = document.querySelector("[data-renew]");
    if (renew && still()) htmx.trigger(renew, "renew");
  }, EVERY);

  ["keydown", "pointerdown", "input"].forEach((name) => document.addEventListener(name, () => { touched = performance.now(); }, true));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!renews(event)) return;
    if (!still()) event.detail.shouldSwap = false;
    open = folds().filter((fold) => fold.open).map((fold) => fold.dataset.fold);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (renews(event)) folds().forEach((fold) => { fold.open = open.includes(fold.dataset.fold); });
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (renews(event) && [403, 404].includes(event.detail.xhr.status)) clearInterval(asking); // the right to it is gone; a lost line comes back
  });
}());
