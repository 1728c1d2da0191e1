/* Ticking many at once: rows of the worklist, elements of a round by groups. Pages work without it. */
(function () {
  "use strict";

  /* ---- the worklist ---- */

  function boxesOf(form) {
    return Array.from(form.querySelectorAll("input[name=institution]"));
  }

  function count(form) {
    const boxes = boxesOf(form);
    const ticked = boxes.filter(function (box) { return box.checked; }).length;
    form.querySelector("[data-ticked]").textContent = String(ticked);
    form.querySelectorAll("[data-needs-ticks]").forEach(function (button) {
      if (button.dataset.words === undefined) button.disabled = ticked === 0;
    });
    form.querySelector(".ticked-tools").classList.toggle("has-ticks", ticked > 0);
    const all = form.querySelector("[data-tick-page]");
    all.disabled = boxes.length === 0;
    all.textContent = boxes.length && ticked === boxes.length ? "全不选" : "全选本页";
    boxes.forEach(function (box) { box.closest("tr").classList.toggle("ticked", box.checked); });
  }

  document.addEventListener("change", function (event) {
    const form = event.target.closest("[data-ticking]");
    if (form && event.target.name === "institution") count(form);
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-tick-page]");
    if (!button) return;
    const form = button.closest("form");
    const boxes = boxesOf(form);
    const tick = !boxes.every(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = tick; });
    count(form);
  });

  /* also after a filter has replaced the list, and after the browser has filled boxes in again */
  function countAll() { document.querySelectorAll("[data-ticking]").forEach(count); }
  document.addEventListener("htmx:afterSettle", countAll);
  window.addEventListener("pageshow", countAll);

  /* On a phone the filters would push the list off the screen: folded, with how many are set. */
  const fold = document.querySelector(".filter-fold");
  if (fold) {
    const small = window.matchMedia("(max-width: 719.98px)");
    const say = function () {
      const boxes = Array.from(fold.querySelectorAll(".filter input, .filter select"));
      const set = boxes.filter(function (box) { return box.value; }).length;
      fold.querySelector("summary").textContent = set ? "筛选（" + set + " 项）" : "筛选";
    };
    const arrange = function () { fold.open = !small.matches; };
    fold.addEventListener("change", say);
    window.addEventListener("pageshow", say);
    small.addEventListener("change", arrange);
    arrange();
  }

  /* ---- setting a round up ---- */

  const form = document.querySelector(".round-form");
  if (!form) return;
  const boxes = Array.from(form.querySelectorAll("input[name=elements]"));
  const own = form.querySelector("[data-own-choice]");

  function show() {
    const chosen = form.querySelector("input[name=scope]:checked");
    const scope = chosen ? chosen.value : "";
    own.hidden = scope !== "chosen";
    const asked = boxes.filter(function (box) {
      return scope === "everything" || (scope === "used" ? "used" in box.dataset : box.checked);
    });
    form.querySelectorAll("[data-fields-of]").forEach(function (place) {
      const fields = asked.filter(function (box) {
        return box.dataset.types.split(" ").indexOf(place.dataset.fieldsOf) >= 0;
      }).length;
      place.textContent = String(fields);
      place.closest("tr").classList.toggle("asks-nothing", fields === 0);
    });
    form.querySelectorAll(".element-group").forEach(function (group) {
      group.querySelector("[data-ticked]").textContent = String(group.querySelectorAll("input:checked").length);
    });
  }

  form.addEventListener("change", show);
  form.addEventListener("click", function (event) {
    const button = event.target.closest("[data-tick-group]");
    if (!button) return;
    button.closest(".element-group").querySelectorAll("input[name=elements]").forEach(function (box) {
      box.checked = button.dataset.tickGroup === "yes";
    });
    show();
  });
  show();
  window.addEventListener("pageshow", show);
})();
