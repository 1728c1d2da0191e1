/* A grant in the admin: the institutions offered are those of the county chosen above. The server checks it again. */
(function () {
  "use strict";

  window.addEventListener("load", function () {
    const $ = window.django.jQuery;
    const county = document.getElementById("id_county");
    const institution = $("#id_institution");
    if (!county || !institution.length) return;
    const offered = institution.data("select2").options.options.ajax;
    const asked = offered.data;
    offered.data = function (params) {
      return Object.assign(asked(params), { county: county.value });
    };
    institution.select2({ ajax: offered });
    county.addEventListener("change", function () { institution.val(null).trigger("change"); });
  });
})();
