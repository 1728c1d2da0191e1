/* A form that saves itself: an institution's figures, and on the check before it is handed in the words on cautions.
   Each change is kept in the browser (fill-drafts.js) until the server has confirmed it; what could not be sent goes
   again when there is a network, and comes back into the form when the page is opened again. One request at a time, so
   that no answer is overtaken by an older one. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-fill]");
  if (!form) return;

  const PAUSE = 800; // ms without a key before what was typed is sent
  const PATIENCE = 20000; // ms after which an answer is not waited for any more
  const FIRST_RETRY = 2000, LAST_RETRY = 60000;
  const SHORTEST = 2; // characters of a word on a caution; see filling_services.EXPLANATION_LENGTH
  const pk = form.dataset.institution;
  const drafts = window.fillDrafts(form.dataset.drafts);
  const findings = window.fillFindings(form, pk);
  const said = form.querySelector("[data-said]");
  if (form.dataset.fill === "read-only") { leftOver(); return; }
  // by field name (v-… and x-…): {name, code, base, alias, sent, unsure, theirs, done}
  //   base    what is stored; alias: what was typed for it (１２ for 12)
  //   unsure  it was sent, and no answer came; theirs: what somebody else has stored; done: not to be sent any more
  const entries = new Map();
  let sending = false, timer = null, retry = 0, trouble = "", savedAt = "", unread = 0, goingOn = false, told = null;

  /* ---- fields ---- */

  function boxes(name) { return Array.from(form.querySelectorAll("[name]")).filter(function (box) { return box.name === name; }); }

  function text(entry) {
    const found = boxes(entry.name);
    if (!found.length) return entry.base;
    if (found[0].type !== "radio") return found[0].value;
    const chosen = found.find(function (box) { return box.checked; });
    return chosen ? chosen.value : "";
  }

  /* Whether the field can hold it. */
  function put(entry, value) {
    const found = boxes(entry.name);
    if (!found.length) return false;
    if (found[0].type === "radio") {
      const wanted = found.find(function (box) { return box.value === value; });
      if (wanted) wanted.checked = true;
      return Boolean(wanted);
    }
    found[0].value = value;
    return found[0].value === value;
  }

  function focused(entry) { return boxes(entry.name).includes(document.activeElement); }

  function isWord(entry) { return entry.name.startsWith("x-"); }

  /* What a word on a caution is about: the caution as it reads beside it. */
  function sentenceOf(entry) { const box = boxes(entry.name)[0]; return box ? box.closest(".doubt").querySelector("input[type=hidden]").value : ""; }

  function changed(entry) {
    if (entry.done) return false;
    const now = text(entry);
    return entry.unsure || entry.again || (now !== entry.base && now !== entry.alias);
  }

  function sendable(entry) {
    const length = isWord(entry) ? text(entry).trim().length : 0;
    return changed(entry) && entry.theirs === undefined && (length === 0 || length >= SHORTEST);
  }

  function pending(test) { return Array.from(entries.values()).filter(test || changed); }

  function clashing() { return pending(function (entry) { return entry.theirs !== undefined; }); }

  function learn(name, base) {
    const entry = { name: name, code: name.slice(pk.length + 3), base: base };
    entries.set(name, entry);
    return entry;
  }

  /* ---- what the bar says ---- */

  function say() {
    const kept = drafts.works ? "已存在本机" : "请不要关闭本页";
    const clashes = clashing().length;
    let words;
    if (trouble === "network") words = "没有网络，" + kept + "，连上后自动发送";
    else if (trouble === "server") words = "服务器没有应答，" + kept + "，稍后自动重发";
    else if (trouble === "session") words = "登录已过期，" + kept + "，重新登录后自动发送";
    else if (trouble) words = trouble;
    else if (clashes) words = "有 " + clashes + " 项与他人冲突";
    else if (sending || pending(sendable).length) words = "正在保存…";
    else words = savedAt ? "已保存 " + savedAt + (unread ? "，" + unread + " 项有错，没有计入" : "") : "填写后自动保存";
    if (said.textContent !== words) said.textContent = words;
    said.classList.toggle("is-trouble", Boolean(trouble || clashes || (unread && savedAt)));
  }

  /* ---- sending ---- */

  function schedule(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, wait);
  }

  function send(options) {
    window.clearTimeout(timer);
    if (sending) return;
    const list = pending(sendable);
    if (!list.length) { say(); if (goingOn) goOn(); return; }
    const body = new URLSearchParams();
    list.forEach(function (entry) {
      entry.sent = text(entry);
      body.append(entry.name, entry.sent);
      if (!isWord(entry)) body.append("b" + entry.name.slice(1), entry.base);
      else body.append("o" + entry.name.slice(1), sentenceOf(entry));
    });
    const stop = new AbortController();
    const clock = window.setTimeout(function () { stop.abort(); }, PATIENCE);
    const headers = { Accept: "application/json", "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] };
    if (retry) headers["X-Poll"] = "1"; // repeated by itself: nobody's use of the session
    sending = true;
    say();
    fetch(form.dataset.save, {
      method: "POST", credentials: "same-origin", redirect: "manual", headers: headers, body: body,
      signal: stop.signal, keepalive: Boolean(options && options.leaving)
    })
      .then(function (response) { return hear(response, list); })
      .catch(function () { fail("network", list); })
      .then(function () { window.clearTimeout(clock); });
  }

  function hear(response, list) {
    if (response.ok && response.status !== 204) {
      return response.json().then(function (answer) { took(list, answer); }, function () { fail("server", list); });
    }
    if (response.type === "opaqueredirect" || response.status === 204 || response.status === 403) {
      fail("session", list);
      document.dispatchEvent(new Event("session-ended"));
      return null;
    }
    if (response.status === 409) {
      return response.json().then(function (answer) { stopped(answer.error); }, function () { fail("server", list); });
    }
    if (response.status === 404) { stopped("您已不能填报这家机构，请联系创建办"); return null; }
    fail("server", list);
    return null;
  }

  function fail(kind, list) {
    sending = false;
    trouble = kind;
    list.forEach(function (entry) { entry.unsure = kind !== "session"; });
    retry = Math.min(LAST_RETRY, retry ? retry * 2 : FIRST_RETRY);
    schedule(retry);
    say();
    if (goingOn) { goingOn = false; told = window.tell("还没有保存到服务器，连上后再核对提交；填写的内容不会丢。"); }
  }

  /* What was said about the network is true no more. */
  function takeBack() {
    if (told) told.remove();
    told = null;
  }

  /* It can never be saved as things are: what was typed stays in the form and in the browser. */
  function stopped(sentence) {
    sending = goingOn = false;
    trouble = sentence;
    window.clearTimeout(timer);
    say();
    window.tell("没有保存：" + sentence + " 填写的内容还在，刷新页面后再看。");
  }

  function took(list, answer) {
    sending = false;
    trouble = "";
    retry = 0;
    savedAt = answer.saved_at;
    unread = answer.unread;
    takeBack();
    list.forEach(function (entry) { settle(entry, isWord(entry) ? null : answer.cells[entry.code]); });
    entries.forEach(function (entry) { follow(entry, answer.texts[entry.code]); });
    if (form.dataset.check) show(answer);
    if (!answer.can_edit) window.tell("这份填报现在不能修改（已提交或已关闭），请刷新页面查看。");
    if (pending(sendable).length) schedule(PAUSE); else if (goingOn) goOn();
    say();
  }

  function show(answer) {
    findings.show(answer.faults, answer.cautions, words);
    clashing().forEach(function (entry) { findings.clash(entry.code, entry.sentence, entry.theirs, text(entry)); });
    form.querySelector("[data-filled]").textContent = answer.filled;
    document.querySelector("[data-state]").innerHTML = answer.light;
  }

  function settle(entry, result) {
    entry.unsure = entry.again = false;
    if (result && result.status === "conflict") {
      entry.theirs = result.text;
      entry.sentence = result.sentence;
      return;
    }
    if (result && result.status === "locked") {
      entry.done = true;
      put(entry, result.text);
      findings.lock(entry.code, "您填的“" + entry.sent + "”没有保存：" + result.sentence);
    }
    entry.base = result ? result.text : entry.sent;
    entry.alias = entry.sent;
    drafts.drop(entry.name, entry.sent);
    tidy(entry);
  }

  /* Shows what is stored for what was typed, once nobody is typing there. */
  function tidy(entry) { if (text(entry) === entry.alias && !focused(entry)) put(entry, entry.base); }

  /* Somebody else changed a field that nobody touches here. */
  function follow(entry, stored) {
    if (isWord(entry) || stored === undefined || entry.done || changed(entry) || focused(entry) || entry.theirs !== undefined) return;
    if (stored !== entry.base && put(entry, stored)) { entry.base = stored; entry.alias = undefined; }
  }

  /* The words on a caution that is shown now, perhaps again. */
  function words(name, box, stored) {
    const entry = entries.get(name) || learn(name, stored);
    const draft = drafts.one(name);
    if (draft && !box.value && draft.text !== stored) { entry.base = stored; box.value = draft.text; schedule(PAUSE); }
    else if (!changed(entry) && document.activeElement !== box) { entry.base = stored; box.value = stored; }
  }

  /* ---- typing ---- */

  form.addEventListener("input", function (event) {
    const entry = entries.get(event.target.name) || (/^x-\d+-[^*]/.test(event.target.name) ? learn(event.target.name, "") : null);
    if (!entry) return;
    drafts.put(entry.name, text(entry), entry.base);
    if (entry.theirs !== undefined) findings.clash(entry.code, entry.sentence, entry.theirs, text(entry));
    if (event.target.type === "radio" || event.target.tagName === "SELECT") send(); else schedule(PAUSE);
    say();
  });

  form.addEventListener("focusout", function (event) {
    const entry = entries.get(event.target.name);
    if (!entry) return;
    // the focus has moved only when this event is over
    window.setTimeout(function () { if (sendable(entry)) send(); else tidy(entry); }, 0);
  });

  /* Enter goes on to the next field and hands nothing in. */
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select")) return;
    event.preventDefault();
    const stops = Array.from(form.querySelectorAll("input:not([type=hidden]), select, textarea")).filter(function (box) {
      return !box.disabled && (box.type !== "radio" || box.checked) && box.offsetParent !== null;
    });
    const next = stops[stops.findIndex(function (box) { return box === event.target || box.type === "radio" && box.name === event.target.name; }) + 1];
    (next || form.querySelector("[data-check-button]")).focus();
    if (next && next.select) next.select();
  });

  form.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-still-right]")) { confirm(button.closest(".doubt").querySelector("textarea")); return; }
    if (button.matches("[data-check-button]")) { event.preventDefault(); goOn(); return; }
    if (button.name !== "theirs" && button.name !== "mine") return;
    event.preventDefault();
    const entry = entries.get("v-" + pk + "-" + button.value);
    const theirs = entry.theirs;
    entry.base = theirs;
    entry.alias = entry.theirs = undefined;
    if (button.name === "theirs") { put(entry, theirs); drafts.drop(entry.name); } else drafts.put(entry.name, text(entry), theirs);
    findings.unclash(entry.code);
    const box = boxes(entry.name).find(function (each) { return each.type !== "radio" || each.checked; });
    if (box) box.focus();
    send();
  });

  /* The words that were there hold for the figures as they are now. */
  function confirm(box) {
    const entry = entries.get(box.name);
    if (!entry || !box.value.trim()) return;
    entry.again = true;
    send();
    box.focus();
  }

  /* A plain press of the save button, or of Enter where no script caught it. */
  if (form.dataset.check) form.addEventListener("submit", function (event) { event.preventDefault(); send(); });

  /* On to the check, as soon as all is saved. */
  function goOn() {
    goingOn = true;
    const short = pending(function (entry) { return isWord(entry) && changed(entry) && !sendable(entry); })[0];
    const stuck = clashing()[0] || short;
    if (stuck) {
      goingOn = false;
      const box = boxes(stuck.name)[0];
      box.closest(".fill-field, .doubt").scrollIntoView({ block: "center" });
      box.focus();
      window.tell(stuck === short ? "说明请写至少 " + SHORTEST + " 个字。" : "有的项与他人填的不同，请先选用哪一个。");
      return;
    }
    if (trouble && !["network", "server", "session"].includes(trouble)) { goingOn = false; window.tell("没有保存：" + trouble); return; }
    if (sending) return;
    if (pending(sendable).length) send(); else window.location.assign(form.dataset.check);
  }

  /* ---- coming and going ---- */

  window.addEventListener("online", function () { retry = 0; send(); });
  window.addEventListener("offline", function () { if (pending().length) { trouble = "network"; say(); } });
  document.addEventListener("session-renewed", function () { retry = 0; schedule(0); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) send({ leaving: true }); });
  window.addEventListener("beforeunload", function (event) {
    if (drafts.works || !pending().length) return;
    event.preventDefault();
    event.returnValue = "";
  });

  function bringBack() {
    const lost = [];
    let back = 0;
    drafts.all().forEach(function (draft, name) {
      const entry = entries.get(name);
      if (!entry) { if (form.dataset.check && name.startsWith("v-")) lost.push([name, draft.text]); return; }
      if (draft.text === entry.base) { drafts.drop(name); return; }
      if (!put(entry, draft.text)) { lost.push([name, draft.text]); return; }
      if (!isWord(entry)) entry.base = draft.base;
      back += 1;
    });
    if (back) window.tell("上次有 " + back + " 项没有发出，已放回表里，正在发送。", "warning");
    if (lost.length) tellLost(lost);
    send();
  }

  /* The report was handed in by somebody else before what was typed here had arrived. */
  function leftOver() {
    const lost = [];
    drafts.all().forEach(function (draft, name) {
      const place = findings.row(name.slice(pk.length + 3));
      if (name.startsWith("v-") && !(place && place.dataset.stored === draft.text.trim())) lost.push([name, draft.text]);
      drafts.drop(name);
    });
    if (lost.length) tellLost(lost);
  }

  /* Fields that cannot be changed any more: what was typed is shown once, to be noted down. */
  function tellLost(lost) {
    const named = lost.map(function (each) {
      const place = findings.row(each[0].slice(pk.length + 3));
      return (place ? place.querySelector(".fill-label label, .fill-label .label").textContent : "已取消的项目") + " “" + each[1] + "”";
    });
    window.tell("上次没有发出的这几项现在不能修改，没有保存：" + named.join("；"), "warning");
    lost.forEach(function (each) { drafts.drop(each[0]); });
  }

  form.querySelectorAll("input[name^='b-']").forEach(function (box) { learn("v" + box.name.slice(1), box.value); });
  form.querySelectorAll(".doubt textarea[name^='x-']").forEach(function (box) { learn(box.name, box.defaultValue); });
  bringBack();
})();
