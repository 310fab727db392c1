/* Directive review: the open mark stays in view, selected words fill the field that asks for them, panes on a phone. */
(function () {
  "use strict";
  const root = document.querySelector("[data-review]");
  if (!root) return;
  const doc = root.querySelector("[data-doc]");
  const now = doc.querySelector("mark.now");

  function center(mark) {
    const box = doc.getBoundingClientRect(), place = mark.getBoundingClientRect();
    doc.scrollTop += place.top - box.top - Math.max(40, (doc.clientHeight - place.height) / 3);
  }
  if (now) center(now);

  /* the offset in the text of one end of a selection: the piece it stands in knows where it begins */
  function offset(node, at) {
    const piece = node.nodeType === Node.TEXT_NODE && node.parentElement.closest("[data-s]");
    return piece ? Number(piece.dataset.s) + Array.from(node.data.slice(0, at)).length : null;
  }
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0);
    if (!doc.contains(range.commonAncestorContainer)) return;
    const start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null) return;
    root.querySelectorAll("details[data-select][open] form").forEach((form) => {
      const words = form.querySelector("[data-words-from]");
      if (!words) return;
      words.value = chosen.toString();
      form.elements.start.value = start;
      form.elements.end.value = end;
    });
  });
  root.addEventListener("input", (event) => {
    if (!event.target.matches("[data-words-from]")) return;
    event.target.form.elements.start.value = "";
    event.target.form.elements.end.value = "";
  });

  document.querySelectorAll(".panes a").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    const pane = new URL(link.href).searchParams.get("pane");
    root.dataset.pane = pane;
    document.querySelectorAll(".panes a").forEach((other) => {
      if (other === link) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current");
    });
    const mark = doc.querySelector("mark.now");
    if (pane === "chu" && mark) mark.scrollIntoView({ block: "center" });
  }));
})();
