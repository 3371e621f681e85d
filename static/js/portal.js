/* Small conveniences over pages that work without scripts: show a password, print, copy, warn of unsaved changes. */
(function () {
  "use strict";

  function button(text) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    return made;
  }

  function addPasswordToggle(input) {
    var wrap = document.createElement("div");
    var toggle = button("Показать");
    wrap.className = "with-button";
    input.parentNode.insertBefore(wrap, input);
    wrap.appendChild(input);
    wrap.appendChild(toggle);
    toggle.setAttribute("aria-controls", input.id);
    toggle.setAttribute("aria-label", "Показать пароль");
    toggle.addEventListener("click", function () {
      var shown = input.type === "password";
      input.type = shown ? "text" : "password";
      toggle.textContent = shown ? "Скрыть" : "Показать";
      toggle.setAttribute("aria-label", shown ? "Скрыть пароль" : "Показать пароль");
      input.focus();
    });
    // A password left visible must not be remembered by the browser as ordinary text.
    if (input.form) input.form.addEventListener("submit", function () { input.type = "password"; });
  }

  function copyFallback(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    document.body.appendChild(area);
    area.select();
    var copied = document.execCommand("copy");
    area.remove();
    return copied ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function copy(text) {
    return navigator.clipboard && window.isSecureContext ? navigator.clipboard.writeText(text) : copyFallback(text);
  }

  /* data-copy="#id" copies the text of that element, lines kept; the answer is said aloud too. */
  function onCopy(control) {
    var source = document.querySelector(control.getAttribute("data-copy"));
    var before = control.innerHTML;
    if (!source) return;
    copy(source.innerText.trim()).then(
      function () { control.textContent = "Скопировано"; },
      function () { control.textContent = "Не удалось: выделите и скопируйте сами"; }
    ).then(function () {
      control.setAttribute("aria-live", "polite");
      setTimeout(function () { control.innerHTML = before; }, 2500);
    });
  }

  /* data-insert="#id" puts data-text into that field where the caret stands, after a comma where words come before. */
  function onInsert(control) {
    var field = document.querySelector(control.getAttribute("data-insert"));
    if (!field) return;
    var before = field.value.slice(0, field.selectionStart);
    var text = (/[^\s;,]\s*$/.test(before.split("\n").pop()) ? ", " : "") + control.getAttribute("data-text");
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  function guardUnsaved(form) {
    var changed = false;
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) {
      if (!changed) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  function keepOneSubmit(form) {
    form.addEventListener("submit", function (event) {
      if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
      form.setAttribute("data-sent", "");
      setTimeout(function () { form.removeAttribute("data-sent"); }, 4000);
    });
  }

  /* The code of a one-time link stands after «#», which no server sees: it goes into the form, and out of the address. */
  function takeCodeFromAddress(form) {
    var code = decodeURIComponent(window.location.hash.slice(1));
    var field = form.querySelector('input[name="code"]');
    if (!code || !field || field.getAttribute("aria-invalid")) return;
    field.value = code;
    field.closest(".field").hidden = true;
    window.history.replaceState(null, "", window.location.pathname);
  }

  /* A form that came back opens where the first wrong field is: seen at once on a phone, and read aloud with its error. */
  function showFirstError() {
    var wrong = document.querySelector('main form [aria-invalid="true"]:not([type="hidden"])');
    if (!wrong || document.querySelector('main [role="alert"]') || document.activeElement !== document.body) return;
    var fold = wrong.closest("details");
    if (fold) fold.open = true;
    wrong.focus({ preventScroll: true });
    (wrong.closest(".field") || wrong).scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", function (event) {
    var control = event.target.closest ? event.target.closest("[data-print], [data-copy], [data-insert]") : null;
    if (!control) return;
    if (control.hasAttribute("data-insert")) onInsert(control);
    else if (control.hasAttribute("data-print")) window.print();
    else onCopy(control);
  });

  // allauth tells of a passkey that did not work by this event only.
  document.addEventListener("allauth.error", function (event) {
    var trouble = document.querySelector("[data-webauthn-trouble]");
    if (!trouble) return;
    event.preventDefault();
    trouble.hidden = false;
  });

  document.querySelectorAll('input[type="password"]').forEach(addPasswordToggle);
  document.querySelectorAll("form[data-code-from-address]").forEach(takeCodeFromAddress);
  document.querySelectorAll("form[data-unsaved]").forEach(guardUnsaved);
  document.querySelectorAll('form[method="post"]').forEach(keepOneSubmit);
  showFirstError();
  // Buttons that need a script stand hidden until there is one.
  document.querySelectorAll("[data-print], [data-copy], [data-insert]").forEach(function (control) { control.hidden = false; });
  // On a phone the row of sections scrolls: the current one is brought into sight.
  var current = document.querySelector(".side [aria-current]");
  if (current && current.offsetParent) {
    var row = current.closest(".side");
    row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  }
})();
