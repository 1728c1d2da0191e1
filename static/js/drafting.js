/* Editing a county's own standard. Forms work without this; with it: Ctrl+S saves, what was typed is not left behind by
   mistake, boxes grow with what stands in them, departments are found, chosen and moved in place, points are added up.
   Rows of tables: campaign.js. */
(function () {
  "use strict";

  const forms = Array.from(document.querySelectorAll("form[data-draft-form]"));

  /* ---- saving ---- */

  function stateOf(form) {
    return JSON.stringify(Array.from(new FormData(form)).filter(function (entry) { return entry[0] !== "csrfmiddlewaretoken"; }));
  }

  const before = new Map();
  let leaving = false;

  // after campaign.js has numbered its rows
  window.addEventListener("load", function () {
    forms.forEach(function (form) { before.set(form, stateOf(form)); });
  });

  function isDirty() {
    const refused = document.querySelector("main .notice-error");
    return forms.some(function (form) { return before.has(form) && (refused || stateOf(form) !== before.get(form)); });
  }

  document.addEventListener("submit", function (event) { if (!event.defaultPrevented) leaving = true; });
  // a form that was held back, or a page that comes back
  document.addEventListener("input", function () { leaving = false; });
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !isDirty()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || !forms.length) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      const form = event.target.closest("form[data-draft-form]") || forms[0];
      form.requestSubmit(form.querySelector(".form-actions .btn-primary"));
    } else if (event.key === "Enter" && event.target.matches("textarea[data-line]")) {
      event.preventDefault(); // one line, however wide
      event.target.form.requestSubmit(event.target.form.querySelector(".form-actions .btn-primary"));
    }
  });

  /* ---- boxes that grow ---- */

  function grow(box) {
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
  }

  function growAll(place) { place.querySelectorAll("form[data-draft-form] textarea").forEach(grow); }

  document.addEventListener("input", function (event) { if (event.target.matches("form[data-draft-form] textarea")) grow(event.target); });
  window.addEventListener("load", function () { growAll(document); });

  /* ---- institution types of a requirement ---- */

  document.addEventListener("change", function (event) {
    const types = event.target.closest("details.types");
    if (!types) return;
    const chosen = Array.from(types.querySelectorAll("input:checked")).map(function (box) { return box.parentNode.textContent.trim(); });
    types.querySelector("[data-types]").textContent = chosen.join("、") || "全县一份";
  });

  /* ---- departments of an item ---- */

  document.querySelectorAll("[data-responsible]").forEach(function (place) {
    const chosen = place.querySelector("[data-chosen]");
    const others = place.querySelector("[data-others]");
    if (!chosen) return;

    function settle() {
      Array.from(chosen.children).forEach(function (line, at) { line.querySelector("[name^=order-]").value = String(at + 1); });
      Array.from(others.children).forEach(function (line) { line.querySelector("[name^=order-]").value = ""; });
      place.querySelector("[data-none]").hidden = chosen.children.length > 0;
      place.querySelector(".others > summary").textContent = "其他部门 " + others.children.length + " 个";
    }

    place.addEventListener("change", function (event) {
      if (event.target.type !== "radio") return;
      const line = event.target.closest("[data-department]");
      const target = event.target.value ? chosen : others;
      if (line.parentNode === target) return;
      target.append(line);
      settle();
      event.target.focus();
    });

    place.addEventListener("click", function (event) {
      const button = event.target.closest("[data-move-department]");
      if (!button) return;
      const line = button.closest("[data-department]");
      const up = button.dataset.moveDepartment === "-1";
      const other = up ? line.previousElementSibling : line.nextElementSibling;
      if (other && up) other.before(line);
      else if (other) other.after(line);
      settle();
      button.focus();
    });

    const find = place.querySelector("[data-find]");
    find.addEventListener("input", function () {
      const wanted = find.value.trim();
      let found = 0;
      Array.from(others.children).forEach(function (line) {
        line.hidden = !line.querySelector(".name").textContent.includes(wanted);
        if (!line.hidden) found += 1;
      });
      place.querySelector("[data-not-found]").hidden = found > 0;
    });
    find.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });

    settle();
  });

  /* ---- points ---- */

  document.querySelectorAll("form[data-points]").forEach(function (form) {
    const total = form.querySelector("[data-total]");
    form.addEventListener("input", function () {
      const boxes = Array.from(form.querySelectorAll(".points-box"));
      const given = boxes.filter(function (box) { return box.value.trim(); });
      // in hundredths, so that nothing is lost in between
      const sum = given.reduce(function (all, box) { return all + Math.round(Number(box.value) * 100); }, 0);
      if (!given.length) total.textContent = "各条平均，合计 100";
      else if (Number.isNaN(sum)) total.textContent = "有分值不是数字";
      else total.textContent = "填了 " + given.length + " 条，共 " + sum / 100 + (given.length < boxes.length ? "；其余 " + (boxes.length - given.length) + " 条按平均分" : "");
    });
  });
})();
