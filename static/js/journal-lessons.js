/* The page of a lesson: the kind of a work brings its usual weight; Ctrl+Enter writes. */
(function () {
  "use strict";

  /* What the page itself filled in may be replaced; what a person typed stays. */
  function fill(field, value) {
    if (!field || (field.value && field.value !== field.getAttribute("data-filled"))) return;
    field.value = value;
    field.setAttribute("data-filled", value);
  }

  document.querySelectorAll(".lesson-work").forEach(function (group) {
    var kind = group.querySelector("select");
    var weight = group.querySelector('input[name$="-weight"]');
    if (!kind) return;
    kind.addEventListener("change", function () {
      fill(weight, kind.selectedOptions[0].getAttribute("data-weight") || "");
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = event.target.form;
    if (!form || form.method !== "post") return;
    event.preventDefault();
    form.requestSubmit();
  });
})();
