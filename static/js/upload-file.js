/* One file on its way to the server: its line on the page, and everything that may come between.
   What upload.js calls: start(), wake(), stopped(). What it is told: `left(file)`, whenever a file gives its place free. */
(function () {
  "use strict";

  const PART = 5 * 1024 * 1024; // bytes in one request
  const WAITS = [1, 2, 5, 10, 20, 30]; // seconds before the next try; the last one for good
  const STALLED = 60000; // ms without a byte, after which a connection is taken for broken
  const KEPT = 3 * 24 * 3600 * 1000; // ms for which the server keeps what it received
  const STORED = "upload:";
  const OFFLINE = "网络断开，恢复后自动继续";
  const AWAY = "服务器暂时没有应答，稍后自动继续";
  const SIGNED_OUT = "登录已超时，重新登录后自动继续";
  const TAKING = "已传完，正在检查文件…";

  /* Where uploads can be taken up again after the page was closed. Nothing in it tells what file it was: PCs are shared. */
  const stored = {
    findAllUploads: function () { return Promise.resolve([]); },
    findUploadsByFingerprint: function (fingerprint) {
      const entry = read(STORED + fingerprint);
      return Promise.resolve(entry ? [{ uploadUrl: entry.url, urlStorageKey: STORED + fingerprint }] : []);
    },
    addUpload: function (fingerprint, upload) {
      try {
        localStorage.setItem(STORED + fingerprint, JSON.stringify({ url: upload.uploadUrl, at: Date.now() }));
      } catch (full) { /* it goes on without */ }
      return Promise.resolve(STORED + fingerprint);
    },
    removeUpload: function (key) {
      try { localStorage.removeItem(key); } catch (closed) { /* nor was anything stored */ }
      return Promise.resolve();
    },
  };

  function read(key) {
    try {
      const entry = JSON.parse(localStorage.getItem(key));
      return entry && Date.now() - entry.at < KEPT ? entry : null;
    } catch (closed) { return null; }
  }

  try {
    Object.keys(localStorage).forEach(function (key) { if (key.startsWith(STORED) && !read(key)) localStorage.removeItem(key); });
  } catch (closed) { /* a browser that stores nothing */ }

  function token() { return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]; }

  function make(tag, name, text) {
    const made = document.createElement(tag);
    made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  function readable(size) {
    if (size < 1024 * 1024) return Math.ceil(size / 1024) + " KB";
    return (size / 1024 / 1024).toFixed(1) + " MB";
  }

  function lasting(seconds) {
    return seconds < 90 ? Math.ceil(seconds) + " 秒" : Math.ceil(seconds / 60) + " 分钟";
  }

  /* So that the same file, chosen again for the same, is the same. */
  function fingerprint(file, target) {
    let hash = 2166136261;
    for (const letter of file.name + "\n" + file.type) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
    return [target.requirement, target.institution, target.replaces, file.size, file.lastModified, hash >>> 0].join(":");
  }

  class UploadFile {
    /* target: requirement, institution and replaces, as the area's data says */
    constructor(file, area, left) {
      const target = Object.assign({}, area.dataset);
      const key = fingerprint(file, target);
      this.file = file;
      this.left = left;
      this.sent = 0;
      this.state = "waiting"; // waiting, running, pausing (by itself), paused (by hand or refused for now), ended
      this.tries = 0;
      this.timer = null;
      this.key = STORED + key;
      this.mends = Boolean(target.replaces);
      this.draw(area.parentElement.querySelector(".upload-lines"));
      this.tus = new tus.Upload(file, {
        endpoint: area.action,
        chunkSize: PART,
        retryDelays: null, // waiting and trying again is done here
        overridePatchMethod: true, // gateways of offices let only GET and POST pass
        urlStorage: stored,
        fingerprint: function () { return Promise.resolve(key); },
        metadata: {
          filename: file.name,
          requirement: target.requirement,
          institution: target.institution,
          replaces: target.replaces,
        },
        onBeforeRequest: function (request) { request.setHeader("X-CSRFToken", token()); },
        onProgress: this.moved.bind(this),
        onSuccess: this.ask.bind(this),
        onError: this.failed.bind(this),
      });
    }

    /* ---- the line ---- */

    draw(lines) {
      this.line = make("li", "upload-line");
      this.name = make("span", "upload-name", this.file.name);
      this.bar = make("progress", "upload-bar");
      this.bar.max = 100;
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", this.file.name + " 上传进度");
      this.pace = make("span", "upload-pace", "等待上传");
      this.said = make("div", "upload-said");
      this.said.setAttribute("role", "status");
      this.hold = this.button("暂停", this.toggle);
      this.quit = this.button("取消", this.cancel);
      const acts = make("span", "upload-acts");
      acts.append(this.hold, this.quit);
      this.line.append(this.name, make("span", "upload-size", readable(this.file.size)), acts, this.bar, this.pace, this.said);
      lines.append(this.line);
    }

    button(words, act) {
      const made = make("button", "btn btn-sm", words);
      made.type = "button";
      made.addEventListener("click", act.bind(this));
      return made;
    }

    say(words, tone) {
      this.said.textContent = words || "";
      this.said.className = "upload-said" + (tone ? " upload-" + tone : "");
    }

    enter(state) {
      this.state = state;
      this.line.dataset.state = state;
      this.hold.textContent = state === "paused" ? "继续" : "暂停";
    }

    /* ---- sending ---- */

    start() {
      const again = this.tus.url !== null || this.state === "pausing";
      this.enter("running");
      this.samples = [];
      this.movedAt = Date.now();
      if (again) { this.tus.start(); return; }
      this.pace.textContent = "正在准备…";
      this.tus.findPreviousUploads().then((earlier) => {
        if (earlier.length) {
          this.tus.resumeFromPreviousUpload(earlier[0]);
          this.resumes = true;
        }
        if (this.state === "running") this.tus.start();
      });
    }

    moved(sent, size) {
      const now = Date.now();
      if (sent > this.sent) { this.movedAt = now; this.tries = 0; if (this.said.dataset.waits) this.clear(); }
      if (this.resumes && sent) this.say("接着上次没传完的部分继续");
      this.resumes = false;
      this.sent = sent;
      this.samples = this.samples.filter(function (one) { return now - one.at < 8000; }).concat({ at: now, sent: sent });
      const percent = this.percent();
      this.bar.value = percent;
      const first = this.samples[0];
      const speed = now > first.at + 500 ? 1000 * (sent - first.sent) / (now - first.at) : 0;
      this.pace.textContent = percent + "%" + (speed > 0 && sent < size ? "　" + readable(speed) + "/秒，还需 " + lasting((size - sent) / speed) : "");
      if (sent === size) this.pace.textContent = TAKING;
    }

    percent() { return this.file.size ? Math.floor(100 * this.sent / this.file.size) : 0; }

    clear() {
      delete this.said.dataset.waits;
      this.say("");
    }

    /* A network that went without a word: no answer comes any more, and no error either. */
    stopped() { return this.state === "running" && this.sent < this.file.size && Date.now() - this.movedAt > STALLED; }

    failed(error) {
      const answer = error && error.originalResponse;
      const page = answer && answer.getUnderlyingObject().responseURL;
      const after = answer ? answer.getHeader("Retry-After") : null;
      this.answered(answer ? answer.getStatus() : 0, answer ? answer.getBody() : "", /\/sign-in\//.test(page || ""), after);
    }

    /* Whether to try again by itself (in `after` seconds, where the server names them), to wait for somebody, or to end. */
    answered(status, body, signIn, after) {
      let sentence = "";
      try { sentence = JSON.parse(body).sentence || ""; } catch (notJson) { /* a page, or nothing */ }
      if (signIn || (status === 403 && !sentence)) {
        document.dispatchEvent(new Event("session-ended")); // session.js asks to sign in, or has a fresh token
        this.again(SIGNED_OUT);
      } else if (status === 409 || status === 423) this.again("");
      else if (sentence && after) this.again(sentence, Number(after));
      else if (sentence && [429, 503, 507].includes(status)) {
        this.say(sentence, "refused");
        this.rest("paused");
      } else if (status === 0) this.again(OFFLINE);
      else if (status >= 500 || status < 400) this.again(AWAY);
      else this.end("refused", sentence || "服务器没有接收（代码 " + status + "）。请刷新页面后重新选择文件。");
    }

    again(words, after) {
      if (this.state !== "running") return;
      if (words) {
        this.say(words, "waits");
        this.said.dataset.waits = "yes";
      }
      this.enter("pausing");
      this.pace.textContent = "已传 " + this.percent() + "%";
      this.timer = window.setTimeout(this.wake.bind(this), 1000 * (after || WAITS[Math.min(this.tries, WAITS.length - 1)]));
      this.tries += 1;
    }

    /* Now, where it waits for its next try. */
    wake() {
      window.clearTimeout(this.timer);
      if (this.state === "pausing") this.start();
    }

    /* Gives its place to another file. */
    rest(state) {
      window.clearTimeout(this.timer);
      this.enter(state);
      if (state === "paused") this.pace.textContent = "已暂停，已传 " + this.percent() + "%";
      this.left(this);
    }

    toggle() {
      if (this.state === "paused") {
        this.clear();
        this.enter("waiting");
        this.pace.textContent = "等待上传";
        this.left(this);
        return;
      }
      this.tus.abort();
      this.clear();
      this.rest("paused");
    }

    cancel() {
      if (this.state === "ended") { this.line.remove(); return; }
      this.tus.abort();
      this.rest("ended");
      stored.removeUpload(this.key);
      this.line.remove();
      if (this.tus.url) this.forget(0);
    }

    /* The server may still hold the connection that was broken off; what stays there goes by itself after three days. */
    forget(tries) {
      this.send("DELETE").then((response) => {
        if (response.status === 423 && tries < 3) window.setTimeout(this.forget.bind(this, tries + 1), 1000);
        if (response.status === 409) document.dispatchEvent(new Event("evidence:changed")); // it was in already
      }).catch(function () { /* no network: see above */ });
    }

    /* A request about this upload without a body. */
    send(method, more) {
      const headers = { "X-CSRFToken": token(), "Tus-Resumable": "1.0.0", "X-HTTP-Method-Override": method };
      return fetch(this.tus.url, { method: "POST", credentials: "same-origin", headers: Object.assign(headers, more) });
    }

    /* ---- what came of it ---- */

    ask() {
      this.pace.textContent = TAKING;
      fetch(this.tus.url, { credentials: "same-origin", headers: { Accept: "application/json" } })
        .then((response) => response.text().then((body) => {
          if (response.redirected || !response.ok) this.answered(response.status, body, response.redirected, response.headers.get("Retry-After"));
          else this.told(JSON.parse(body));
        }))
        .catch(() => this.answered(0, "", false));
    }

    told(outcome) {
      if (this.state !== "running") return;
      if (outcome.state === "taken") this.end("taken", outcome.sentence, outcome);
      else if (outcome.state === "refused") this.end("refused", outcome.sentence, outcome.url ? outcome : null);
      else if (outcome.state === "whole") this.finish();
      else this.again("");
    }

    /* All bytes are there, but nobody has looked at the file: the scanner was away, or the program was started anew. */
    finish() {
      this.send("PATCH", { "Upload-Offset": String(this.file.size), "Content-Type": "application/offset+octet-stream" })
        .then((response) => response.text().then((body) => {
          if (response.status === 204) this.ask(); else this.answered(response.status, body, response.redirected, response.headers.get("Retry-After"));
        }))
        .catch(() => this.answered(0, "", false));
    }

    end(result, sentence, outcome) {
      stored.removeUpload(this.key);
      this.result = result;
      this.line.dataset.result = result;
      this.bar.remove();
      this.pace.remove();
      this.hold.remove();
      this.quit.textContent = "清除";
      this.quit.setAttribute("aria-label", "从列表中清除 " + this.file.name);
      this.say("", result);
      if (outcome) {
        const link = make("a", "", sentence);
        link.href = outcome.url;
        this.said.append(link);
        outcome.notes.concat(outcome.twins).forEach((words) => this.said.append(make("p", "upload-note", words)));
      } else this.said.textContent = sentence;
      this.rest("ended");
    }
  }

  window.UploadFile = UploadFile;
})();
