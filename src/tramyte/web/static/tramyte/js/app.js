/* Behaviour of every page: keys, menu, dialogs, toasts, dates, drafts, ticked rows. Small, no inline code. */
(function () {
  "use strict";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const one = (selector, root) => (root || document).querySelector(selector);
  const phone = () => matchMedia("(max-width: 767px)").matches;

  function remembered(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }
  function remember(name, value) {
    try {
      if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value);
      return true;
    } catch (error) { return false; }
  }

  /* ---- menu: a drawer on a phone, wide or narrow on a PC; the choice is kept in a cookie the server reads */
  function drawer(open) {
    document.body.toggleAttribute("data-drawer", open);
    const target = open ? one(".t-side [data-menu-close]") : one("[data-menu-button]");
    if (target) target.focus();
  }
  function toggleMenu() {
    if (phone()) { drawer(true); return; }
    const shown = document.body.dataset.choice || document.body.dataset.menu;
    document.body.dataset.choice = shown === "narrow" ? "wide" : "narrow";
    document.cookie = "menu=" + document.body.dataset.choice + "; path=/; max-age=31536000; samesite=lax";
  }
  /* The groups that are folded, for the next page: a group is still as it was when its heading is clicked. */
  function keepGroups(clicked) {
    const closed = all(".t-group").filter((group) => group.open === (group === clicked));
    document.cookie = "closed=" + closed.map((group) => group.dataset.group).join(".") + "; path=/; max-age=31536000; samesite=lax";
  }

  /* ---- dialogs and toasts */
  function open(id) {
    const dialog = document.getElementById(id);
    if (id === "keys") listKeys();
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }
  /* The list of keys names what this page has: its buttons with data-key and its forms. */
  function listKeys() {
    const before = one("[data-keys-before]");
    all("[data-keys] [data-listed]").forEach((old) => old.remove());
    const add = (keys, words) => {
      const term = document.createElement("dt"), meaning = document.createElement("dd");
      keys.forEach((name) => {
        const key = document.createElement("span");
        key.className = "kbd";
        key.textContent = name;
        term.append(key, " ");
      });
      meaning.textContent = words;
      [term, meaning].forEach((part) => { part.dataset.listed = ""; before.before(part); });
    };
    all("[data-key]").filter((item) => item.offsetParent).forEach((item) => {
      const words = Array.from(item.childNodes).filter((node) => !(node.matches && node.matches(".kbd, svg"))).map((node) => node.textContent).join("").trim();
      const name = item.dataset.key;
      add([name.charAt(0).toUpperCase() + name.slice(1)], item.dataset.words || item.getAttribute("aria-label") || words);
    });
    if (one("main [data-save], main .save .btn-primary")) add(["Ctrl", "Enter"], "Lưu");
    if (one("[data-save-next]")) add(["Ctrl", "J"], "Lưu, sang mục tiếp theo");
  }
  function toast(text, undo, seconds) {
    const place = one("[data-toasts]"), pattern = one("[data-toast-pattern]");
    if (!place || !pattern) return;
    const box = pattern.content.firstElementChild.cloneNode(true);
    one("[data-words]", box).textContent = text;
    if (undo) {
      const form = one("[data-undo-pattern]").content.firstElementChild.cloneNode(true);
      form.action = undo;
      one("[data-words]", box).append(" ", form);
    }
    place.append(box);
    keepFor(box, seconds || 10);
  }
  function keepFor(box, seconds) {
    let timer = setTimeout(() => box.remove(), seconds * 1000);
    const hold = () => clearTimeout(timer);
    const go = () => { timer = setTimeout(() => box.remove(), seconds * 1000); };
    box.addEventListener("mouseenter", hold);
    box.addEventListener("focusin", hold);
    box.addEventListener("mouseleave", go);
    box.addEventListener("focusout", go);
  }

  /* ---- saved state in the top bar */
  function saved(state) {
    all("[data-saved] [data-state]").forEach((part) => { part.hidden = part.dataset.state !== state; });
  }

  /* ---- keys: from event.code, because a Vietnamese input method changes event.key */
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  function singleKey(event) {
    if (event.code === "Slash" && event.shiftKey) return () => open("keys");
    if (event.code === "Slash" || event.code === "NumpadDivide") return () => { const find = one("[data-find]"); if (find) { find.focus(); find.select(); } };
    const match = /^Key([A-Z])$/.exec(event.code);
    const name = match ? match[1].toLowerCase() : event.code === "Enter" ? "enter" : "";
    const button = name && one('[data-key="' + name + '"]:not([disabled])');
    return button ? () => button.click() : null;
  }
  function onKey(event) {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && document.body.hasAttribute("data-drawer")) { drawer(false); return; }
    if (event.key === "Escape") all(".t-drop[open]").forEach((drop) => { drop.open = false; });
    const form = event.target.closest && event.target.closest("form");
    if (event.ctrlKey) {
      const button = event.code === "Enter" ? form && one("[data-save], .save .btn-primary", form)
        : event.code === "KeyJ" ? form && one("[data-save-next]", form) : null;
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.code === "Enter" && form && form.hasAttribute("data-enter-next") && event.target.matches("input:not([type=submit])")) {
      event.preventDefault();
      nextField(form, event.target);
      return;
    }
    if (typing(event.target) || one("dialog[open]") || remembered("keys-off")) return;
    if (event.code === "Enter" && event.target !== document.body) return;
    const action = singleKey(event);
    if (action) { event.preventDefault(); action(); }
  }
  function nextField(form, field) {
    const fields = all("input:not([type=hidden]), select, textarea, button", form).filter((item) => !item.disabled && item.offsetParent);
    const next = fields[fields.indexOf(field) + 1];
    if (next) next.focus();
  }

  /* ---- dates: 3/6, 0306, 03062026 become dd/mm/yyyy on leaving; the year is the working day's */
  function year() {
    return one("[data-today]") ? one("[data-today]").dataset.today.slice(0, 4) : String(new Date().getFullYear());
  }
  function fullDate(text) {
    const clean = text.trim();
    const parts = /^(\d{1,2})[\/.\- ](\d{1,2})(?:[\/.\- ](\d{4}|\d{2}))?$/.exec(clean) || /^(\d{2})(\d{2})(\d{4}|\d{2})?$/.exec(clean);
    if (!parts) return text;
    const day = parts[1].padStart(2, "0"), month = parts[2].padStart(2, "0");
    const long = !parts[3] ? year() : parts[3].length === 2 ? "20" + parts[3] : parts[3];
    const real = new Date(Date.UTC(+long, +month - 1, +day));
    return real.getUTCMonth() === +month - 1 && real.getUTCDate() === +day ? day + "/" + month + "/" + long : text;
  }

  /* ---- drafts kept in this browser until the server has saved the form */
  const kept = (form) => "draft:" + (document.body.dataset.user || "") + ":" + form.dataset.draft;
  const fields = (form) => all("input, select, textarea", form).filter((field) => field.name && field.name !== "csrfmiddlewaretoken" && !["hidden", "password", "file"].includes(field.type));
  const clock = (moment) => moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const seen = (form) => one("input[type=hidden][name=seen_version], input[type=hidden][name=version]", form);
  function say(form, text) {
    const place = one("[data-draft-said]", form);
    if (place) place.textContent = text;
  }
  function keepDraft(form) {
    const values = fields(form).map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? (field.checked ? field.value : null) : field.value, field.type]);
    if (remember(kept(form), JSON.stringify({ at: Date.now(), values, seen: seen(form) && seen(form).value }))) say(form, "Nháp giữ lúc " + clock(new Date()));
    saved("draft");
  }
  function putDraft(form) {
    const text = remembered(kept(form));
    if (!text) return;
    if (form.hasAttribute("data-bound")) return;
    let draft;
    try { draft = JSON.parse(text); } catch (error) { remember(kept(form), null); return; }
    if (Date.now() - draft.at > 7 * 86400000) { remember(kept(form), null); return; }
    /* What was typed over an older version is sent as such: the server then shows both versions in place of overwriting the newer one. */
    if (draft.seen && seen(form)) seen(form).value = draft.seen;
    const counts = {};
    fields(form).forEach((field) => {
      const nth = counts[field.name] = (counts[field.name] || 0) + 1;
      const entry = draft.values.filter((value) => value[0] === field.name)[nth - 1];
      if (!entry) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = entry[1] !== null; else field.value = entry[1];
    });
    say(form, "Đã mở lại nháp giữ lúc " + clock(new Date(draft.at)));
    saved("draft");
  }
  function watchDrafts(root) {
    all("form[data-draft]", root).forEach((form) => {
      if (form.draftWatched) return;
      form.draftWatched = true;
      putDraft(form);
      let timer;
      form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keepDraft(form), 400); });
      form.addEventListener("submit", () => { clearTimeout(timer); keepDraft(form); remember("draft-sent", kept(form)); });
    });
    all("[data-draft-drop]", root).forEach((button) => button.addEventListener("click", () => {
      const form = button.closest("form");
      if (form) remember(kept(form), null);
    }));
  }
  /* A draft may name a patient: it does not outlive the sign-out on a shared machine. */
  function dropDrafts() {
    try { Object.keys(localStorage).filter((name) => name.startsWith("draft:")).forEach((name) => remember(name, null)); } catch (error) { /* no storage, no drafts */ }
  }
  /* A page without the refused form came back: the save went through and the draft may go. Sign-in and error pages
     carry data-failed; going back or loading again says nothing about the save. */
  function settleSent() {
    const sent = remembered("draft-sent"), arrival = performance.getEntriesByType("navigation")[0], choice = one("form[data-unsaved]");
    if (choice) saved("draft");
    if (!sent) return;
    remember("draft-sent", null);
    if (choice) { // two versions: the draft stays until one of them is chosen
      choice.addEventListener("submit", () => remember("draft-sent", sent));
      one("[data-stored]", choice).addEventListener("click", () => remember(sent, null));
      return;
    }
    if (arrival && arrival.type !== "navigate") return;
    const refused = all("form[data-draft]").some((form) => kept(form) === sent && (form.hasAttribute("data-bound") || one(".bad, .msg.late", form)));
    if (!refused && !document.body.hasAttribute("data-failed")) remember(sent, null);
  }

  /* ---- ticked rows and the bulk bar */
  function refreshBulk(form) {
    const bar = one("[data-bulk-bar]", form), ticks = all("[data-tick]", form).filter((tick) => tick.offsetParent || tick.checked);
    const ticked = new Set(ticks.filter((tick) => tick.checked).map((tick) => tick.value));
    ticks.forEach((tick) => { const row = tick.closest("tr, li"); if (row) row.classList.toggle("sel", tick.checked); });
    const every = one("[data-tick-all]", form);
    if (every) {
      every.checked = ticks.length > 0 && ticks.every((tick) => tick.checked);
      every.indeterminate = ticked.size > 0 && !every.checked;
    }
    if (!bar) return;
    bar.hidden = ticked.size === 0;
    const count = one("[data-bulk-count]", bar);
    if (count) count.textContent = ticked.size.toLocaleString("vi-VN");
  }
  function tickAll(form, on) {
    all("[data-tick]", form).forEach((tick) => { if (tick.offsetParent || !on) tick.checked = on; });
    const flag = one("[data-bulk-flag]", form);
    if (flag) flag.value = "";
    refreshBulk(form);
  }

  /* ---- one listener each */
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const near = (selector) => event.target.closest(selector);
    all(".t-drop[open]").forEach((drop) => { if (!drop.contains(event.target)) drop.open = false; });
    let hit;
    if (near("[data-menu-button]")) toggleMenu();
    else if (near("[data-menu-close]")) drawer(false);
    else if ((hit = near(".t-group > summary"))) keepGroups(hit.parentElement);
    else if ((hit = near("[data-open]"))) open(hit.dataset.open);
    else if ((hit = near("[data-close]"))) hit.closest("dialog").close();
    else if (near("[data-print]")) window.print();
    else if (near("[data-back]")) history.back();
    else if (near("[data-retry]")) location.reload();
    else if ((hit = near("[data-show-password]"))) showPassword(hit);
    else if ((hit = near("[data-fix]"))) { event.preventDefault(); fix(hit); }
    else if ((hit = near("[data-fill-user]"))) fillUser(hit);
    else if ((hit = near("[data-bulk-none]"))) tickAll(hit.closest("form"), false);
    else if ((hit = near("[data-bulk-all]"))) bulkAll(hit);
    else if ((hit = near("tr[data-href]")) && !near("a, button, input, label, select, summary") && !String(getSelection())) location.assign(hit.dataset.href);
  });
  function showPassword(button) {
    const field = document.getElementById(button.dataset.showPassword);
    field.type = field.type === "password" ? "text" : "password";
    one("span", button).textContent = field.type === "password" ? "Hiện" : "Ẩn";
    button.setAttribute("aria-pressed", String(field.type !== "password"));
  }
  function fix(link) {
    const field = document.getElementById(link.hash.slice(1));
    field.value = link.dataset.fix;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function fillUser(button) {
    one('[name="username"]').value = button.dataset.fillUser;
    one('[name="password"]').focus();
  }
  function bulkAll(button) {
    const form = button.closest("form"), flag = one("[data-bulk-flag]", form), count = one("[data-bulk-count]", form);
    tickAll(form, true);
    flag.value = "1";
    count.textContent = button.textContent.replace(/\D+/, "");
  }
  document.addEventListener("change", (event) => {
    const target = event.target, form = target.closest("form");
    if (target.matches("[data-tick-all]")) tickAll(form, target.checked);
    else if (target.matches("[data-tick]")) { const flag = one("[data-bulk-flag]", form); if (flag) flag.value = ""; refreshBulk(form); }
    else if (target.matches("[data-submit]")) form.requestSubmit();
    else if (target.matches("[data-keys-off]")) remember("keys-off", target.checked ? "1" : null);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches && event.target.matches("input[data-date]") && event.target.value) event.target.value = fullDate(event.target.value);
    if (event.target.matches && event.target.matches("input[data-number]")) event.target.value = event.target.value.trim().replace(/^(-?\d+)\.(\d+)$/, "$1,$2");
  });
  document.addEventListener("submit", (event) => {
    const words = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
    if (words && !window.confirm(words)) { event.preventDefault(); return; }
    all("input[data-date]", event.target).forEach((field) => { field.value = fullDate(field.value); });
    if (event.target.matches("[data-signout]")) dropDrafts();
  }, true);
  /* A second click while the answer is on its way sends nothing again; after ten seconds without one it is meant. */
  const sentAt = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (Date.now() - (sentAt.get(form) || 0) < 10000) event.preventDefault(); else sentAt.set(form, Date.now());
  });
  window.addEventListener("pageshow", () => all("form").forEach((form) => sentAt.delete(form)));
  document.addEventListener("toast", (event) => {
    const detail = event.detail || {};
    toast(detail.text || detail.value || "", detail.undo, detail.seconds);
  });
  window.addEventListener("offline", () => saved("lost"));
  window.addEventListener("online", () => saved("ok"));
  document.addEventListener("htmx:sendError", () => saved("lost"));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) saved(one("form[data-draft]") ? "draft" : "ok"); });
  document.addEventListener("htmx:afterSwap", (event) => begin(event.target));

  // The current one of a row that scrolls sideways, without moving the page.
  function bringIntoView(item) {
    const row = item.parentElement, there = item.getBoundingClientRect(), frame = row.getBoundingClientRect();
    row.scrollLeft += there.left + there.width / 2 - (frame.left + frame.width / 2);
  }

  function begin(root) {
    watchDrafts(root);
    all("form[data-bulk]", root).forEach(refreshBulk);
    all(":is(.t-tabs, .seg, .topics) > [aria-current]", root).forEach(bringIntoView);
    const focus = one("[data-focus]", root);
    if (focus) focus.focus();
  }
  settleSent();
  begin(document);
  all("[data-toast]").forEach((box) => { const place = one("[data-toasts]"); if (place) place.append(box); keepFor(box, +box.dataset.toast || 10); });
  all("template[data-toast-now]").forEach((note) => toast(note.content.textContent.trim()));
  const off = one("[data-keys-off]");
  if (off) off.checked = Boolean(remembered("keys-off"));
})();
