/* Where files are handed in: chosen, dropped, pasted or photographed; three are on their way at a time.
   The areas are in templates/evidence/_upload.html; htmx may bring new ones at any time, so all listens to the document.
   Without this script, or in a browser in which it cannot work, the area is a form with a button. */
(function () {
  "use strict";

  if (!window.tus || !window.tus.isSupported || !window.UploadFile) return;
  document.documentElement.classList.add("uploads");

  const AT_ONCE = 3;
  const AREA = "[data-upload-area]";
  const files = [];
  let taken = false; // something came in since the page was told
  let pointed = null; // the area under the mouse
  let over = null; // the place that shows that it takes what is being dragged

  /* ---- the queue ---- */

  function add(area, chosen, pasted) {
    if (!area || !chosen.length) return;
    const lines = area.parentElement.querySelector(".upload-lines");
    lines.querySelectorAll("[data-result=taken]").forEach(function (line) { line.remove(); });
    const folded = area.closest("details:not([open])");
    if (folded) folded.open = true;
    const one = area.dataset.replaces ? chosen.slice(0, 1) : chosen;
    one.forEach(function (file) { files.push(new window.UploadFile(pasted ? named(file) : file, area, next)); });
    if (one.length < chosen.length) window.tell("一次只能换一个新版本，已取第一个文件：" + chosen[0].name, "warning");
    next();
  }

  /* A screenshot has no name of its own. */
  function named(file) {
    const kind = /^image\.(\w+)$/.exec(file.name);
    if (!kind) return file;
    const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
    return new File([file], "截图 " + now.slice(0, 10) + " " + now.slice(11, 19).replace(/:/g, "") + "." + kind[1], { type: file.type });
  }

  function next(changed) {
    if (changed && changed.result === "taken") {
      taken = true;
      // the area of a new version is gone with what it mends: what came of it is said above the page
      if (changed.mends) window.tell("“" + changed.file.name + "”" + changed.said.textContent + "。", "success");
    }
    for (let i = files.length - 1; i >= 0; i -= 1) if (files[i].state === "ended") files.splice(i, 1);
    const under = files.filter(underWay);
    files.filter(function (file) { return file.state === "waiting"; })
      .slice(0, Math.max(0, AT_ONCE - under.length)).forEach(function (file) { file.start(); });
    if (taken && !files.some(underWay)) {
      taken = false;
      document.dispatchEvent(new CustomEvent("evidence:changed"));
    }
  }

  function underWay(file) { return file.state === "running" || file.state === "pausing"; }

  window.addEventListener("online", wake);
  document.addEventListener("session-renewed", wake);
  function wake() { files.forEach(function (file) { file.wake(); }); }

  window.setInterval(function () {
    files.forEach(function (file) {
      if (!file.stopped()) return;
      file.tus.abort();
      file.answered(0, "", false);
    });
  }, 5000);

  /* What was folded anew around an area still shows files on their way, and what came of the others. */
  document.addEventListener("htmx:afterSettle", function () {
    document.querySelectorAll(".upload-line").forEach(function (line) {
      let folded = line.closest("details:not([open])");
      while (folded) {
        folded.open = true;
        folded = folded.closest("details:not([open])");
      }
    });
  });

  window.addEventListener("beforeunload", function (event) {
    if (!files.some(function (file) { return underWay(file) || file.state === "waiting"; })) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* ---- choosing ---- */

  document.addEventListener("change", function (event) {
    const area = event.target.type === "file" && event.target.closest(AREA);
    if (!area) return;
    const chosen = Array.from(event.target.files);
    event.target.value = ""; // so that the same file can be chosen again
    add(area, chosen);
  });

  /* ---- dragging ---- */

  /* The area that takes what is dropped here: this one, or the only one of the row. */
  function areaAt(target) {
    const here = target.closest(".upload");
    if (here) return here.querySelector(AREA);
    const row = target.closest("[data-upload-drop]");
    const areas = row ? row.querySelectorAll(AREA) : [];
    return areas.length === 1 ? areas[0] : null;
  }

  function show(place) {
    if (place === over) return;
    if (over) over.classList.remove("upload-over");
    over = place;
    if (over) over.classList.add("upload-over");
  }

  function carriesFiles(event) {
    return document.querySelector(AREA) && event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  }

  document.addEventListener("dragover", function (event) {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // also beside the areas: the browser would leave the page and show the file
    const area = areaAt(event.target);
    event.dataTransfer.dropEffect = area ? "copy" : "none";
    show(area);
  });

  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) show(null); });

  document.addEventListener("drop", function (event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(null);
    const area = areaAt(event.target);
    if (!area) return;
    const dropped = Array.from(event.dataTransfer.items).filter(function (item) { return item.kind === "file"; });
    const whole = dropped.filter(function (item) {
      const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
      return !entry || entry.isFile;
    });
    if (whole.length < dropped.length) window.tell("文件夹不能直接上传，请打开文件夹，选中其中的文件再拖过来。", "warning");
    add(area, whole.map(function (item) { return item.getAsFile(); }));
  });

  /* ---- pasting ---- */

  document.addEventListener("mouseover", function (event) {
    const here = event.target.closest(".upload");
    pointed = here && here.querySelector(AREA);
  });

  document.addEventListener("paste", function (event) {
    const pasted = Array.from(event.clipboardData ? event.clipboardData.files : []);
    const here = document.activeElement && document.activeElement.closest(AREA);
    const area = here || (pointed && pointed.isConnected ? pointed : null);
    if (!pasted.length || !area) return;
    event.preventDefault();
    add(area, pasted, true);
  });
})();
