/* The grid of a campaign: Enter saves a line and goes to the next child, leaving a line saves it, nothing typed is lost. */
(function () {
  "use strict";
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const NAMES = ["weight_kg", "height_cm", "position", "muac_cm", "oedema", "vitamin_a", "feeding", "confirmation"];
  const lines = () => Array.from(grid.querySelectorAll("[data-line]"));
  const key = (line) => "draft:" + (document.body.dataset.user || "") + ":can-do:" + grid.dataset.gridKey + ":" + line.dataset.line;
  const fields = (line) => Array.from(line.querySelectorAll("input, select")).filter((one) => NAMES.includes(one.name) && one.type !== "hidden");
  const said = (one) => (one.type === "checkbox" ? (one.checked ? "1" : "") : one.value.trim());
  const empty = (line) => fields(line).every((one) => one.name === "position" || one.name === "feeding" || !said(one));

  function keep(line) {
    line.dirty = true;
    tell(line, "Chưa lưu");
    try { localStorage.setItem(key(line), JSON.stringify(fields(line).map((one) => [one.name, said(one)]))); } catch (error) { /* no storage: the line still stands on the page */ }
  }
  function drop(line) {
    line.dirty = false;
    try { localStorage.removeItem(key(line)); } catch (error) { /* nothing was kept */ }
  }
  function restore(line) {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key(line))); } catch (error) { return; }
    if (!kept) return;
    fields(line).forEach((one) => {
      const entry = kept.find((pair) => pair[0] === one.name);
      if (!entry) return;
      if (one.type === "checkbox") one.checked = entry[1] === "1"; else one.value = entry[1];
    });
    line.dirty = true;
    tell(line, "Chưa lưu, giữ từ lần trước");
  }
  function tell(line, words) {
    const place = line.querySelector("[data-local]");
    place.textContent = words;
    place.hidden = !words;
    line.querySelector("[data-said]").hidden = Boolean(words);
  }
  function send(line) {
    if (!line || !line.dirty || line.sending || empty(line)) return;
    line.sending = true;
    tell(line, "Đang lưu…");
    line.querySelector("form").requestSubmit();
  }
  function next(line) {
    const all = lines(), following = all[all.indexOf(line) + 1], field = following && following.querySelector("[name=weight_kg]");
    if (field) { field.focus(); field.select(); } else line.querySelector("button").focus();
  }
  function count() {
    const all = lines(), asked = all.filter((line) => line.dataset.state === "asked");
    document.querySelector("[data-done]").textContent = all.filter((line) => line.querySelector("[name=id]")).length;
    document.querySelector("[data-asked]").hidden = !asked.length;
    document.querySelector("[data-asked-count]").textContent = asked.length;
    if (asked.length) document.querySelector("[data-asked-link]").href = "#" + asked[0].id;
  }

  grid.addEventListener("input", (event) => { const line = event.target.closest("[data-line]"); if (line) keep(line); });
  grid.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || !event.target.matches("input, select")) return;
    const line = event.target.closest("[data-line]");
    event.preventDefault();
    if (event.target.matches("[data-number]")) event.target.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
    const asking = event.target.name === "confirmation";
    send(line);
    if (!asking) next(line); else line.refocus = true;
  });
  grid.addEventListener("focusout", (event) => {
    const line = event.target.closest("[data-line]");
    setTimeout(() => { if (line && line.isConnected && !line.contains(document.activeElement)) send(line); }, 0);
  });
  grid.addEventListener("submit", (event) => { const line = event.target.closest("[data-line]"); line.sending = true; tell(line, "Đang lưu…"); });
  grid.addEventListener("htmx:beforeSwap", (event) => {
    const line = event.target.closest("[data-line]");
    if (line && event.detail.xhr.status === 200) drop(line);
  });
  grid.addEventListener("htmx:afterSettle", count);
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => grid.addEventListener(name, (event) => {
    const line = event.target.closest("[data-line]");
    if (!line || [409, 422].includes(event.detail.xhr && event.detail.xhr.status)) return;
    line.sending = false;
    tell(line, "Chưa lưu: mất kết nối. Số vẫn giữ ở đây.");
  }));
  window.addEventListener("online", () => lines().forEach(send));
  lines().forEach(restore);
  count();
  const first = lines().find((line) => line.dataset.state === "open");
  if (first && !location.hash && matchMedia("(min-width: 768px)").matches) first.querySelector("[name=weight_kg]").focus();
}());
