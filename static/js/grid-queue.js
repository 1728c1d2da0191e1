/* What was typed into the grid and the server does not have yet: sent by itself, at most once a second, and kept in this
   browser (fill-drafts.js) until it has arrived.

   const queue = window.gridQueue({
     url:      where to post to
     place:    whose cells and of what: what one person typed is never sent for another who signs in on the same PC
     answered: function (answer)            the server's JSON, for the page to show
     restored: function (name, entry)       something from an earlier visit that the server does not have; false where the
                                            page has no place for it any more: it is then forgotten
     changed:  function (state, sentence)   "saved" | "waiting" | "saving" | "offline" | "refused"; sentence: what the server said
   });
   queue.put(name, text, base)  a cell `v-<pk>-<element>`, and the text that stood in it before
   queue.drop(name)             not to be sent after all
   queue.flush()                now; a promise of whether the server has everything
   queue.count(), queue.has(name)   how many are still to be sent; whether this one is

   The server answers {"cells": [{"name": "<pk>-<element>", "status", "text", ...}], ...}, or with a status of 400 and above
   {"error": "…"}: then nothing was stored and everything stays here. A cell in conflict is not sent again by itself, but
   stays in the browser until it is put or dropped: whoever leaves in between is asked again on the next visit. */
(function () {
  "use strict";

  const PAUSE = 1000; // ms between two posts
  const AGAIN = 5000; // ms after which a lost connection is tried again
  const PATIENCE = 20000; // ms after which an answer is not waited for any more
  const AT_ONCE = 500; // cells in one post; the server takes at most 5,000 fields

  window.gridQueue = function (options) {
    const drafts = window.fillDrafts(options.place);
    // name -> {text, base, unsure, lost}; unsure: the text last sent; lost: one sent earlier of which no answer came. A
    // "conflict" with that is none: the server had it all the time.
    const entries = new Map();
    let timer = null;
    let lastPost = 0;
    let running = null;

    function keep(name, text, base, unsure) {
      entries.set(name, { text: text, base: base, unsure: unsure });
      drafts.put(name, text, base);
    }

    function put(name, text, base) {
      const earlier = entries.get(name);
      keep(name, text, earlier ? earlier.base : base, earlier && earlier.unsure);
      options.changed("waiting", "");
      arm(Math.max(0, lastPost + PAUSE - Date.now()));
    }

    function drop(name) {
      entries.delete(name);
      drafts.drop(name);
      if (!entries.size) options.changed("saved", "");
    }

    function arm(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(flush, wait);
    }

    function flush() {
      window.clearTimeout(timer);
      if (!running) running = post().then(function (done) { running = null; return done; });
      else running = running.then(function (done) { return done && entries.size ? flush() : done; });
      return running;
    }

    /* Resolves to whether the server has everything. */
    function post() {
      if (!entries.size) { options.changed("saved", ""); return Promise.resolve(true); }
      const sent = Array.from(entries).slice(0, AT_ONCE);
      const body = new URLSearchParams();
      sent.forEach(function (pair) {
        body.append(pair[0], pair[1].text);
        body.append("b" + pair[0].slice(1), pair[1].base);
        pair[1].lost = pair[1].unsure;
        pair[1].unsure = pair[1].text;
      });
      lastPost = Date.now();
      options.changed("saving", "");
      const patience = new AbortController();
      const bell = window.setTimeout(function () { patience.abort(); }, PATIENCE);
      return window.fetch(options.url, { method: "POST", credentials: "same-origin", headers: headers(), body: body, signal: patience.signal })
        .then(function (response) { return heard(response, sent); })
        .catch(offline)
        .then(function (done) { window.clearTimeout(bell); return done; });
    }

    function headers() {
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]; // a fresh one after a sign-in
      return { "X-CSRFToken": token, "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" };
    }

    function offline() {
      options.changed("offline", "");
      arm(AGAIN);
      return false;
    }

    function heard(response, sent) {
      if (!/json/.test(response.headers.get("Content-Type") || "")) {
        // the sign-in page, a token from before it, or a server between two starts
        if (response.redirected || response.status === 403) document.dispatchEvent(new Event("session-ended"));
        if (response.redirected || response.status === 403 || response.status >= 500) return offline();
        options.changed("refused", "没有保存成功，填写的内容还留在本机，请刷新页面后再试。");
        return false;
      }
      return response.json().then(function (answer) {
        if (!response.ok) { options.changed("refused", answer.error); return false; }
        const results = new Map(answer.cells.map(function (cell) { return ["v-" + cell.name, cell]; }));
        sent.forEach(function (pair) { arrived(pair[0], pair[1], results.get(pair[0])); });
        options.answered(answer);
        if (entries.size) return post();
        options.changed("saved", "");
        return true;
      });
    }

    function arrived(name, entry, result) {
      const now = entries.get(name);
      if (!result || !now) return;
      if (result.status === "conflict" && result.text !== entry.lost) entries.delete(name);
      else if (result.status === "conflict" || now !== entry) keep(name, now.text, result.text);
      else { entries.delete(name); drafts.drop(name, entry.text); }
    }

    window.addEventListener("online", function () { if (entries.size) flush(); });
    window.addEventListener("pagehide", function () { if (entries.size && !running) post(); });

    drafts.all().forEach(function (kept, name) {
      if (options.restored(name, kept) === false) drafts.drop(name);
      else entries.set(name, { text: kept.text, base: kept.base });
    });
    if (entries.size) arm(0);

    return { put: put, drop: drop, flush: flush, count: function () { return entries.size; }, has: function (name) { return entries.has(name); } };
  };
})();
