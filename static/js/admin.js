/* Django's autocomplete lists have no accessible name: each gets that of its field's label, whenever it appears. */
(function () {
  "use strict";

  function nameList(select) {
    var label = document.querySelector('label[for="' + select.id + '"]');
    var list = select.nextElementSibling;
    if (!list || !list.classList.contains("select2")) return;
    list.querySelectorAll(".select2-selection, .select2-selection__rendered").forEach(function (part) {
      if (!part.hasAttribute("aria-label")) part.setAttribute("aria-label", label ? label.textContent.replace(":", "").trim() : select.name);
    });
  }

  function nameLists() {
    document.querySelectorAll("select.admin-autocomplete").forEach(nameList);
  }

  nameLists();
  new MutationObserver(nameLists).observe(document.body, { childList: true, subtree: true });
})();
