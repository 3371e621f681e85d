/* Dialogs of a gradebook's grid: both values of a stale cell, why a mark comes late, a remark, keys, the menu of a cell. */
(function () {
  "use strict";

  var LONG = 500; // a finger that rests so long, in milliseconds, asks for the menu
  var NEAR = 10; // and that has not moved further than so many pixels

  function dialog(name) { return document.querySelector("[data-grid-" + name + "]"); }
  function open(name) { var one = document.querySelector("dialog[data-grid-" + name + "]"); if (!one.open) one.showModal(); return one; }

  /* grid: what of it the dialogs ask and tell, see journal-grid.js */
  window.journalDialogs = window.HTMLDialogElement && function (grid) {
    var reason = "";
    var asked = []; // entries that wait for a reason
    var stale = []; // [entry, outcome] to show one after another

    /* --- both values --- */

    function showStale() {
      if (!stale.length || dialog("stale").open) return;
      var td = grid.found(stale[0][0]);
      dialog("stale-words").textContent = grid.words(td) + ". " + stale[0][1].message;
      dialog("mine").textContent = told(stale[0][0].value, stale[0][0].comment);
      dialog("theirs").textContent = told(stale[0][1].text, stale[0][0].comment === undefined ? undefined : stale[0][1].comment);
      open("stale");
    }

    function told(value, remark) {
      return (value || "пусто") + (remark === undefined ? "" : remark.trim() ? ", замечание: «" + remark.trim() + "»" : ", без замечания");
    }

    function settle(mine) {
      var pair = stale.shift(), td = grid.found(pair[0]);
      grid.settled(td);
      dialog("stale").close();
      if (mine) grid.send(td, pair[0].value, pair[0].how, pair[0].comment, pair[1].comment);
      else grid.say("Оставлено то, что в журнале.");
      grid.refocus();
      showStale();
    }

    dialog("keep-mine").addEventListener("click", function () { settle(true); });
    dialog("take-theirs").addEventListener("click", function () { settle(false); });
    dialog("stale").addEventListener("cancel", function (event) { event.preventDefault(); settle(false); });

    /* --- why it comes late --- */

    function why(one) {
      asked.push(one);
      if (!dialog("why").open) open("why").querySelector("input").focus();
    }

    dialog("why").addEventListener("close", function () {
      var told = dialog("why").querySelector("input").value.trim(), isSaid = dialog("why").returnValue === "ok" && told;
      var all = asked;
      asked = [];
      dialog("why").returnValue = "";
      if (isSaid) reason = told;
      all.forEach(function (one) { grid.told(one, isSaid ? reason : ""); });
      grid.refocus();
    });

    /* --- a remark --- */

    var shown = ""; // the remark when the dialog was opened

    function comment() {
      var td = grid.active();
      if (!td || !grid.commit() || grid.isLocked(td)) return;
      if (!grid.value()) { grid.say("Замечание пишут к отметке: сначала поставьте её.", "trouble"); grid.refocus(); return; }
      dialog("comment-words").textContent = grid.words(td) + ": " + grid.value();
      shown = grid.remark(td) || "";
      dialog("comment").querySelector("textarea").value = shown;
      open("comment");
    }

    dialog("comment").addEventListener("close", function () {
      var td = grid.active();
      if (dialog("comment").returnValue === "ok" && td) grid.send(td, grid.value(), "typed", dialog("comment").querySelector("textarea").value, shown);
      dialog("comment").returnValue = "";
      grid.refocus();
    });

    dialog("help").addEventListener("close", grid.refocus);

    /* --- the menu of a cell --- */

    function menu() {
      var td = grid.active();
      if (!td || !grid.commit()) return;
      var isLocked = grid.isLocked(td), value = grid.value(), remark = grid.remark(td);
      dialog("menu-title").textContent = grid.words(td);
      dialog("menu-value").textContent = value || "пусто";
      dialog("menu-remark").textContent = remark ? "Замечание: " + remark : "";
      dialog("menu-closed").textContent = isLocked ? grid.closed(td) : "";
      dialog("menu").querySelector("[value=comment]").disabled = isLocked || !value;
      dialog("menu").querySelector("[value=clear]").disabled = isLocked || !value;
      dialog("menu").querySelector("[value=fill]").disabled = !value;
      dialog("history").href = dialog("history").getAttribute("data-grid-history") + grid.address(td);
      open("menu");
    }

    // At the press itself: the dialog's close comes later, and letters typed meanwhile would fall into the cell.
    dialog("menu").querySelector("form").addEventListener("submit", function (event) {
      var chosen = { comment: comment, fill: grid.fill, clear: grid.clear, undo: grid.undo }[event.submitter.value];
      event.preventDefault();
      dialog("menu").close();
      grid.refocus();
      if (chosen) chosen();
    });

    dialog("menu").addEventListener("close", function () { if (!dialog("comment").open) grid.refocus(); });

    var timer = null, from = null, isOpened = false;

    function forget() { window.clearTimeout(timer); from = null; }

    grid.table.addEventListener("pointerdown", function (event) {
      var td = event.target.closest("td");
      forget();
      isOpened = false;
      if (event.pointerType === "mouse" || !event.isPrimary || !grid.isCell(td)) return;
      from = event;
      timer = window.setTimeout(function () { isOpened = true; grid.visit(td); menu(); }, LONG);
    });
    grid.table.addEventListener("pointermove", function (event) {
      if (from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > NEAR) forget();
    });
    ["pointerup", "pointercancel"].forEach(function (name) { grid.table.addEventListener(name, forget); });
    // The finger that opened the menu does not press what has come up under it.
    grid.table.addEventListener("touchend", function (event) { if (isOpened) event.preventDefault(); }, { passive: false });
    // The system's own menu does not cover the grid's.
    grid.table.addEventListener("contextmenu", function (event) { if (from || isOpened) event.preventDefault(); });

    return { reason: function () { return reason; }, stale: function (one, outcome) { stale.push([one, outcome]); showStale(); },
             why: why, comment: comment, help: function () { open("help"); }, menu: menu };
  };
})();
