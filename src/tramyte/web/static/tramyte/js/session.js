/* The table of a vaccination session: the next person has the focus, Enter does the step, Escape goes from reception to table to watch.
   What is typed while the server answers is kept (ahead.js); the board renews itself while nobody types. */
(function () {
  "use strict";
  const EVERY = 5000, STILL = 3000, SAID = 15000; // ms: between two looks at the server; without a key before one; how long a sentence stays
  const board = () => document.querySelector("[data-board]");
  const one = (selector) => board().querySelector(selector);
  const shown = (item) => item && item.offsetParent !== null && !item.disabled;
  const AREAS = ["reception", "panel", "watch"];
  const targets = {
    reception: () => one("[data-pick]") || one("[data-reception]"),
    panel: () => one(".t-panel [data-first]"),
    watch: () => Array.from(board().querySelectorAll("[data-release], [data-early]")).find(shown),
  };

  function go(area) {
    const target = targets[area]();
    if (!shown(target)) return false;
    target.focus();
    if (target.select && !tableAhead.isTyped(target)) target.select();
    return true;
  }
  function begin() {
    const area = board().dataset.area;
    [area, "panel", "reception"].some(go);
    tick();
  }
  function areaOf(element) {
    if (element.closest(".t-panel")) return "panel";
    return element.closest("aside") ? "watch" : "reception";
  }
  function around(from) {
    for (let step = 1; step <= AREAS.length; step += 1) {
      const area = AREAS[(AREAS.indexOf(from) + step) % AREAS.length];
      if (area === from) break;
      if (area === "reception" ? focusBox() : go(area)) return;
    }
    document.activeElement.blur(); /* nowhere else to go: the single keys of the page work again */
  }
  function focusBox() {
    const box = one("[data-reception]");
    box.focus();
    box.select();
    return true;
  }
  function walk(step) {
    const links = Array.from(board().querySelectorAll("[data-queued]")), at = links.findIndex((link) => link.closest("[aria-current]"));
    const next = links[at + step];
    if (next) next.click();
  }

  /* how many minutes are left of each half hour, by the server's clock as it was when the page came */
  let skew = 0;
  function tick() {
    const now = Date.now() + skew;
    board().querySelectorAll("[data-watch]").forEach((row) => {
      const left = Math.ceil((Date.parse(row.dataset.watch) - now) / 60000), over = left <= 0;
      row.toggleAttribute("data-over", over);
      if (over) row.querySelector("[data-left]").textContent = "đủ 30 phút";
      else if (left <= 10) row.querySelector("[data-left]").textContent = "còn " + left + " phút";
    });
  }

  /* the board renews itself when another computer has changed something: never under somebody's hands */
  const asking = setInterval(ask, EVERY);
  let touched = 0, spoken = 0;
  function still() {
    const at = performance.now();
    return !document.hidden && at - touched > STILL && at - spoken > STILL && !document.querySelector("dialog[open], select:focus")
      && !one("[data-pick], .t-panel [role=alert]") && !tableAhead.isAwaited() && !tableAhead.anyTyped();
  }
  function ask() {
    if (still()) htmx.trigger(one("[data-renew]"), "renew");
  }
  function keepSentence(line) {
    const young = performance.now() - spoken < SAID, fresh = one(".t-board-said");
    if (line.classList.contains("bad") || (young && !line.querySelector(":scope > .mut"))) fresh.replaceWith(line);
  }

  ["keydown", "pointerdown", "input"].forEach((name) => document.addEventListener(name, () => { touched = performance.now(); }, true));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      const inside = board().contains(event.target);
      if (!inside && event.target !== document.body) return;
      event.preventDefault();
      around(inside ? areaOf(event.target) : "watch");
    } else if (event.target.matches("[data-pick]") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const picks = Array.from(board().querySelectorAll("[data-pick]")), next = picks[picks.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      if (next) next.focus();
    } else if (event.target.matches("[data-temperature]") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  const renews = (event) => event.detail.requestConfig && event.detail.requestConfig.elt.matches("[data-renew]");
  let left = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.target.matches("[data-board]")) return;
    if (renews(event) && !still()) event.detail.shouldSwap = false;
    left = tableAhead.leave(one(".t-board-said"));
  });
  /* at once, not after settling: whoever types on at speed must find the focus where it belongs */
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches || !event.target.matches("[data-board]")) return;
    const renewed = renews(event);
    if (renewed) keepSentence(left.said);
    else spoken = performance.now();
    tick();
    tableAhead.land(left, renewed, begin);
  });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => {
    if (renews(event) && [403, 404].includes(event.detail.xhr.status)) clearInterval(asking); // the session or the right to it is gone; a lost line comes back
    if (renews(event) || !tableAhead.isAwaited()) return;
    const line = one(".t-board-said"), told = name === "htmx:responseError" && new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector(".msg");
    line.classList.add("bad");
    line.textContent = told ? "Chưa lưu: " + told.textContent.trim() : "Chưa lưu: mất kết nối máy chủ. Những gì đã gõ vẫn ở trên trang; hãy Enter lại khi có mạng.";
    tableAhead.fail();
  }));
  skew = Date.parse(board().dataset.now) - Date.now();
  setInterval(tick, 10000);
  if (matchMedia("(min-width: 768px)").matches) begin(); else tick();
}());
