/* The frame: navigation on phones, menus, tidy filter addresses, htmx's manners. Pages work without it. */
(function () {
  "use strict";

  // the boxes in which one types why something goes back
  const REASONS = ".use-return[open], .pick-return[open], .decide-return[open], .row-return[open], .return-ticked[open]";

  document.addEventListener("click", function (event) {
    const toggle = event.target.closest(".nav-toggle");
    if (toggle) {
      const open = toggle.closest(".site-header").classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
      return;
    }
    if (event.target.closest("[data-print]")) {
      window.print();
      return;
    }
    closeMenus(event.target.closest("details.menu"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    // what was typed there stays
    const open = document.querySelector("details.menu[open]") || event.target.closest(REASONS) || document.querySelector(REASONS);
    if (!open) return;
    closeMenus(null);
    open.open = false;
    open.querySelector("summary").focus();
  });

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }

  /* An address says only what was chosen: empty fields of a filter stay out of it. */
  document.addEventListener("formdata", function (event) {
    if (event.target.method !== "get") return;
    const data = event.formData;
    Array.from(data.keys()).forEach(function (name) {
      if (data.getAll(name).every(function (value) { return value === ""; })) data.delete(name);
    });
  });

  /* A filter that acts at once still has its button for those without scripts. */
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (form && form.matches("form[data-submit-on-change]") && event.target.matches("select, input[type=checkbox], input[type=radio]")) {
      form.requestSubmit();
    }
  });

  /* A part of a page that could not be fetched says so instead of staying silent. */
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () {
      tell("没有取到数据，请检查网络后重试；仍不行请刷新页面。");
    });
  });

  /* Shows one sentence above the page's content, read out by screen readers; returns it, to be taken back. */
  function tell(sentence, level) {
    const place = document.getElementById("messages");
    const note = document.createElement("div");
    note.className = "notice notice-" + (level || "error");
    note.textContent = sentence;
    place.replaceChildren(note);
    place.scrollIntoView({ block: "nearest" });
    return note;
  }

  window.tell = tell;
})();
