/* The grid of a gradebook: keys, typing, pasting, undo. What is typed is saved by journal-grid-keep.js; what is asked
   and told in a dialog, and the menu of a cell, are in journal-grid-dialogs.js. */
(function () {
  "use strict";

  var table = document.querySelector("table[data-grid]");
  if (!table || !window.fetch || !window.journalQueue || !window.journalDialogs) return;
  var bar = document.querySelector("[data-grid-bar]");
  var state = document.querySelector("[data-grid-state]");
  var scale = table.getAttribute("data-scale");
  var hint = table.getAttribute("data-hint");
  var manages = Boolean(table.getAttribute("data-manages"));
  var always = Boolean(table.getAttribute("data-always"));
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var rows = Array.prototype.slice.call(table.tBodies[0].rows);
  var columns = heads.filter(function (one) { return one.classList.contains("lesson"); });
  var input = document.createElement("input");
  var active = null; // the td that holds the input
  var editing = false; // arrows move within the text
  var past = [], future = [];

  input.type = "text";
  input.className = "grid-input";
  input.maxLength = 12;
  input.autocomplete = "off";
  input.spellcheck = false;

  /* --- cells --- */

  function column(td) { return columns[td.cellIndex - 1]; }
  function pupil(td) { return td.parentNode.cells[0].firstChild.textContent; }
  function isCell(td) { return td && td.tagName === "TD" && Boolean(column(td)); }
  function text(td) { return td.hasAttribute("data-text") ? td.getAttribute("data-text") : td === active ? td.was : td.textContent; }

  function isSame(one, other) {
    return one.toLowerCase().split(/\s+/).join(" ") === other.trim().toLowerCase().split(/\s+/).join(" ");
  }

  function isLocked(td) {
    if (!column(td).hasAttribute("data-l") || td.classList.contains("out")) return true;
    return td.classList.contains("x") && !manages;
  }

  function closed(td) {
    var head = column(td), own = head.getAttribute("data-w");
    if (td.classList.contains("out")) return "В этот день обучающийся здесь не значится.";
    return (own ? head.title.slice(own.length + 2) : head.title) || "Сюда ничего не ставят.";
  }

  function words(td) { return pupil(td) + ", " + (column(td).getAttribute("data-w") || column(td).textContent); }

  function entry(td, value, how) {
    var head = column(td);
    return { lesson: Number(head.getAttribute("data-l")), place: Number(head.getAttribute("data-n")), pupil: Number(td.parentNode.getAttribute("data-p")),
             was: td.sent === undefined ? text(td) : td.sent, value: value, how: how, reason: dialogs.reason() };
  }

  function found(one) {
    var row = rows.filter(function (tr) { return Number(tr.getAttribute("data-p")) === one.pupil; })[0];
    var head = columns.filter(function (th) { return Number(th.getAttribute("data-l")) === one.lesson && Number(th.getAttribute("data-n")) === one.place; })[0];
    return row && head ? row.cells[columns.indexOf(head) + 1] : null;
  }

  function show(td, value) {
    td.removeAttribute("data-text");
    if (td === active) { td.was = value; if (document.activeElement !== input || !editing) input.value = value; }
    else td.textContent = value;
  }

  function mark(td, name, message) {
    ["wait", "saved", "bad", "stale"].forEach(function (one) { td.classList.toggle(one, one === name); });
    if (message) td.setAttribute("data-message", message); else td.removeAttribute("data-message");
    if (td === active) { input.setAttribute("aria-invalid", name === "bad" ? "true" : "false"); }
  }

  function say(message, kind) {
    state.textContent = message;
    state.classList.toggle("wrong", kind === "trouble");
  }

  /* --- what may stand in a cell; the server has the last word --- */

  var OFF = /^(н|h|y|n|от|о|o|j|оп|осв\.?|б|у|уп|п|нп)$/;
  var VALUES = { five: /^[1-5]$/, points: /^(\d{1,2}|100)$/, pass: /^(зач|зач\.|зачет|зачтено|нзч|незач|незач\.|незачет|незачтено)$/, none: /^$/ };

  function isFit(value) {
    return value.toLowerCase().replace(/ё/g, "е").split(/[\s,;]+/).every(function (part) {
      return !part || OFF.test(part) || (scale !== "none" && (part === "н/а" || part === "н.а.")) || VALUES[scale].test(part);
    });
  }

  /* --- changing --- */

  var queue = window.journalQueue({
    save: table.getAttribute("data-save"), period: table.getAttribute("data-period"), person: table.getAttribute("data-person"),
    token: document.querySelector("input[name=csrfmiddlewaretoken]"), answered: answered,
    said: function (message, kind) {
      if (message) say(message, kind);
      else if (!table.querySelector("td.bad, td.stale")) say("Всё сохранено в " + new Date().toTimeString().slice(0, 5));
      else { var first = table.querySelector("td.bad, td.stale"); say(words(first) + ": " + (first.getAttribute("data-message") || "не сохранено"), "trouble"); }
    }
  });

  /* Puts a value into a cell and sends it; false where it does not fit. */
  function put(td, value, how, comment) {
    var clean = value.trim();
    if (isLocked(td)) { refuse(td, clean, closed(td)); return false; }
    if (!isFit(clean)) { refuse(td, clean, "«" + clean + "» сюда не ставят. Можно: " + hint + "."); return false; }
    send(td, clean, how, comment);
    return true;
  }

  function refuse(td, value, message) {
    if (td !== active) { td.setAttribute("data-text", text(td)); td.textContent = value; }
    mark(td, "bad", message);
    say(words(td) + ": " + message, "trouble");
  }

  /* `remarked` is the remark that the person saw; without it the one that the cell shows. */
  function send(td, value, how, comment, remarked) {
    var one = entry(td, value, how);
    if (comment !== undefined) { one.comment = comment; one.remarked = remarked === undefined ? remark(td) || "" : remarked; }
    show(td, value);
    mark(td, "wait");
    td.sent = value;
    if (always && !dialogs.reason()) { dialogs.why(one); return; }
    queue.add(one);
  }

  function answered(one, outcome, sums, isMore) {
    var td = found(one);
    // An answer that was lost on its way: the cell has what was wanted.
    var isAsked = one.comment === undefined || one.comment.trim().split(/\s+/).join(" ") === outcome.comment;
    if (outcome.state === "stale" && isSame(outcome.text, one.value) && isAsked) outcome.state = "same";
    if (!td) { if (outcome.message) say("Не сохранено в другом периоде, «" + one.value + "»: " + outcome.message, "trouble"); return; }
    if (outcome.state === "say_why") { one.was = outcome.text; dialogs.why(one); return; }
    if (sums) {
      var cells = td.parentNode.querySelectorAll(".sum");
      cells[0].textContent = sums.average;
      cells[1].textContent = sums.missed;
      propose(td.parentNode, sums.offers);
    }
    if (isMore) return;
    delete td.sent;
    if (outcome.state === "saved" || outcome.state === "same") {
      if (td === active && input.value !== td.was) td.was = outcome.text; // the next one is being typed
      else show(td, outcome.text);
      note(td, outcome.comment);
      mark(td, "saved");
      window.setTimeout(function () { td.classList.remove("saved"); }, 1500);
    } else if (outcome.state === "stale") {
      show(td, outcome.text);
      note(td, outcome.comment);
      mark(td, "stale", outcome.message);
      dialogs.stale(one, outcome);
    } else {
      td.setAttribute("data-text", outcome.text);
      if (td === active) { td.was = outcome.text; input.value = one.value; } else td.textContent = one.value;
      mark(td, "bad", outcome.message);
      say(words(td) + ": " + outcome.message, "trouble");
    }
  }

  function note(td, comment) {
    td.title = comment || "";
    if (td === active) input.title = td.title;
    td.classList.toggle("c", Boolean(comment));
  }

  /* What the average proposes, where no result stands. */
  function propose(tr, offers) {
    heads.forEach(function (th) {
      var offer = offers[th.getAttribute("data-r")], td = tr.cells[th.cellIndex];
      if (offer === undefined || (td.textContent && !td.classList.contains("offer"))) return;
      td.textContent = offer ? offer.text : "";
      td.title = offer ? offer.words : "";
      td.classList.toggle("offer", Boolean(offer));
      if (offer) td.setAttribute("aria-label", offer.mark + ", " + offer.words); else td.removeAttribute("aria-label");
    });
  }

  /* What undoing brings back with the mark. */
  function remark(td) { return td.classList.contains("c") ? td.title : undefined; }

  /* One change of some cells, as [td, from, to, remark], that is undone at once. */
  function change(cells, how) {
    var done = cells.map(function (one) { return [one[0], text(one[0]), one[1], remark(one[0])]; }).filter(function (one) {
      return put(one[0], one[2], how);
    });
    if (!done.length) return 0;
    past.push(done);
    future = [];
    undoable();
    return done.length;
  }

  function undoable() { bar.querySelector("[data-grid-undo]").disabled = !past.length; }

  function step(from, to, at) {
    var group = from.pop();
    if (!group) return;
    // What is done again is a change like any other, which undoing takes back.
    group.forEach(function (one) { put(one[0], one[at], at === 1 ? "undone" : "typed", at === 1 && one[1] ? one[3] : undefined); });
    to.push(group);
    undoable();
    go(group[0][0]);
  }

  /* --- moving --- */

  function commit() {
    if (!active) return true;
    var value = input.value.trim();
    if (value === active.was) {
      if (active.classList.contains("bad")) mark(active, "");
      return true;
    }
    var td = active, was = td.was, comment = remark(td);
    if (!put(td, value, "typed")) return false;
    past.push([[td, was, value, comment]]);
    future = [];
    undoable();
    return true;
  }

  function leave() {
    if (!active) return;
    var td = active;
    active = null;
    editing = false;
    var shown = td.classList.contains("bad") ? input.value : td.was;
    if (td.classList.contains("bad")) td.setAttribute("data-text", td.was);
    input.remove();
    td.textContent = shown;
    td.tabIndex = 0;
  }

  function go(td) {
    if (td && td === active) input.focus();
    if (!isCell(td) || td === active) return;
    leave();
    table.querySelectorAll("td[tabindex='0']").forEach(function (one) { one.tabIndex = -1; });
    var shown = td.textContent;
    td.was = text(td);
    td.removeAttribute("data-text");
    td.textContent = "";
    td.tabIndex = -1;
    active = td;
    input.value = shown;
    input.readOnly = isLocked(td);
    input.setAttribute("aria-label", words(td));
    input.title = td.title; // the remark is heard too
    input.setAttribute("aria-invalid", td.classList.contains("bad") ? "true" : "false");
    td.appendChild(input);
    input.focus();
    input.select();
    reveal(td);
    if (td.getAttribute("data-message")) say(words(td) + ": " + td.getAttribute("data-message"), "trouble");
  }

  /* What does not fit stays behind, pointed at. */
  function visit(td) { if (commit() || active) go(td); }

  /* The whole frame is on the screen, heads and the words above it too; frozen names and heads do not cover the cell. */
  function reveal(td) {
    var wrap = table.parentNode, head = table.tHead.offsetHeight, name = td.parentNode.cells[0].offsetWidth;
    wrap.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (td.offsetTop - head < wrap.scrollTop) wrap.scrollTop = td.offsetTop - head;
    if (td.offsetLeft - name < wrap.scrollLeft) wrap.scrollLeft = td.offsetLeft - name;
  }

  function near(down, right) {
    var tr = rows[rows.indexOf(active.parentNode) + down];
    var td = tr && tr.cells[active.cellIndex + right];
    return isCell(td) ? td : null;
  }

  function move(down, right, isFast) {
    if (!commit()) { input.select(); return; }
    if (down < 0 && active.parentNode === rows[0]) { var link = column(active).querySelector("a"); leave(); if (link) link.focus(); return; }
    var next = near(down, right);
    // Enter goes past those who were not here on the day; arrows go everywhere.
    for (var step = down; isFast && next && next.classList.contains("out") && near(step + down, right); step += down) next = near(step + down, right);
    if (next) go(next); else { input.value = active.was; input.select(); }
    editing = false;
  }

  var KEYS = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

  input.addEventListener("keydown", function (event) {
    var name = event.key, isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    var step_ = KEYS[name];
    if (isPlain && name === "Tab") {
      var next = near(0, event.shiftKey ? -1 : 1);
      if (!commit()) { event.preventDefault(); input.select(); return; }
      if (next) { event.preventDefault(); go(next); }
      return; // past the edge Tab leaves the grid
    }
    if (isPlain && step_ && !(editing && (name === "ArrowLeft" || name === "ArrowRight"))) {
      event.preventDefault();
      move(name === "Enter" && event.shiftKey ? -1 : step_[0], step_[1], name === "Enter");
    } else if (isPlain && (name === "Home" || name === "End") && !editing) {
      event.preventDefault();
      if (commit()) go(active.parentNode.cells[name === "Home" ? 1 : columns.length]);
    } else if (name === "F2") { editing = true; input.setSelectionRange(input.value.length, input.value.length); }
    else if (name === "Escape") {
      if (active.classList.contains("bad")) say("Осталось, как было.");
      input.value = active.was; editing = false; mark(active, ""); input.select();
    }
    else if (isPlain && name === "Delete" && !editing) { event.preventDefault(); input.value = ""; commit(); }
    else if (name === "?" || (name === "," && event.shiftKey && input.value === "")) { event.preventDefault(); dialogs.help(); }
    else if (name === "ContextMenu" || (name === "F10" && event.shiftKey)) { event.preventDefault(); dialogs.menu(); }
    else if (event.ctrlKey || event.metaKey) shortcut(event);
    else if (isPlain && input.readOnly && name.length === 1) say(words(active) + ": " + closed(active), "trouble");
  });

  /* By the place of the key, so that they work in the Russian layout too. */
  function shortcut(event) {
    var code = event.code;
    if (code === "KeyZ" && !event.shiftKey) { event.preventDefault(); undo(); }
    else if (code === "KeyY" || (code === "KeyZ" && event.shiftKey)) { event.preventDefault(); redo(); }
    else if (code === "KeyD") { event.preventDefault(); fill(); }
    else if (code === "KeyM") { event.preventDefault(); dialogs.comment(); }
  }

  function undo() { if (active) input.value = active.was; step(past, future, 1); }
  function redo() { if (active) input.value = active.was; step(future, past, 2); }

  /* --- many at once --- */

  input.addEventListener("paste", function (event) {
    var given = (event.clipboardData.getData("text/plain") || "").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\n\t]/.test(given)) return;
    event.preventDefault();
    var top = rows.indexOf(active.parentNode), left = active.cellIndex, cells = [], outside = 0;
    var lines = given.split("\n").map(function (line) { return line.split("\t"); });
    input.value = active.was;
    leave();
    lines.forEach(function (line, down) {
      line.forEach(function (value, right) {
        var td = rows[top + down] && rows[top + down].cells[left + right];
        if (!isCell(td)) outside += 1;
        else if (value.trim() !== text(td)) cells.push([td, value.trim()]);
      });
    });
    var done = change(cells, "pasted");
    var wrong = cells.length - done;
    var tail = (wrong ? " Не подошло: " + wrong + ", они обведены." : "") + (outside ? " За краем журнала: " + outside + "." : "");
    go(wrong ? table.querySelector("td.bad") : rows[top].cells[left]);
    say("Вставлено: " + done + "." + tail, tail ? "trouble" : "");
  });

  function fill() {
    if (!active || !commit()) return;
    var value = active.was, at = active.cellIndex;
    if (!value) { say("Сначала поставьте в клетку то, чем заполнить.", "trouble"); return; }
    var cells = rows.slice(rows.indexOf(active.parentNode) + 1).map(function (tr) { return tr.cells[at]; });
    var done = change(cells.filter(function (td) { return !text(td) && !isLocked(td); }).map(function (td) { return [td, value]; }), "pasted");
    say(done ? "Заполнено клеток: " + done + ". Отменить: Ctrl+Z." : "Пустых клеток ниже нет.");
  }

  /* A closed dialog gives back the focus but not the caret: without it keys go nowhere. */
  function refocus() { if (active) { input.focus(); input.select(); } }

  var dialogs = window.journalDialogs({
    table: table, found: found, words: words, closed: closed, isLocked: isLocked, isCell: isCell, remark: remark, say: say,
    refocus: refocus, send: send, fill: fill, undo: undo, commit: commit, visit: visit,
    active: function () { return active; },
    value: function () { return active.was; },
    clear: function () { input.value = ""; commit(); },
    settled: function (td) { mark(td, ""); },
    address: function (td) {
      var when = column(td).getAttribute("data-d").split("_"), place = column(td).getAttribute("data-n") || 1;
      return "?date=" + when[0] + "&slot=" + when[1] + "&place=" + place + "&pupil=" + td.parentNode.getAttribute("data-p");
    },
    told: function (one, why) {
      var td = found(one);
      delete td.sent;
      if (why) { one.reason = why; td.sent = one.value; queue.add(one); } else { show(td, one.was); mark(td, ""); }
    }
  });

  /* --- beginning --- */

  table.setAttribute("role", "grid");
  table.addEventListener("mousedown", function (event) {
    var td = event.target.closest("td");
    if (!isCell(td) || td === active) return;
    event.preventDefault();
    visit(td);
  });
  table.addEventListener("focusin", function (event) { if (isCell(event.target)) go(event.target); });
  // A key pressed while the cell itself still has the focus belongs to the input in it.
  table.addEventListener("keydown", function (event) { if (event.target === active) input.focus(); });
  input.addEventListener("dblclick", function () { editing = true; });
  input.addEventListener("blur", function () { if (!document.querySelector("dialog[open]")) commit(); });
  bar.querySelector("[data-grid-undo]").addEventListener("click", undo);
  bar.querySelector("[data-grid-fill]").addEventListener("click", fill);
  bar.querySelector("[data-grid-note]").addEventListener("click", dialogs.comment);
  bar.querySelector("[data-grid-more]").addEventListener("click", dialogs.menu);
  bar.querySelector("[data-grid-keys]").addEventListener("click", dialogs.help);
  // Heads are above the first row for the arrows too; Tab need not walk through sixty of them.
  table.parentNode.tabIndex = -1;
  columns.forEach(function (th, place) {
    var link = th.querySelector("a");
    if (!link) return;
    link.tabIndex = -1;
    link.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      var next = step && columns[place + step] && columns[place + step].querySelector("a");
      if (event.key === "ArrowDown") { event.preventDefault(); go(rows[0].cells[place + 1]); }
      else if (next) { event.preventDefault(); next.focus(); }
    });
  });
  document.addEventListener("keydown", function (event) {
    var isFree = document.activeElement === document.body && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isFree && (event.key === "Enter" || event.key === "ArrowDown")) { event.preventDefault(); go(table.querySelector("td[tabindex='0']")); }
    if (!active && (event.ctrlKey || event.metaKey) && (event.code === "KeyZ" || event.code === "KeyY")) shortcut(event);
  });
  bar.hidden = state.hidden = false;

  queue.restored().forEach(function (one) {
    var td = found(one);
    if (td) {
      show(td, one.value);
      mark(td, "wait");
      td.sent = one.value;
    }
    queue.add(one); // of another period too
  });

  var start = table.getAttribute("data-start");
  var first = columns.filter(function (th) { return th.getAttribute("data-l") === start; })[0] || columns[0];
  var cell = rows[0].cells[columns.indexOf(first) + 1];
  cell.tabIndex = 0;
  table.parentNode.scrollLeft = Math.max(0, first.offsetLeft - table.parentNode.clientWidth / 2);
})();
