/* A course's page tells how long it is in sight, and that its end has been seen; ←/→ turn pages. */
(function () {
  "use strict";

  var text = document.getElementById("course-text");
  if (!text) return;

  function turn(rel) {
    var link = document.querySelector('.turn a[rel="' + rel + '"]');
    if (link) link.click();
  }

  document.addEventListener("keydown", function (event) {
    var busy = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented;
    if (busy || event.target.closest("input, textarea, select, video, audio, details, [contenteditable], [tabindex='0']")) return;
    if (event.key === "ArrowLeft") turn("prev");
    if (event.key === "ArrowRight") turn("next");
  });

  var address = text.getAttribute("data-visit");
  var token = document.querySelector('input[name="csrfmiddlewaretoken"]');
  if (!address || !token) return;
  var since = Date.now();
  var seconds = 0;
  var endSeen = false;

  function count() {
    if (!document.hidden) seconds += (Date.now() - since) / 1000;
    since = Date.now();
  }

  function report(end) {
    var body = new URLSearchParams({ seconds: String(Math.min(60, Math.round(seconds))) });
    if (end) body.set("end", "1");
    seconds = 0;
    fetch(address, {
      method: "POST", body: body, keepalive: true, credentials: "same-origin",
      headers: { "X-CSRFToken": token.value, "X-Requested-With": "fetch" }
    }).catch(function () { /* progress is a convenience: nothing is lost but a minute */ });
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      seconds += (Date.now() - since) / 1000;
      since = Date.now();
      report(false);
    } else {
      since = Date.now();
    }
  });
  window.setInterval(function () { count(); if (seconds >= 25) report(false); }, 30000);
  report(false);

  // The end counts once somebody has stayed as long as it takes to read a few lines.
  var end = document.querySelector(".turn");
  if (end && "IntersectionObserver" in window) {
    new IntersectionObserver(function (entries) {
      if (endSeen || !entries[0].isIntersecting) return;
      window.setTimeout(function () {
        if (endSeen || document.hidden) return;
        endSeen = true;
        count();
        report(true);
      }, 5000);
    }).observe(end);
  }
})();
