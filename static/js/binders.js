/* What each binder lacks stands open where there is room for it, and is folded on a narrow screen. Without scripts it stands
   open everywhere. */
(function () {
  "use strict";

  const narrow = matchMedia("(max-width: 639.98px)");

  function fold() {
    document.querySelectorAll("details.binder-lacks").forEach(function (lacks) { lacks.open = !narrow.matches; });
  }

  narrow.addEventListener("change", fold);
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details.binder-lacks").forEach(function (lacks) { lacks.open = true; });
  });
  addEventListener("afterprint", fold);
  fold();
})();
