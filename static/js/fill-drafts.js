/* What was typed and has not reached the server, kept in this browser: one entry for each field, under the name of the
   person, the county, the period and the institution. Nobody else's entries are ever read; old ones go.

   Where the browser keeps nothing (storage full or blocked) typing goes on, and `works` says so. */
(function () {
  "use strict";

  const PREFIX = "fill|";
  const KEPT = 14 * 24 * 3600 * 1000;

  window.fillDrafts = function (place) {
    const own = PREFIX + place + "|";
    const drafts = { works: true, put: put, drop: drop, all: all, one: one };

    /* `text` is what was typed, `base` what stood there before. */
    function put(name, text, base) {
      try {
        window.localStorage.setItem(own + name, JSON.stringify({ text: text, base: base, at: Date.now() }));
        drafts.works = true;
      } catch (error) { drafts.works = false; }
    }

    /* Only the text that has arrived: another window may have typed on. */
    function drop(name, text) {
      const kept = one(name);
      if (kept && (text === undefined || kept.text === text)) attempt(function () { window.localStorage.removeItem(own + name); });
    }

    function one(name) {
      return attempt(function () { return read(own + name); }) || null;
    }

    /* name -> {text, base} */
    function all() {
      const found = new Map();
      attempt(function () {
        keys().forEach(function (key) {
          if (!key.startsWith(PREFIX)) return;
          const kept = read(key);
          if (!kept || Date.now() - kept.at > KEPT) window.localStorage.removeItem(key);
          else if (key.startsWith(own)) found.set(key.slice(own.length), kept);
        });
      });
      return found;
    }

    function attempt(action) {
      try { return action(); } catch (error) { drafts.works = false; return undefined; }
    }

    return drafts;
  };

  function keys() {
    return Array.from({ length: window.localStorage.length }, function (_, i) { return window.localStorage.key(i); });
  }

  function read(key) {
    try {
      const kept = JSON.parse(window.localStorage.getItem(key));
      return kept && typeof kept.text === "string" ? kept : null;
    } catch (error) { return null; }
  }
})();
