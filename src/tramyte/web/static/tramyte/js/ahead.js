/* Typing ahead at the table of a session. While the server answers, letters go into the fields as always, and a step that is sent is held.
   The answer brings another board: what was typed since is carried over to the field it was meant for; a held step is done when
   what it acts on still reads as it did when the key was pressed, else nothing is done and the board says so. What was ticked or chosen
   for somebody whom the new board does not show is named with that person. */
window.tableAhead = (function () {
  "use strict";
  const SLOW = 400; // ms without an answer after which the board says that it is being saved
  const UNSEEN = 300; // ms: an Enter so soon after another person has come to the table was not meant for that person
  const board = () => document.querySelector("[data-board]");
  const one = (selector) => board().querySelector(selector);
  const fields = (root) => Array.from(root.querySelectorAll("input:not([type=hidden]), select, textarea"));
  const isText = (item) => item.matches("input:not([type=checkbox]), textarea");
  const value = (item) => item.type === "checkbox" ? String(item.checked) : item.value;
  const action = (item) => { const form = item.closest("form"); return form ? form.getAttribute("action") : ""; };
  const address = (item) => [action(item), item.id || item.name || item.getAttribute("href"), item.matches("[type=checkbox], button") ? item.value : "", item.getAttribute("aria-label")].join(" ");
  const face = () => one(".t-panel").textContent.replace(/\s+/g, " ");
  const child = () => board().dataset.child;
  const childName = () => { const name = one(".t-panel h2 a"); return name ? name.textContent : ""; };

  let awaited = null; // what was on the screen when the step was sent that is not answered yet
  let waiting = null; // what is left to do when the new board is complete
  let pressed = 0, came = 0, replaying = false; // when a key or the mouse was last pressed; since when this person is on the screen

  function asCame(item) {
    if (item.type === "checkbox") return String(item.defaultChecked);
    if (item.tagName !== "SELECT") return item.defaultValue;
    const chosen = Array.from(item.options).find((option) => option.defaultSelected) || item.options[0];
    return chosen ? chosen.value : "";
  }
  /* of the form that was sent: touched since then, though it be the same number again; a tick that was set and taken back is none */
  const isTyped = (item) => awaited && awaited.values.has(item) ? awaited.touched.has(item) && (isText(item) || value(item) !== awaited.values.get(item)) : value(item) !== asCame(item);
  /* "bỏ chọn “OPV lần 1”": what was done to a field that holds no text, in words */
  function deed(item) {
    if (item.tagName === "SELECT") return "chọn “" + item.selectedOptions[0].textContent.trim() + "”";
    const label = item.closest("label") || item, words = (label.querySelector("b") || label).textContent.trim();
    return (item.checked ? "đánh dấu “" : "bỏ dấu “") + words + "”";
  }

  /* ---- a step is sent; another one waits */
  function send(form) {
    const focus = document.activeElement;
    awaited = { form, focus, child: child(), name: childName(), next: board().dataset.next, face: face(), held: [], lost: [], touched: new Set(), values: new Map(fields(form).map((item) => [item, value(item)])) };
    board().setAttribute("aria-busy", "true");
    if (focus.select && form.contains(focus)) focus.select(); // what is typed now is another entry, not more of this one
    const mine = awaited;
    setTimeout(() => { if (awaited === mine) saving(); }, SLOW);
  }
  function saving() {
    const line = one(".t-board-said");
    line.classList.remove("bad");
    line.textContent = "Đang lưu… Có thể gõ tiếp.";
  }
  function hold(form, submitter) {
    const box = form.querySelector("[data-reception]"), focus = document.activeElement;
    awaited.held.push({ typed: !box && awaited.touched.has(focus) && isText(focus) ? focus.value : "", box: box ? box.value : null, panel: form.matches("[data-serve]"), name: submitter ? submitter.name : "", value: submitter ? submitter.value : "" });
    if (box) awaited.touched.delete(box);
    if (focus.select && form.contains(focus)) focus.select();
  }
  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  document.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  document.addEventListener("pointerdown", (event) => { pressed = event.timeStamp; }, true);
  document.addEventListener("input", (event) => { if (awaited) awaited.touched.add(event.target); }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("[data-board]")) return;
    if (awaited) {
      stop(event);
      hold(form, event.submitter);
    } else if (form.matches("[data-serve]") && !replaying && (pressed < came || (pressed < came + UNSEEN && !fields(form).some(isTyped)))) {
      stop(event);
      tell("Enter bấm trước khi kịp thấy " + childName() + ": chưa ghi gì. Xem tên và mũi tiêm rồi Enter.");
    }
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === board() && !event.detail.elt.matches("[data-renew]")) send(event.detail.elt);
  });

  /* ---- the answer is there: what is on the old board, then what of it belongs on the new one */
  const leaf = (fold) => [fold.querySelector("summary").textContent.replace(/\d+/g, "").trim(), action(fold), ...Array.from(fold.querySelectorAll("form, input[id]")).slice(0, 3).map((item) => item.id || item.getAttribute("action")), fold.closest(".t-panel") ? child() : ""].join(" ");
  function leave(said) {
    const focus = document.activeElement, inside = board().contains(focus);
    const typed = fields(board()).filter(isTyped).map((item) => ({ address: address(item), name: item.name, value: value(item), text: isText(item), table: Boolean(item.closest("[data-serve]")), deed: isText(item) ? "" : deed(item), whose: childName() }));
    const folds = Array.from(board().querySelectorAll("details")).filter((fold) => fold.open).map(leaf);
    const rolled = Array.from(board().querySelectorAll(".t-fold .t-queue")).map((list) => list.scrollTop);
    return { said, typed, folds, rolled, child: child(), face: face(), focus: inside ? address(focus) : "", moved: awaited && inside && focus !== awaited.focus, caret: inside && isText(focus) ? [focus.selectionStart, focus.selectionEnd] : null };
  }
  function put(item, text) {
    if (item.type === "checkbox") item.checked = text === "true"; else item.value = text;
  }
  /* the field for what was typed: the same one; for the person who was next in the queue, the field of that name */
  function fieldOf(entry, before) {
    const same = fields(board()).find((item) => address(item) === entry.address);
    if (same || !entry.table || !entry.text || !before || child() !== before.next) return same;
    return one('[data-serve] input[name="' + entry.name + '"]');
  }
  function carry(left, before) {
    Array.from(board().querySelectorAll("details")).forEach((fold) => { if (left.folds.includes(leaf(fold))) fold.open = true; });
    board().querySelectorAll(".t-fold .t-queue").forEach((list, nth) => { list.scrollTop = left.rolled[nth] || 0; });
    return left.typed.filter((entry) => {
      const item = fieldOf(entry, before);
      if (item) put(item, entry.value);
      return !item && (entry.text ? entry.value : entry.table);
    });
  }
  function focusOn(left) {
    const found = left.focus && Array.from(board().querySelectorAll("input, select, textarea, button, a, summary")).find((item) => address(item) === left.focus);
    if (!found || found.disabled) return false;
    found.focus({ preventScroll: true });
    if (left.caret && found.setSelectionRange) found.setSelectionRange(left.caret[0], left.caret[1]);
    return true;
  }
  function land(left, renewed, begin) {
    const before = renewed ? null : awaited, lost = carry(left, before).concat(before ? before.lost : []);
    awaited = renewed ? awaited : null;
    if (face() !== left.face) come(); else board().dataset.seen = "";
    if (renewed) focusOn(left);
    else if (!(left.moved && focusOn(left))) begin();
    waiting = before && { before, lost };
  }
  /* somebody else is at the table: on the screen from the next picture on */
  function come() {
    came = Infinity;
    requestAnimationFrame(() => {
      came = performance.now();
      board().dataset.seen = "";
    });
  }
  /* once htmx knows the new forms */
  function resume() {
    const found = waiting;
    waiting = null;
    if (found) replay(found.before.held, found.before, found.lost);
  }

  /* ---- held steps */
  const mayReceive = () => !one("[data-pick]") && !one(".t-board-said").classList.contains("bad");
  function replay(held, before, lost) {
    const first = held[0];
    if (first && first.box !== null && mayReceive()) receive(held, lost);
    else if (first && first.panel && child() === before.child && face() === before.face) serve(first, held.slice(1), lost);
    else if (first || lost.length) tell(sentence(held, before, lost));
  }
  /* `rest` and `lost` are for the board after this one */
  function resend(form, submitter, rest, lost) {
    replaying = true;
    form.requestSubmit(submitter);
    replaying = false;
    if (!awaited) return;
    awaited.held.push(...rest);
    awaited.lost.push(...lost);
  }
  function receive(held, lost) {
    const box = one("[data-reception]"), later = box.value;
    put(box, held[0].box);
    resend(box.form, null, held.slice(1), lost);
    if (later && awaited) {
      put(box, later);
      awaited.touched.add(box);
    }
  }
  function serve(step, rest, lost) {
    const form = one("[data-serve]"), buttons = Array.from(form.querySelectorAll("button"));
    resend(form, buttons.find((button) => button.name === step.name && button.value === step.value) || null, rest, lost);
  }
  function sentence(held, before, lost) {
    const here = fields(board()).map(value), replaced = held.filter((step) => step.typed && !here.includes(step.typed)).map((step) => step.typed);
    const texts = [...new Set([...held.filter((step) => step.box).map((step) => step.box), ...replaced, ...lost.filter((entry) => entry.text).map((entry) => entry.value)])];
    const words = (texts.length ? "“" + texts.join("”, “") + "” gõ khi máy đang lưu chưa được ghi, hãy gõ lại. " : "") + ticks(lost.filter((entry) => !entry.text));
    if (!held.some((step) => step.box === null)) return words.trim();
    const another = child() !== before.child && childName();
    return (words + (another ? " Chưa ghi gì cho " + another + ": xem tên và mũi tiêm rồi Enter." : " Enter bấm khi máy đang lưu không ghi gì thêm.")).replace(/  +/g, " ").trim();
  }
  /* what was ticked for somebody who has left the table: it is neither written nor carried to another child */
  function ticks(lost) {
    if (!lost.length) return "";
    const whose = lost[0].whose, deeds = [...new Set(lost.filter((entry) => entry.whose === whose).map((entry) => entry.deed))].join(", ");
    const rest = lost.filter((entry) => entry.whose !== whose);
    return deeds.charAt(0).toUpperCase() + deeds.slice(1) + " khi máy đang lưu " + whose + " chưa được ghi. Nếu đúng của " + whose + ", mở lại ở hàng chờ hoặc “Đã xong”. " + ticks(rest);
  }
  function tell(words) {
    const line = one(".t-board-said"), more = one("[data-held]") || document.createElement("span");
    more.dataset.held = "";
    more.setAttribute("role", "alert");
    more.textContent = words;
    line.append(more);
  }
  /* nothing was saved: the fields hold again what was sent, so that Enter sends the same once more */
  function fail() {
    if (!awaited) return;
    const before = awaited, later = fields(before.form).filter((item) => isText(item) && isTyped(item)).map((item) => ({ text: true, value: value(item) }));
    before.values.forEach((text, item) => { if (isText(item)) put(item, text); }); // ticks stay as they were set last: they are this child's, and seen
    awaited = null;
    board().removeAttribute("aria-busy");
    if (before.held.length || later.length) tell(sentence(before.held, before, later));
  }

  document.addEventListener("htmx:afterSettle", (event) => { if (event.target === board()) resume(); });
  /* an answer that brought no board: after its own event, which says why */
  document.addEventListener("htmx:afterRequest", (event) => {
    if (awaited && event.detail.elt === awaited.form) setTimeout(() => { if (awaited && event.detail.elt === awaited.form) fail(); });
  });

  come();
  return { isAwaited: () => Boolean(awaited), isTyped, anyTyped: () => fields(board()).some(isTyped) || one("[data-reception]").value !== "", leave, land, fail };
}());
