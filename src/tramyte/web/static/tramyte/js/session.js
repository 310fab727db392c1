/* The table of a vaccination session: the next person has the focus, Enter does the step, Escape goes from reception to table to watch. */
(function () {
  "use strict";
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
    if (target.select) target.select();
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
  /* at once, not after settling: whoever types on at speed must find the focus where it belongs */
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.matches && event.target.matches("[data-board]")) begin(); });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => document.addEventListener(name, () => {
    const line = one(".t-board-said");
    line.classList.add("bad");
    line.textContent = "Chưa lưu: mất kết nối máy chủ. Những gì đã gõ vẫn ở trên trang; hãy Enter lại khi có mạng.";
  }));
  skew = Date.parse(board().dataset.now) - Date.now();
  setInterval(tick, 10000);
  if (matchMedia("(min-width: 768px)").matches) begin(); else tick();
}());
