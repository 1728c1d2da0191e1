/* A session that nobody uses ends after half an hour. Nothing that was typed is lost by that: the page warns, and when
   the session has ended it asks to sign in on the spot, in a frame of its own, and goes on with fresh CSRF tokens.

   Somebody who types or clicks uses the session, also where no request follows from it. */
(function () {
  "use strict";

  if (window.self !== window.top) document.documentElement.classList.add("framed");

  const place = document.getElementById("session");
  if (!place) return;

  const WARN = Number(place.dataset.warn) * 1000;
  const FRESH = 60000; // ms in which an answer of the server is still believed
  const AGAIN = 15000; // ms after which is asked again: other windows sign in, too
  const warning = document.getElementById("session-warning");
  const over = document.getElementById("session-ended");
  const frame = over.querySelector("iframe");
  let token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  let heardAt = Date.now();
  let endsAt = heardAt + Number(place.dataset.left) * 1000;
  let usedAt = 0;
  let timer = null;
  let ticking = null;

  /* ---- what the server says ---- */

  function ask() { return fetch(place.dataset.url, { credentials: "same-origin", headers: { "X-Poll": "1" } }).then(hear); }

  function keep() {
    return fetch(place.dataset.url, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token } })
      .then(function (response) { return response.ok ? hear(response) : ask(); });
  }

  /* Resolves to whether the session goes on. */
  function hear(response) {
    if (!response.ok) throw new Error(String(response.status));
    return response.json().then(function (facts) {
      if (!facts.ready) { ended(); return false; }
      // Somebody else signed in here: what stands on the page is not theirs.
      if (facts.user !== place.dataset.user) { window.location.reload(); return false; }
      heardAt = Date.now();
      endsAt = heardAt + facts.left * 1000;
      renew(facts.token);
      if (!over.open) { close(warning); if (endsAt - heardAt <= WARN) warn(); else arm(); return true; }
      close(over);
      frame.src = "about:blank";
      document.documentElement.classList.remove("session-over");
      window.tell("已重新登录，填写的内容还在；刚才没有提交成功的，请再提交一次。", "success");
      document.dispatchEvent(new Event("session-renewed"));
      arm();
      return true;
    });
  }

  function renew(fresh) {
    token = fresh;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (box) { box.value = token; });
  }

  /* ---- the clock ---- */

  function arm(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(due, wait === undefined ? Math.max(0, endsAt - Date.now() - WARN) : wait);
  }

  function due() {
    // Where there is no network, ask again later; the page stays as it is.
    (usedAt > heardAt && !over.open && !warning.open ? keep() : ask()).catch(function () { arm(AGAIN); });
  }

  function warn() {
    open(warning);
    tick();
    window.clearInterval(ticking);
    ticking = window.setInterval(tick, 1000);
    arm(Math.max(0, endsAt - Date.now()) + 1000);
  }

  function tick() {
    const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    warning.querySelector(".session-count").textContent = seconds >= 60 ? Math.ceil(seconds / 60) + " 分钟" : seconds + " 秒";
  }

  function ended() {
    close(warning);
    if (!over.open) {
      document.documentElement.classList.add("session-over");
      frame.src = place.dataset.signIn + "?next=" + encodeURIComponent(place.dataset.url);
      open(over);
    }
    arm(AGAIN);
  }

  function open(dialog) { if (!dialog.open) { if (dialog.showModal) dialog.showModal(); else dialog.setAttribute("open", ""); } }

  function close(dialog) {
    if (dialog === warning) window.clearInterval(ticking);
    if (!dialog.open) return;
    if (dialog.close) dialog.close(); else dialog.removeAttribute("open");
  }

  /* ---- what people do ---- */

  ["keydown", "pointerdown", "input"].forEach(function (name) {
    document.addEventListener(name, function () { usedAt = Date.now(); }, { capture: true, passive: true });
  });

  warning.querySelector("[data-keep-session]").addEventListener("click", function () {
    close(warning);
    keep().catch(function () { arm(AGAIN); });
  });
  // Escape: whoever presses it is there, so the session goes on; but nothing is seen before somebody signed in.
  warning.addEventListener("cancel", function () { keep().catch(function () { arm(AGAIN); }); });
  over.addEventListener("cancel", function (event) { event.preventDefault(); });
  frame.addEventListener("load", function () { if (over.open) ask().catch(function () { arm(AGAIN); }); });

  // Back from another window, or from sleep, in which clocks stand still
  document.addEventListener("visibilitychange", back);
  window.addEventListener("focus", back);
  function back() { if (!document.hidden && (over.open || Date.now() >= endsAt - WARN)) due(); }

  document.addEventListener("session-ended", function () { ask().catch(function () { arm(AGAIN); }); });

  // A token from before somebody signed in anew in another window: the next try has the fresh one.
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 403) ask().catch(function () { arm(AGAIN); });
  });

  /* What htmx repeats by itself is nobody's use of the session. */
  document.addEventListener("htmx:configRequest", function (event) {
    if (/\bevery\b/.test(event.detail.elt.getAttribute("hx-trigger") || "")) event.detail.headers["X-Poll"] = "1";
  });

  /* A form is sent only while the session lasts; if it has ended, the form waits with what was typed into it. */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || !form.closest("main") || form.hasAttribute("hx-post")) return;
    if (form.dataset.sessionChecked) { delete form.dataset.sessionChecked; return; }
    if (Date.now() - heardAt < FRESH && Date.now() < endsAt) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    ask().then(function (goesOn) {
      if (!goesOn) return;
      form.dataset.sessionChecked = "yes";
      form.requestSubmit(button);
    }).catch(function () { window.tell("没有连上服务器，填写的内容还在页面上，请检查网络后重新提交。"); });
  }, true);

  arm();
})();
