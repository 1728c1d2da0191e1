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

  let unfolded = [];

  window.addEventListener("beforeprint", function () {
    unfolded = Array.from(document.querySelectorAll("details.more:not([open])"));
    unfolded.forEach(function (details) { details.open = true; });
  });

  window.addEventListener("afterprint", function () {
    unfolded.forEach(function (details) { details.open = false; });
  });
})();
