/* How far the files have gone; without it the form sends them all the same. Files may be dropped onto the form. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-uploads]");
  if (!form || !window.XMLHttpRequest) return;
  var input = form.querySelector('input[type="file"]');
  var bar = form.querySelector("progress");
  var state = form.querySelector("[data-state]");

  form.addEventListener("submit", function (event) {
    if (!input.files.length) return;
    event.preventDefault();
    var sending = new XMLHttpRequest();
    bar.hidden = false;
    sending.upload.addEventListener("progress", function (told) {
      if (!told.lengthComputable) return;
      var share = Math.round(told.loaded / told.total * 100);
      bar.value = share;
      state.textContent = share < 100 ? "Отправлено " + share + "%" : "Проверяется…";
    });
    sending.addEventListener("load", function () {
      if (sending.status === 413) { state.textContent = "Файл слишком большой: сервер его не принял."; return; }
      document.open();
      document.write(sending.responseText);
      document.close();
    });
    sending.addEventListener("error", function () { state.textContent = "Связь прервалась: файлы не загружены. Попробуйте ещё раз."; });
    sending.open("POST", window.location.href);
    sending.send(new FormData(form));
  });

  ["dragover", "drop"].forEach(function (name) {
    form.addEventListener(name, function (event) {
      event.preventDefault();
      if (name === "drop" && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  });
})();
