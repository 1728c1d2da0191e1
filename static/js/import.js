/* The import of a ledger: a file that is too large is told before it is sent; long lists of choices can be searched; words
   on cautions are asked for where the figures are submitted. */
(function () {
  "use strict";

  const LONG = 12;

  document.querySelectorAll("input[type=file][data-max-bytes]").forEach(function (input) {
    const limit = Number(input.dataset.maxBytes);
    input.addEventListener("change", function () {
      const file = input.files[0];
      const size = file && (file.size / 1024 / 1024).toFixed(1);
      const tooLarge = file && file.size > limit;
      input.setCustomValidity(tooLarge ? "文件有 " + size + " MB，超过 " + limit / 1024 / 1024 + " MB 的上限。" : "");
      input.reportValidity();
    });
  });

  // Listens to the document: htmx puts the page's content anew where something was missing.
  function askForWords() {
    const words = document.querySelector("[data-for-submitting]");
    if (!words) return;
    const chosen = document.querySelector("input[name=way]:checked");
    const asked = words.dataset.forSubmitting === "always" || (chosen && chosen.value !== "draft");
    words.hidden = !asked;
    words.querySelector("textarea").required = Boolean(asked);
  }
  document.addEventListener("change", function (event) { if (event.target.name === "way") askForWords(); });
  document.addEventListener("htmx:afterSettle", askForWords);
  askForWords();

  document.querySelectorAll(".to-match select").forEach(function (select) {
    if (select.options.length <= LONG) return;
    const search = document.createElement("input");
    search.type = "search";
    search.className = "form-control option-search";
    search.placeholder = "输入文字筛选";
    search.setAttribute("aria-label", "筛选指标");
    search.addEventListener("input", function () { narrow(select, search.value.trim()); });
    search.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault(); // not the form's button: the first that fits
      const first = Array.from(select.querySelectorAll("optgroup > option")).find(function (option) { return !option.hidden; });
      if (first) select.value = first.value;
    });
    select.before(search);
  });

  function narrow(select, words) {
    Array.from(select.options).forEach(function (option) {
      // what stands outside the groups (不导入此列) is always offered
      option.hidden = option.parentElement !== select && !option.text.includes(words);
    });
    select.querySelectorAll("optgroup").forEach(function (group) {
      group.hidden = !group.querySelector("option:not([hidden])");
    });
  }
})();
