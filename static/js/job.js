/* Drives a long work while its page is open: posts «advance» again and again and moves the bar. */
(function () {
  "use strict";

  var form = document.querySelector("[data-job]");
  if (!form) return;
  var bar = form.querySelector("progress");
  var words = form.querySelector("[data-job-words]");
  form.querySelector("[data-job-button]").hidden = true;

  function advance(failures) {
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (job) {
        bar.value = job.done;
        words.textContent = job.done + " из " + job.total;
        if (job.running) advance(0);
        else window.location.reload();
      })
      .catch(function () {
        // The connection may come back; the job waits where it stands.
        if (failures < 20) setTimeout(function () { advance(failures + 1); }, 3000);
        else form.querySelector("[data-job-button]").hidden = false;
      });
  }

  advance(0);
})();
