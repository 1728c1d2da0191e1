/* An item's page: the statement saves as one types, and the list of the page's parts shows where one is.

   What was typed is kept in this browser (fill-drafts.js) until the server has it. Where somebody else saved in the
   meantime, both texts stand side by side until one is chosen; nothing is sent before. */
(function () {
  "use strict";

  const PAUSE = 1500; // ms without a key until it is saved
  const AT_LEAST = 10000; // ms after which it is saved while somebody types on
  const AGAIN = 5000; // ms after which a lost connection is tried again
  const PATIENCE = 20000; // ms after which an answer is not waited for any more
  const NAME = "text";

  const form = document.querySelector("form[data-statement]");
  if (form) saving(form);
  whereOneIs(document.querySelector(".item-parts"));

  function saving(form) {
    const box = form.elements.text;
    const longest = Number(box.dataset.longest);
    const state = document.getElementById("statement-state");
    const count = form.querySelector("[data-count]");
    const conflict = form.querySelector(".statement-conflict");
    const paper = document.querySelector("[data-statement-print]");
    const version = document.querySelector("[data-version]");
    const drafts = window.fillDrafts(form.dataset.statement);
    // what the server has, as far as is known here; lost: a text sent of which no answer came
    let stored = form.elements.apart ? null : plain(box.value);
    let seen = [Number(form.elements.number.value), Number(form.elements.edition.value)];
    let apart = Boolean(form.elements.apart);
    let lost = null;
    let timer = null;
    let waitingSince = 0;
    let running = false;

    function plain(text) { return text.replace(/\r\n/g, "\n"); }
    /* As the server counts: a rare character is one. */
    function length(text) { return Array.from(plain(text)).length; }
    function dirty() { return plain(box.value) !== stored; }

    function say(words, tone) {
      state.textContent = words;
      state.className = tone ? "is-" + tone : "";
    }

    function counted() {
      const over = length(box.value) - longest;
      count.textContent = over > 0 ? "超出 " + over + " 字" : length(box.value) + " / " + longest + " 字";
      count.classList.toggle("is-over", over > 0);
      box.style.height = "auto";
      box.style.height = box.scrollHeight + 4 + "px";
    }

    /* ---- from the page ---- */

    function typed() {
      counted();
      if (!dirty()) { drafts.drop(NAME); if (conflict.hidden) say(""); return; }
      drafts.put(NAME, box.value, seen.join("."));
      if (!conflict.hidden) return;
      say(drafts.works ? "正在保存…" : "正在保存…（本浏览器不能暂存，请等到“已保存”再离开）");
      if (!waitingSince) waitingSince = Date.now();
      arm(Math.min(PAUSE, Math.max(0, waitingSince + AT_LEAST - Date.now())));
    }

    function arm(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(send, wait);
    }

    /* ---- to the server ---- */

    function send() {
      window.clearTimeout(timer);
      timer = null;
      if (running || !conflict.hidden || !dirty()) return;
      const over = length(box.value) - longest;
      if (over > 0) { say("没有保存：超出 " + over + " 字，删减后自动保存", "refused"); return; }
      running = true;
      waitingSince = 0;
      const text = box.value;
      const before = lost;
      lost = plain(text);
      const body = new URLSearchParams({ text: text, number: seen[0], edition: seen[1] });
      if (apart) body.append("apart", "on");
      const patience = new AbortController();
      const bell = window.setTimeout(function () { patience.abort(); }, PATIENCE);
      say("正在保存…");
      window.fetch(form.action, { method: "POST", credentials: "same-origin", keepalive: true, headers: headers(), body: body, signal: patience.signal })
        .then(function (response) { return heard(response, text, before); })
        .catch(offline)
        .then(function () { window.clearTimeout(bell); running = false; if (!timer && conflict.hidden && dirty() && !state.className) arm(PAUSE); });
    }

    function headers() {
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]; // a fresh one after a sign-in
      return { "X-CSRFToken": token, "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" };
    }

    function offline() {
      say("没有连上服务器，写的内容先存在本机，连上后自动保存", "offline");
      arm(AGAIN);
    }

    function heard(response, text, before) {
      if (!/json/.test(response.headers.get("Content-Type") || "")) {
        // the sign-in page, a token from before it, or a server between two starts
        if (response.redirected || response.status === 403) document.dispatchEvent(new Event("session-ended"));
        offline();
        return undefined;
      }
      return response.json().then(function (answer) {
        if (response.ok) arrived(answer, text);
        else if (answer.theirs && plain(answer.theirs.text) === before) again(answer.theirs);
        else if (answer.theirs) choose(answer.theirs, answer.error);
        else { lost = null; say("没有保存：" + answer.error.replace(/^没有保存：/, ""), "refused"); }
      });
    }

    function arrived(answer, text) {
      lost = null;
      apart = false;
      stored = plain(text);
      seen = [answer.number, answer.edition];
      form.elements.number.value = answer.number;
      form.elements.edition.value = answer.edition;
      drafts.drop(NAME, text);
      if (version) version.textContent = answer.number ? "第 " + answer.number + " 版　" + answer.by + " " + answer.saved : "";
      if (dirty()) typed(); else say("已保存 " + answer.saved, "saved");
    }

    /* It was one's own text, of which the answer got lost: what was typed since goes on top of it. */
    function again(theirs) {
      stored = plain(theirs.text);
      seen = [theirs.number, theirs.edition];
      arm(0);
    }

    /* ---- two people at once ---- */

    function choose(theirs, sentence) {
      lost = null;
      say("没有保存：别人也改了，请选择", "refused");
      const words = document.createElement("p");
      words.className = "notice notice-warning";
      words.textContent = sentence;
      const whose = document.createElement("p");
      whose.className = "small soft";
      whose.textContent = (theirs.by || "对方") + "的一份（您的在下面）：";
      const text = document.createElement("div");
      text.className = "statement-words statement-theirs";
      text.textContent = theirs.text || "（空）";
      const acts = document.createElement("p");
      acts.className = "statement-acts";
      acts.append(
        act("保留我的，存为新版本", function () { return box.value; }),
        act("两份接在一起再改", function () { return theirs.text + "\n\n" + box.value; }),
        act("改用对方的", function () { return theirs.text; })
      );
      conflict.replaceChildren(words, whose, text, acts);
      conflict.hidden = false;
      conflict.scrollIntoView({ block: "nearest" });

      function act(label, result) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm";
        button.textContent = label;
        button.addEventListener("click", function () {
          conflict.hidden = true;
          stored = plain(theirs.text);
          seen = [theirs.number, theirs.edition];
          apart = true;
          box.value = result();
          box.focus();
          typed();
          if (dirty()) send(); else say("");
        });
        return button;
      }
    }

    /* ---- what begins it ---- */

    box.addEventListener("input", typed);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (!conflict.hidden) conflict.scrollIntoView({ block: "nearest" });
      else if (dirty()) send();
      else say("没有新的改动");
    });
    window.addEventListener("online", send);
    window.addEventListener("pagehide", send);
    document.addEventListener("session-renewed", send);
    window.addEventListener("beforeprint", function () { if (paper) paper.textContent = box.value; });

    const kept = drafts.one(NAME);
    if (kept && plain(kept.text) !== stored) {
      box.value = kept.text;
      const base = String(kept.base).split(".").map(Number);
      if (base.length === 2 && base.every(Number.isInteger)) seen = base;
      say("上次没有保存的内容已找回，正在保存…");
      arm(0);
    } else if (kept) drafts.drop(NAME);
    counted();
    if (apart) drafts.put(NAME, box.value, seen.join("."));
  }

  /* Marks the part that is read, in the list of parts. */
  function whereOneIs(nav) {
    if (!nav || !("IntersectionObserver" in window)) return;
    const links = Array.from(nav.querySelectorAll("a"));
    const parts = links.map(function (link) { return document.getElementById(link.hash.slice(1)); });
    const seen = new Set();
    const observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) { if (entry.isIntersecting) seen.add(entry.target); else seen.delete(entry.target); });
      const first = parts.findIndex(function (part) { return seen.has(part); });
      links.forEach(function (link, i) { if (i === first) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
      if (first >= 0 && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = links[first].offsetLeft - nav.clientWidth / 2;
    }, { rootMargin: "-15% 0px -60% 0px" });
    parts.forEach(function (part) { if (part) observer.observe(part); });
  }
})();
