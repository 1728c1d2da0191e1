/* Work that takes a while shows: a line at the top, a button that waits, the progress of an upload.
   form[data-upload]   sends its files with a visible progress; the answer replaces the page
   a[data-download]    fetches a file that takes seconds to make, and then saves it */
(function () {
  "use strict";

  const PATIENCE = 300; // ms; what is faster shows nothing
  const WAITING = "正在处理…";
  const line = document.getElementById("page-progress");
  let running = 0;
  let timer = null;

  function begin() {
    running += 1;
    if (timer === null) timer = window.setTimeout(function () { line.classList.add("busy"); }, PATIENCE);
  }

  function end() {
    running = Math.max(0, running - 1);
    if (running) return;
    window.clearTimeout(timer);
    timer = null;
    line.classList.remove("busy");
  }

  function hold(button, words) {
    if (!button || button.dataset.words !== undefined) return;
    button.dataset.words = button.textContent;
    button.textContent = words;
    button.setAttribute("aria-disabled", "true");
    if ("disabled" in button) button.disabled = true;
  }

  /* Its neighbours in the form cannot be pressed meanwhile: they keep their words. */
  function holdOthers(form, pressed) {
    Array.prototype.forEach.call(form.elements, function (each) {
      if (each.type !== "submit" || each === pressed || each.disabled) return;
      each.dataset.held = "yes";
      each.disabled = true;
    });
  }

  function releaseOthers(scope) {
    scope.querySelectorAll("[data-held]").forEach(function (each) {
      delete each.dataset.held;
      each.disabled = false;
    });
  }

  function release(button) {
    if (!button || button.dataset.words === undefined) return;
    button.textContent = button.dataset.words;
    delete button.dataset.words;
    button.removeAttribute("aria-disabled");
    if ("disabled" in button) button.disabled = false;
  }

  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:afterRequest", end);

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.target) return;
    if (form.dataset.sending) { event.preventDefault(); return; } // a second click on the same form
    const button = event.submitter || form.querySelector("[type=submit]");
    if (form.matches("[data-upload]") && form.querySelector("input[type=file]")) {
      event.preventDefault();
      upload(form, button);
      return;
    }
    begin();
    if (form.method === "post") {
      form.dataset.sending = "yes";
      // Only after the browser has collected the form: a disabled button would not be sent.
      window.setTimeout(function () {
        if (!form.dataset.sending) return;
        hold(button, button && button.dataset.busy || WAITING);
        holdOthers(form, button);
      }, PATIENCE);
    }
  });

  /* A page that comes back from the browser's memory is not busy any more. */
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    running = 0;
    end();
    document.querySelectorAll("form[data-sending]").forEach(function (form) { delete form.dataset.sending; });
    document.querySelectorAll("[data-words]").forEach(release);
    releaseOthers(document);
  });

  function upload(form, button) {
    const note = form.querySelector(".upload-progress");
    const bar = note && note.querySelector("progress");
    const words = note && note.querySelector(".upload-words");
    const request = new XMLHttpRequest();
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    form.dataset.sending = "yes";
    begin();
    hold(button, button && button.dataset.busy || "正在上传…");
    holdOthers(form, button);
    if (note) note.hidden = false;

    request.upload.addEventListener("progress", function (event) {
      if (!note || !event.lengthComputable) return;
      const percent = Math.floor(100 * event.loaded / event.total);
      bar.value = percent;
      words.textContent = percent < 100 ? "已上传 " + percent + "%" : "已上传，正在识别内容…";
    });
    request.addEventListener("load", function () {
      if (!/html/.test(request.getResponseHeader("Content-Type") || "")) { failed(); return; }
      // What the server answered is the page now, at the address where it came from, messages and all.
      window.history.replaceState(null, "", request.responseURL || form.action);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", failed);
    request.addEventListener("abort", failed);

    function failed() {
      delete form.dataset.sending;
      end();
      release(button);
      releaseOthers(document);
      if (note) note.hidden = true;
      window.tell("上传没有完成，请检查网络后重新上传。");
    }

    request.open("POST", form.action);
    request.send(data);
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-download]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.words !== undefined) return;
    begin();
    hold(link, link.dataset.busy || "正在生成…");
    fetch(link.href, { credentials: "same-origin" })
      .then(function (response) {
        // A page instead of a file (signed out, refused, gone wrong) is shown as the page that it is.
        if (!response.ok || response.redirected) { window.location.assign(link.href); return null; }
        return response.blob().then(function (blob) { save(blob, fileName(response)); });
      })
      .catch(function () { window.tell("文件没有取到，请检查网络后重试。"); })
      .then(function () { end(); release(link); });
  });

  function fileName(response) {
    const header = response.headers.get("Content-Disposition") || "";
    const encoded = /filename\*=utf-8''([^;]+)/i.exec(header);
    if (encoded) return decodeURIComponent(encoded[1]);
    const plain = /filename="?([^";]+)"?/i.exec(header);
    return plain ? plain[1] : "";
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }
})();
