/* A button that copies the text of an element and says so. */
(function () {
  "use strict";
  function marked(source) {
    const range = document.createRange(), selection = getSelection();
    range.selectNodeContents(source);
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy), words = button.querySelector("span");
    let done = true;
    try { await navigator.clipboard.writeText(source.textContent); } catch (error) { done = marked(source); }
    words.textContent = done ? "Đã chép" : "Chưa chép được";
  });
}());
