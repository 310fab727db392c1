/* The suggestions below the search box: arrows walk, Escape closes, leaving closes. */
(function () {
  "use strict";
  const box = document.querySelector("[data-find]"), list = document.querySelector("[data-found]");
  if (!box || !list) return;
  const links = () => Array.from(list.querySelectorAll("a"));
  const close = () => { list.replaceChildren(); };
  function walk(event) {
    const stops = [box, ...links()], at = stops.indexOf(document.activeElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") { close(); box.focus(); return; }
    if (!step || at < 0 || stops.length < 2) return;
    event.preventDefault();
    stops[(at + step + stops.length) % stops.length].focus();
  }
  const whole = box.closest("form");
  whole.addEventListener("keydown", walk);
  whole.addEventListener("focusout", (event) => { if (!whole.contains(event.relatedTarget)) setTimeout(close, 150); });
  /* Enter on a suggestion is its link's own; in the box it searches. An empty box asks for pinned and recent people by itself. */
  list.addEventListener("htmx:afterSwap", () => { if (document.activeElement && !whole.contains(document.activeElement)) close(); });
})();
