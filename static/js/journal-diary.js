/* «А что если…»: the answer follows what is typed. The server counts; without scripts the button asks it. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-instant]");
  if (!form) return;
  var selector = form.getAttribute("data-instant");
  var waiting = null;
  var asked = 0;

  function show(html, number, address) {
    var found = new DOMParser().parseFromString(html, "text/html").querySelector(selector);
    // An answer that a later question has overtaken is not shown.
    if (!found || number !== asked) return;
    document.querySelector(selector).replaceChildren.apply(
      document.querySelector(selector), Array.prototype.slice.call(document.importNode(found, true).childNodes)
    );
    window.history.replaceState(null, "", address);
  }

  function ask() {
    var address = window.location.pathname + "?" + new URLSearchParams(new FormData(form)).toString();
    var number = ++asked;
    fetch(address)
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (html) { show(html, number, address); })
      .catch(function () { /* The button is still there. */ });
  }

  form.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  });
})();
