/* What waits to be saved in a gradebook: sent in order, kept over a lost connection, an expired sign-in and a reload. */
(function () {
  "use strict";

  var MOST = 60;
  var STORE = "journal-grid";

  /* options: save (address), period, person, token (an input), answered(entry, outcome, sums), said(words, kind) */
  window.journalQueue = function (options) {
    var store = STORE + options.save; // a gradebook does not overwrite what waits in another
    var waiting = [];
    var flying = null;
    var pause = 0;
    var timer = null;

    function sameCell(one, other) {
      return one.lesson === other.lesson && one.place === other.place && one.pupil === other.pupil;
    }

    /* --- what outlives a reload: in this tab only, for this person only --- */

    function keep() {
      var all = (flying || []).concat(waiting);
      try {
        if (all.length) sessionStorage.setItem(store, JSON.stringify({ person: options.person, cells: all }));
        else sessionStorage.removeItem(store);
      } catch (error) { /* a full or forbidden store: the page itself still has everything */ }
    }

    function restored() {
      var found = null;
      try {
        Object.keys(sessionStorage).filter(function (name) { return name.indexOf(STORE) === 0; }).forEach(function (name) {
          var kept = JSON.parse(sessionStorage.getItem(name));
          if (kept.person !== options.person) sessionStorage.removeItem(name);
          else if (name === store) found = kept;
        });
      } catch (error) { found = null; }
      return found ? found.cells : [];
    }

    /* --- adding --- */

    function add(entry) {
      var last = waiting.filter(function (one) { return sameCell(one, entry); }).pop();
      if (last && last.how === entry.how && entry.comment === undefined && last.comment === undefined) {
        last.value = entry.value;
        last.reason = entry.reason || last.reason;
      } else {
        // What follows an unanswered change of the same cell starts from the text that the server will answer with.
        entry.follows = (flying || []).concat(waiting).some(function (one) { return sameCell(one, entry); });
        waiting.push(entry);
      }
      keep();
      tell();
      soon(0);
    }

    function soon(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(send, wait);
    }

    /* --- sending --- */

    function batch() {
      var first = waiting[0];
      var taken = [];
      while (waiting.length && taken.length < MOST && waiting[0].how === first.how && (waiting[0].reason || "") === (first.reason || "") &&
             !taken.some(function (one) { return sameCell(one, waiting[0]); })) taken.push(waiting.shift());
      return taken;
    }

    function row(one) {
      var cells = [one.lesson, one.place, one.pupil, one.was, one.value];
      if (one.comment === undefined) return cells;
      return cells.concat(one.remarked === undefined ? [one.comment] : [one.comment, one.remarked]);
    }

    function send() {
      if (flying || !waiting.length) return;
      flying = batch();
      keep();
      tell();
      var body = new URLSearchParams({ cells: JSON.stringify(flying.map(row)), how: flying[0].how, reason: flying[0].reason || "", period: options.period });
      fetch(options.save, {
        method: "POST", body: body, credentials: "same-origin", redirect: "manual",
        headers: { "X-CSRFToken": options.token.value, "X-Requested-With": "fetch", Accept: "application/json" }
      }).then(heard, lost);
    }

    function heard(answer) {
      var isOurs = (answer.headers.get("Content-Type") || "").indexOf("json") > 0;
      if (answer.type === "opaqueredirect" || (answer.status === 403 && !isOurs)) return renew();
      if (answer.status === 404) return refused("Этот журнал вам больше не открыт.");
      if (answer.status >= 500 || !isOurs) return lost();
      return answer.json().then(function (told) { answer.ok ? done(told) : refused(told.message); }, lost);
    }

    function done(told) {
      var sent = flying;
      flying = null;
      pause = 0;
      sent.forEach(function (one, place) {
        var outcome = told.cells[place];
        var next = waiting.filter(function (other) { return other.follows && sameCell(one, other); })[0];
        if (next && outcome.state !== "stale") {
          next.was = outcome.text;
          next.follows = false;
          // The own remark, or none; another's that the page has not shown yet is not passed over.
          if (next.remarked !== undefined && (one.comment !== undefined || !outcome.comment)) next.remarked = outcome.comment;
        }
        options.answered(one, outcome, told.sums[one.pupil], Boolean(next));
      });
      keep();
      tell();
      soon(0);
    }

    /* The whole page is refused: nothing more can be saved from it. */
    function refused(words) {
      var all = flying.concat(waiting);
      flying = null;
      waiting = [];
      all.forEach(function (one) { options.answered(one, { state: "refused", text: one.was, message: words }, null, false); });
      keep();
      options.said(words, "trouble");
    }

    function back() {
      waiting = (flying || []).concat(waiting);
      flying = null;
      keep();
      pause = Math.min(pause ? pause * 2 : 1000, 15000);
      soon(pause);
    }

    function lost() {
      back();
      tell("Нет связи");
    }

    /* The sign-in has ended, or began anew in another tab and has another token: the page itself has the new one. */
    function renew() {
      return fetch(window.location.href, { credentials: "same-origin", redirect: "manual", cache: "no-store" }).then(function (answer) {
        if (!answer.ok) throw new Error("signed out");
        return answer.text();
      }).then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var token = page.querySelector("input[name=csrfmiddlewaretoken]");
        var table = page.querySelector("table[data-grid]");
        if (!token || !table || table.getAttribute("data-person") !== options.person) throw new Error("another person");
        options.token.value = token.value;
        back();
        soon(0);
      }).catch(function (error) {
        back();
        tell(error instanceof TypeError ? "Нет связи" : "Вход закончился: войдите в новой вкладке, здесь ничего не пропадёт");
      });
    }

    function count() { return waiting.length + (flying ? flying.length : 0); }

    function tell(trouble) {
      var number = count();
      if (!number) return options.said("", "done");
      var words = trouble ? trouble + ". Ждут сохранения: " + number + "." : "Сохраняется: " + number + "…";
      options.said(words, trouble ? "trouble" : "busy");
    }

    window.addEventListener("online", function () { pause = 0; soon(0); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden && waiting.length) soon(0); });
    window.addEventListener("beforeunload", function (event) {
      if (!count()) return;
      keep();
      event.preventDefault();
      event.returnValue = "";
    });

    return { add: add, restored: restored, count: count };
  };
})();
