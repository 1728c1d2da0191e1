/* "以下都用这句说明": puts the sentence into the boxes of the same form that are empty, or hold what stood here before. Without
   scripts the server does it (views/typed.py). */
(function () {
  "use strict";

  document.addEventListener("focusout", function (event) {
    const source = event.target;
    if (!source.matches("[data-one-word]")) return;
    const sentence = source.value.trim();
    const before = source.dataset.before || "";
    if (sentence === before) return;
    source.dataset.before = sentence;
    source.form.querySelectorAll("textarea[name^='x-']").forEach(function (box) {
      if (box === source || box.readOnly || (box.value.trim() && box.value.trim() !== before)) return;
      box.value = sentence;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
})();
