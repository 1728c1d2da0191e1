/* Checking a report: rows by keyboard, frequent reasons by one tap, and how many rows are ticked. Works without. */
(function () {
  "use strict";

  const form = document.getElementById("decide");
  if (!form) return;
  const rows = Array.from(form.querySelectorAll("[data-row]"));

  /* ---- what is chosen shows ---- */

  function show() {
    const count = { "接受": 0, "退回": 0 };
    rows.forEach(function (row) {
      const own = row.querySelector("[name^='r-']");
      const ticked = row.querySelector("[name=pick]").checked;
      const returning = Boolean(own && own.value.trim());
      if (ticked) count["接受"] += 1;
      if (ticked || returning) count["退回"] += 1; // a figure with a reason of its own goes back, ticked or not
      row.classList.toggle("is-picked", ticked);
      row.classList.toggle("is-returning", returning);
    });
    form.querySelectorAll("[data-picked]").forEach(function (button) {
      const number = count[button.dataset.picked];
      if (button.dataset.words === undefined) button.textContent = button.dataset.picked + "所选" + (number ? "（" + number + "）" : "");
      button.classList.toggle("has-pick", number > 0);
      if (button.dataset.words === undefined && "needsPick" in button.dataset) button.disabled = number === 0;
    });
    const reasons = rows.filter(function (row) { return row.classList.contains("is-returning"); }).length;
    form.querySelectorAll("[data-return-own]").forEach(function (button) {
      if (button.dataset.words === undefined) button.textContent = "退回这一项" + (reasons > 1 ? "（共 " + reasons + " 项写了理由）" : "");
    });
  }

  form.addEventListener("change", show);
  form.addEventListener("input", show);
  form.addEventListener("input", function (event) {
    const fault = event.target.parentElement.querySelector(".reason-fault");
    if (!fault) return;
    fault.textContent = "";
    event.target.removeAttribute("aria-invalid");
  });
  window.addEventListener("pageshow", show);

  /* ---- reasons ---- */

  form.addEventListener("click", function (event) {
    const hint = event.target.closest("[data-reason]");
    if (!hint) return;
    const box = hint.parentElement.parentElement.querySelector("input.form-control");
    box.value = hint.textContent;
    show();
    box.focus();
  });

  /* Without a reason nothing is sent: what is missing is said where it is missing. */
  form.addEventListener("click", function (event) {
    const button = event.target.closest("[data-return-own]");
    if (!button) return;
    const panel = button.closest(".row-return");
    const box = panel.querySelector("input.form-control");
    const lacking = box.value.trim().length < 2;
    panel.querySelector(".reason-fault").textContent = lacking ? "请写明退回理由，填报人要照着改。" : "";
    box.toggleAttribute("aria-invalid", lacking);
    if (!lacking) return;
    event.preventDefault();
    box.focus();
  });

  /* A reason that stands in a box which was folded away again would be sent unseen. */
  form.addEventListener("toggle", function (event) {
    if (!event.target.matches(".row-return")) return;
    const box = event.target.querySelector("input.form-control");
    // On a phone the bar stays at the end of the page while somebody writes: it would cover the reasons.
    form.classList.toggle("is-writing", Boolean(form.querySelector(".row-return[open]")));
    if (event.target.open) {
      box.focus({ preventScroll: true });
      event.target.scrollIntoView({ block: "nearest" });
      return;
    }
    box.value = "";
    show();
  }, true);

  /* Enter in a reason returns for that reason; it does not press the page's main button. */
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches("input.form-control")) return;
    event.preventDefault();
    const row = event.target.closest("[data-row]");
    const button = row ? row.querySelector("[data-return-own]") : form.querySelector("[value=return]");
    if (!button.disabled) button.click();
  });

  /* ---- keyboard ---- */

  const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const row = event.target.closest("[data-row]");
    const isFree = event.target === document.body || event.target.id === "content" || event.target === row;
    if (!isFree && !(row && event.target.matches("[name=pick]"))) return;
    if (event.key in STEPS) {
      // Arrows scroll the page as ever until somebody is among the rows.
      if (!row && event.key.startsWith("Arrow")) return;
      event.preventDefault();
      go(row, STEPS[event.key]);
    } else if (row && event.key === " " && event.target === row) {
      event.preventDefault();
      const box = row.querySelector("[name=pick]");
      box.checked = !box.checked;
      show();
    } else if (row && event.key === "r" && row.querySelector(".row-return")) {
      event.preventDefault();
      row.querySelector(".row-return").open = true;
    }
  });

  function go(row, step) {
    const seen = rows.filter(function (each) { return each.offsetParent !== null; });
    const at = row ? seen.indexOf(row) + step : 0;
    const next = seen[Math.max(0, Math.min(seen.length - 1, at))];
    if (next) next.focus();
  }

  show();
})();
