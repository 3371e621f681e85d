/* Marks of one lesson on a telephone: big keys below the list put a mark and go on to the next pupil, or open the remark
   of the pupil at hand; remarks that nobody wrote are out of the way until then. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-lesson-marks]");
  var keys = form && form.querySelector("[data-mark-keys]");
  if (!keys) return;
  var inputs = Array.prototype.slice.call(form.querySelectorAll("input.mark-input"));
  var last = inputs[0];
  var isChanged = false;

  var isTouched = window.matchMedia("(pointer: coarse)").matches;
  var hasMarks = form.hasAttribute("data-has-marks");
  var typing = keys.querySelector("[data-mark-typing]");

  keys.hidden = false;
  form.classList.add("keyed");
  // Saving is at hand wherever the list has been scrolled to.
  var save = form.querySelector("[data-mark-save]");
  keys.appendChild(save.firstElementChild);
  save.remove();
  typing.hidden = !(isTouched && hasMarks);
  // «4 о» and «н/а» have no key of their own.
  typing.addEventListener("click", function () { last.inputMode = "text"; last.blur(); last.focus(); });
  inputs.forEach(function (input, place) {
    // With the big keys a telephone's own keyboard only hides the list; points are typed.
    if (isTouched && hasMarks) input.inputMode = "none";
    input.addEventListener("focus", function () { last = input; input.select(); });
    input.addEventListener("input", function () { isChanged = true; });
    input.addEventListener("keydown", function (event) {
      var step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.ctrlKey) return;
      var width = form.querySelector("tbody tr:has(input)").querySelectorAll("input.mark-input").length;
      var next = inputs[place + step * width];
      event.preventDefault();
      if (next) next.focus();
    });
  });

  keys.querySelector("[data-mark-remark]").addEventListener("click", function () {
    var remark = form.querySelector("[data-remark='" + last.id + "']");
    remark.open = true;
    remark.querySelector("textarea").focus();
    remark.scrollIntoView({ block: "center" });
  });
  form.querySelectorAll("[data-remark] textarea").forEach(function (area) {
    area.addEventListener("input", function () { isChanged = true; });
    // An empty one goes out of the way again.
    area.addEventListener("blur", function () {
      var remark = area.closest("[data-remark]");
      remark.classList.toggle("unwritten", !area.value.trim());
      if (!area.value.trim()) remark.open = false;
    });
  });

  keys.addEventListener("click", function (event) {
    var key = event.target.closest("[data-mark]");
    if (!key) return;
    last.value = key.getAttribute("data-mark");
    isChanged = true;
    var next = inputs[inputs.indexOf(last) + 1];
    (next || last).focus();
    (next || last).scrollIntoView({ block: "center" });
  });

  form.addEventListener("submit", function () { isChanged = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!isChanged) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
