/* The editor of a report's section: figures are chips that cannot be typed over; words save themselves. */
(function () {
  "use strict";
  const MARK = /\{\{([\w@.\-]+\.\w+|table:\w+)\}\}/gu;
  const WAIT = 1500;

  function chip(mark, words) {
    const made = document.createElement("span");
    made.className = "fig-chip";
    made.contentEditable = "false";
    made.dataset.mark = mark;
    made.textContent = words || (mark.startsWith("table:") ? "[bảng số liệu]" : mark);
    return made;
  }
  function fill(editor, text, shown) {
    let end = 0;
    for (const found of text.matchAll(MARK)) {
      editor.append(text.slice(end, found.index), chip(found[1], shown[found[1]]));
      end = found.index + found[0].length;
    }
    editor.append(text.slice(end));
  }
  /* The text as it is kept: chips become marks again; a browser's own line elements become line ends. */
  function read(node) {
    let text = "";
    node.childNodes.forEach((child) => {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
      else if (child.dataset && child.dataset.mark) text += "{{" + child.dataset.mark + "}}";
      else if (child.nodeName === "BR") text += "\n";
      else text += (text && !text.endsWith("\n") ? "\n" : "") + read(child);
    });
    return text;
  }

  document.querySelectorAll("form[data-section]").forEach((form) => {
    const area = form.querySelector("textarea"), said = form.querySelector("[data-said]");
    const version = form.querySelector("[name=version]"), more = form.querySelector("[data-insert]");
    const editor = document.createElement("div");
    let timer = 0, stopped = false, sending = null;
    editor.className = "editor";
    editor.setAttribute("role", "textbox");
    editor.setAttribute("aria-multiline", "true");
    editor.setAttribute("aria-labelledby", area.dataset.label);
    editor.tabIndex = 0;
    editor.contentEditable = "true";
    try { editor.contentEditable = "plaintext-only"; } catch (error) { /* an older browser edits with its own line elements */ }
    fill(editor, area.value, JSON.parse(area.dataset.chips));
    area.hidden = true;
    area.after(editor);
    editor.focus();

    async function save() {
      area.value = read(editor);
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer) { said.textContent = "Chưa lưu được: mất kết nối. Chữ vẫn còn ở đây."; return; }
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) { version.value = told.version; said.textContent = told.said; } else {
        stopped = answer.status === 409;
        said.textContent = told.message || "Chưa lưu được. Chữ vẫn còn ở đây, hãy thử lại.";
        said.classList.add("late");
      }
    }
    /* One save at a time: a second one sent with the version of before the first would be refused. */
    function savesNext() {
      const next = () => (stopped ? null : save());
      const mine = sending = (sending || Promise.resolve()).then(next).finally(() => { if (sending === mine) sending = null; });
    }
    editor.addEventListener("input", () => {
      area.value = read(editor);
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(savesNext, WAIT);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      area.value = read(editor);
      if (!sending) return;
      event.preventDefault();
      sending.finally(() => form.requestSubmit(event.submitter));
    });
    if (more) {
      more.hidden = false;
      more.querySelector("select").addEventListener("change", (event) => {
        const option = event.target.selectedOptions[0];
        if (!option.value) return;
        const spot = window.getSelection(), inside = spot.rangeCount && editor.contains(spot.anchorNode);
        const made = chip(option.value, option.dataset.text);
        if (inside) spot.getRangeAt(0).insertNode(made); else editor.append(" ", made);
        event.target.value = "";
        editor.dispatchEvent(new Event("input"));
      });
    }
  });
}());
