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
  const blank = (line) => fields(line).every((one) => one.name === "position" || !said(one));
  const seen = (line) => ["id", "seen_version"].map((name) => (line.querySelector("[name=" + name + "]") || {}).value || "").join(" ");
  const typed = (line) => fields(line).map((one) => [one.name, said(one)]);
  const told = (line) => JSON.stringify(typed(line));

  function keep(line) {
    line.dirty = true;
    tell(line, "Chưa lưu");
    try { localStorage.setItem(key(line), JSON.stringify({ seen: seen(line), typed: typed(line) })); } catch (error) { /* no storage: the line still stands on the page */ }
  }
  function drop(line) {
    line.dirty = false;
    try { localStorage.removeItem(key(line)); } catch (error) { /* nothing was kept */ }
  }
  function put(line, values) {
    fields(line).forEach((one) => {
      const entry = values.find((pair) => pair[0] === one.name);
      if (!entry) return;
      if (one.type === "checkbox") one.checked = entry[1] === "1"; else one.value = entry[1];
    });
  }
  function restore(line) {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key(line))); } catch (error) { return; }
    if (!kept || !kept.typed) return;
    if (kept.seen !== seen(line)) { differ(line, kept.typed); return; }
    put(line, kept.typed);
    line.dirty = true;
    tell(line, "Chưa lưu, giữ từ lần trước");
  }
  /* The line was written elsewhere since: both versions are shown, and a person chooses. */
  function differ(line, values) {
    const stored = new Map(typed(line)), other = values.filter((pair) => stored.has(pair[0]) && pair[0] !== "position" && !same(stored.get(pair[0]), pair[1]));
    if (!other.length) { drop(line); return; }
    const words = other.map((pair) => label(line, pair[0]) + " " + (pair[1] === "1" ? "có" : pair[1] || "để trống")).join("; ");
    tell(line, "Dòng này đã được ghi từ nơi khác. Bạn gõ mà chưa lưu: " + words + ".");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn sm", textContent: "Lấy số tôi gõ" });
    button.addEventListener("click", () => { put(line, values); keep(line); line.querySelector("[name=weight_kg]").focus(); });
    line.querySelector("[data-local]").append(" ", button);
  }
  const same = (one, other) => one === other || (Boolean(one && other) && Number(one.replace(",", ".")) === Number(other.replace(",", ".")));
  const label = (line, name) => { const field = line.querySelector("[name=" + name + "]").closest("label"); return field ? field.querySelector("span").textContent : name; };
  function tell(line, words) {
    const place = line.querySelector("[data-local]");
    place.textContent = words;
    place.hidden = !words;
    line.querySelector("[data-said]").hidden = Boolean(words);
  }
  function send(line) {
    if (!line || !line.dirty || line.sending) return;
    if (empty(line)) { pass(line); return; }
    tell(line, "Đang lưu…");
    line.querySelector("form").requestSubmit();
  }
  function pass(line) {
    if (line.querySelector("[name=id]")) tell(line, "Chưa lưu: dòng đã xóa hết số. Muốn bỏ lần cân đo này, mở sổ và đánh dấu ghi nhầm.");
    else if (blank(line)) { drop(line); tell(line, ""); } else tell(line, "Chưa lưu: chưa có số đo.");
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
    if (!asking) next(line); else line.onward = true;
  });
  grid.addEventListener("focusout", (event) => {
    const line = event.target.closest("[data-line]");
    setTimeout(() => { if (line && line.isConnected && !line.contains(document.activeElement)) send(line); }, 0);
  });
  grid.addEventListener("submit", (event) => { const line = event.target.closest("[data-line]"); line.sending = true; line.sent = told(line); tell(line, "Đang lưu…"); });
  /* A line is replaced by the answer: what was typed meanwhile, and where the keyboard stood, go over to the new one. */
  const leaving = new Map();
  grid.addEventListener("htmx:beforeSwap", (event) => {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    const more = line.sent !== undefined && line.sent !== told(line) ? typed(line) : null;
    leaving.set(line.id, { more, at: line.contains(document.activeElement) ? document.activeElement.name : "", onward: line.onward });
    if (event.detail.xhr.status === 200) drop(line);
  });
  grid.addEventListener("htmx:afterSettle", () => {
    leaving.forEach((left, id) => { const line = document.getElementById(id); if (line) arrive(line, left); });
    leaving.clear();
    count();
  });
  function arrive(line, left) {
    if (left.more) { put(line, left.more); keep(line); }
    if (left.onward && line.dataset.state === "saved") next(line);
    else if (left.at || left.onward) (line.querySelector("[name=" + (left.at || "weight_kg") + "]") || line.querySelector("[name=weight_kg]")).focus();
    if (left.more && !line.contains(document.activeElement)) send(line);
  }
  const WHY = (status) => (!status ? "mất kết nối" : status === 401 || status === 403 ? "phiên làm việc đã hết, tải lại trang để đăng nhập" : "máy chủ gặp lỗi, thử lại sau ít phút");
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => grid.addEventListener(name, (event) => {
    const line = event.target.closest("[data-line]"), status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!line || [409, 422].includes(status)) return;
    line.sending = false;
    tell(line, "Chưa lưu: " + WHY(status) + ". Số vẫn giữ ở đây.");
  }));
  window.addEventListener("online", () => lines().forEach(send));
  lines().forEach(restore);
  count();
  const first = lines().find((line) => line.dataset.state === "open");
  if (first && !location.hash && matchMedia("(min-width: 768px)").matches) first.querySelector("[name=weight_kg]").focus();
}());
