/* What lives on a course's page: questions answered at once, and outside players that load after a click only. */
(function () {
  "use strict";

  var number = 0;

  function element(tag, name, words) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (words) made.textContent = words;
    return made;
  }

  function rightOf(list) {
    return (list.getAttribute("data-right") || "").split(",").filter(Boolean).map(Number);
  }

  function ask(question) {
    var list = question.querySelector("ul.answers");
    var details = question.querySelector("details.answer");
    if (!list || question.hasAttribute("data-asked")) return;
    question.setAttribute("data-asked", "");
    question.setAttribute("role", "group");
    question.setAttribute("aria-label", "Вопрос для самопроверки");
    var right = rightOf(list);
    var name = "question-" + (number += 1);
    var kind = right.length > 1 ? "checkbox" : "radio";
    var boxes = Array.prototype.map.call(list.children, function (item) {
      var label = element("label");
      var box = element("input");
      box.type = kind;
      box.name = name;
      while (item.firstChild) label.appendChild(item.firstChild);
      item.append(box, label);
      box.id = name + "-" + list.children.length + "-" + Array.prototype.indexOf.call(list.children, item);
      label.htmlFor = box.id;
      return box;
    });
    var button = element("button", "btn quiet small", "Проверить");
    var verdict = element("p", "verdict");
    button.type = "button";
    verdict.setAttribute("role", "status");
    button.addEventListener("click", function () {
      var chosen = boxes.some(function (box) { return box.checked; });
      var isRight = boxes.every(function (box, place) { return box.checked === (right.indexOf(place) >= 0); });
      verdict.textContent = !chosen ? "Сначала выберите ответ." : isRight ? "✓ Верно." : "✗ Пока неверно: подумайте ещё.";
      verdict.classList.toggle("right", chosen && isRight);
      verdict.classList.toggle("wrong", chosen && !isRight);
      if (chosen && isRight && details) details.open = true;
    });
    list.after(button, verdict);
    if (details) verdict.after(details);
  }

  function offer(player) {
    var address = player.getAttribute("data-player");
    if (player.querySelector("button, iframe")) return;
    var button = element("button", "btn quiet", "Показать видео с другого сайта");
    var note = element("p", "small soft", "Запись откроется с сайта " + new URL(address).host + ": он узнает, что вы её смотрели.");
    button.type = "button";
    button.addEventListener("click", function () {
      var frame = element("iframe");
      frame.src = address;
      frame.title = "Видео с сайта " + new URL(address).host;
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
      frame.setAttribute("allow", "fullscreen");
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      button.replaceWith(frame);
      note.remove();
    });
    player.prepend(button, note);
  }

  function liven() {
    document.querySelectorAll(".course-text [data-question]").forEach(ask);
    document.querySelectorAll(".course-text [data-player]").forEach(offer);
  }

  // On paper hints and answers stand open.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".course-text details.hint:not([open])").forEach(function (hint) {
      hint.open = true;
      hint.setAttribute("data-for-print", "");
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-for-print]").forEach(function (hint) {
      hint.open = false;
      hint.removeAttribute("data-for-print");
    });
  });
  document.addEventListener("course-drawn", liven);
  liven();
})();
