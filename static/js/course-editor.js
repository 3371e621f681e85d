/* The editor of a course's page: toolbar, live preview, saving by itself. Without it the form and its button do the same. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-editor]");
  if (!form || !window.fetch) return;
  var text = form.elements.text;
  var title = form.elements.title;
  var version = form.elements.version;
  var token = form.elements.csrfmiddlewaretoken.value;
  var state = form.querySelector("[data-state]");
  var drawn = document.querySelector("[data-drawn]");
  var keep = "course-page-" + form.getAttribute("data-page");
  var saved = snapshot();
  var saving = false;
  var stopped = false;

  function snapshot() { return title.value + "\u0000" + text.value; }

  function say(words, isTrouble) {
    state.textContent = words;
    state.classList.toggle("trouble", Boolean(isTrouble));
  }

  function post(address, values) {
    var body = new URLSearchParams(values);
    return fetch(address, {
      method: "POST", body: body, credentials: "same-origin", redirect: "manual",
      headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" }
    });
  }

  /* --- saving by itself --- */

  function remember() {
    try { localStorage.setItem(keep, JSON.stringify({ title: title.value, text: text.value, version: version.value })); }
    catch (error) { /* a full or forbidden store: the form itself still has everything */ }
  }

  function forget() {
    try { localStorage.removeItem(keep); } catch (error) { /* the same */ }
  }

  function save() {
    if (saving || stopped || snapshot() === saved) return;
    var sent = snapshot();
    saving = true;
    remember();
    say("Сохраняется…");
    post(form.getAttribute("data-autosave"), { title: title.value, text: text.value, version: version.value })
      .then(function (answer) {
        if (answer.status === 200) return answer.json().then(function (told) { onSaved(told, sent); });
        if (answer.status === 409) return answer.json().then(onStale);
        if (answer.status === 400) return answer.json().then(function (told) { say("Не сохранено: " + told.error, true); });
        say("Не сохранено: вход закончился или страница закрыта. Войдите в другой вкладке: текст не пропадёт.", true);
      })
      .catch(function () { say("Не сохранено: нет связи. Текст остался в браузере, попробуем ещё.", true); })
      .then(function () { saving = false; });
  }

  function onSaved(told, sent) {
    version.value = told.version;
    saved = sent;
    if (snapshot() === saved) forget();
    say("Сохранено в " + told.at);
  }

  function onStale(told) {
    stopped = true;
    say(told.error + " Нажмите «Сохранить», чтобы сравнить.", true);
  }

  window.setInterval(save, 10000);
  document.addEventListener("visibilitychange", function () { if (document.hidden) save(); });
  window.addEventListener("beforeunload", function (event) {
    if (snapshot() === saved || form.hasAttribute("data-sent")) return;
    remember();
    event.preventDefault();
    event.returnValue = "";
  });
  form.addEventListener("submit", function () { saved = snapshot(); forget(); });

  function offerKept() {
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(keep) || "null"); } catch (error) { return; }
    if (!kept || (kept.text === text.value && kept.title === title.value)) return;
    var note = document.createElement("p");
    var button = document.createElement("button");
    note.className = "note warning";
    note.append("В этом браузере остался текст, который не успел сохраниться. ");
    button.type = "button";
    button.className = "btn quiet small";
    button.textContent = "Вернуть его";
    button.addEventListener("click", function () {
      title.value = kept.title;
      text.value = kept.text;
      note.remove();
      preview();
    });
    note.append(button);
    form.prepend(note);
  }
  offerKept();

  /* --- preview --- */

  var waiting = 0;

  function preview() {
    post(form.getAttribute("data-preview"), { text: text.value })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (html) { if (html) { drawn.innerHTML = html; document.dispatchEvent(new Event("course-drawn")); } })
      .catch(function () { /* the next keystroke asks again */ });
  }

  text.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(preview, 700);
  });

  /* --- toolbar --- */

  function replace(before, after, sample) {
    var from = text.selectionStart;
    var to = text.selectionEnd;
    var chosen = text.value.slice(from, to) || sample;
    text.focus();
    text.setRangeText(before + chosen + after, from, to, "end");
    text.setSelectionRange(from + before.length, from + before.length + chosen.length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function block(words) {
    var from = text.selectionStart;
    var lead = from && text.value[from - 1] !== "\n" ? "\n\n" : "";
    text.focus();
    text.setRangeText(lead + words + "\n", from, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  var TOOLS = [
    ["Заголовок", "Заголовок", function () { block("## Заголовок"); }],
    ["Ж", "Жирный (Ctrl+B)", function () { replace("**", "**", "важно"); }, "b"],
    ["К", "Курсив (Ctrl+I)", function () { replace("*", "*", "слова"); }, "i"],
    ["Ссылка", "Ссылка (Ctrl+K)", function () { replace("[", "](https://)", "слова"); }, "k"],
    ["Список", "Список", function () { block("- первый\n- второй"); }],
    ["Таблица", "Таблица", function () { block("| x | y |\n|---|---|\n| 1 | 2 |"); }],
    ["Формула", "Формула", function () { replace("$", "$", "y = kx + b"); }],
    ["Файл", "Картинка, звук или видео", function () { replace("![", "](media/)", "подпись"); }],
    ["Подсказка", "Подсказка", function () { block("::: hint Подсказка\nТекст подсказки.\n:::"); }],
    ["Вопрос", "Вопрос с ответом", function () { block("::: вопрос\nСколько будет дважды два?\n- [x] четыре\n- [ ] пять\n:::"); }],
    ["Код", "Код", function () { block("```\nкод\n```"); }],
    ["Сноска", "Сноска", function () { replace("", "[^1]\n\n[^1]: сноска", "слово"); }]
  ];

  var bar = document.createElement("div");
  bar.className = "toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Оформление текста");
  TOOLS.forEach(function (tool) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = tool[0];
    button.title = tool[1];
    button.setAttribute("aria-label", tool[1]);
    button.addEventListener("click", tool[2]);
    bar.append(button);
  });
  text.before(bar);

  text.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    var key = event.key.toLowerCase();
    if (key === "s") { event.preventDefault(); save(); return; }
    TOOLS.forEach(function (tool) {
      if (tool[3] === key) { event.preventDefault(); tool[2](); }
    });
  });
})();
