/* The county's and an item's page: ← and → lead to the neighbouring items; what is folded away is printed too. */
(function () {
  "use strict";

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, summary, .table-box")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel && document.querySelector(".page-actions a[rel=" + rel + "]");
    if (link) window.location.assign(link.href);
  });

  /* Who comes for one criterion reads it, also where it is folded. */
  function unfold() {
    const part = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const first = part && part.firstElementChild;
    if (first && part.matches(".criterion") && first.matches("details")) first.open = true;
  }

  window.addEventListener("hashchange", unfold);
  unfold();

  let unfolded = [];

  window.addEventListener("beforeprint", function () {
    unfolded = Array.from(document.querySelectorAll("details.more:not([open])"));
    unfolded.forEach(function (details) { details.open = true; });
  }, true); // before the charts take their size on paper

  window.addEventListener("afterprint", function () {
    unfolded.forEach(function (details) { details.open = false; });
  });
})();
