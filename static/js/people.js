/* Of institution and department only the box is there that the chosen role needs; without scripts both are. */
(function () {
  "use strict";

  const NEEDS = { data_clerk: "institution", liaison: "department" };

  document.querySelectorAll("form[data-role-form]").forEach(function (form) {
    const role = form.elements.role;

    function show() {
      ["institution", "department"].forEach(function (name) {
        const box = form.elements[name];
        const needed = NEEDS[role.value] === name;
        box.closest(".field").hidden = !needed;
        box.disabled = !needed; // nor is it sent
      });
    }

    role.addEventListener("change", show);
    show();
  });
})();
