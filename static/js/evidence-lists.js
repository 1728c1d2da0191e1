/* Lists of evidence: how many uses are ticked, and upload areas that stand open where somebody holds a phone.
   htmx may bring the list anew at any time, so all listens to the document. Works without. */
(function () {
  "use strict";

  /* ---- what is ticked ---- */

  function ticks() { return Array.from(document.querySelectorAll("input[name=use][form=decide]")); }

  function show() {
    const bar = document.querySelector("[data-pick-bar]");
    if (!bar) return;
    const all = ticks();
    const count = all.filter(function (box) { return box.checked; }).length;
    bar.classList.toggle("has-none", count === 0);
    bar.querySelectorAll("[data-picked]").forEach(function (place) { place.textContent = count ? "（" + count + "）" : ""; });
    const every = document.querySelector("[data-tick-all]");
    if (!every) return;
    every.checked = all.every(function (box) { return box.checked || box.hasAttribute("data-undated"); });
    every.indeterminate = count > 0 && !every.checked;
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-tick-all]")) {
      ticks().forEach(function (box) { box.checked = event.target.checked && !box.hasAttribute("data-undated"); });
    }
    show();
  });
  window.addEventListener("pageshow", show);

  /* Enter in the reason returns; it does not press the page's main button. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches(".pick-reason .form-control")) return;
    event.preventDefault();
    event.target.parentElement.querySelector("button").click();
  });

  /* ---- a phone's camera at hand ---- */

  function unfold() {
    if (!window.matchMedia("(pointer: coarse)").matches) return;
    document.querySelectorAll("[data-open-by-touch]").forEach(function (box) {
      box.open = true;
      box.classList.add("by-touch");
      box.removeAttribute("data-open-by-touch");
    });
  }

  /* What an area says about the files that came in stays to be read when the list around it is renewed. */
  function reopen() {
    document.querySelectorAll("details.share-upload .upload-line").forEach(function (line) {
      line.closest("details").open = true;
    });
  }

  document.addEventListener("htmx:afterSettle", function () { unfold(); reopen(); show(); });
  unfold();
  show();
})();
