/* The grid and the server: saves what was typed, shows what became of it, asks where two people changed the same cell. */
(function () {
  "use strict";

  const WORDS = { saved: "已自动保存", waiting: "正在保存…", saving: "正在保存…" };
  const MARKS = ["fault", "returned", "caution"];

  /* `show(input)`: tells about the active cell anew. Returns {typed, leave, count}. */
  window.gridSaving = function (form, show) {
    const note = document.getElementById("grid-saved");
    const retry = document.getElementById("grid-retry");
    const count = document.querySelector("[data-ready-count]");
    const lost = [];
    let touched = false;

    const queue = window.gridQueue({
      url: form.dataset.saveUrl,
      place: form.dataset.drafts,
      answered: answered,
      restored: restored,
      changed: changed,
    });
    if (lost.length) window.tell("上次没有来得及保存的 " + lost.length + " 格，现在不能再改，没有保存：" + lost.join("、") + "。", "warning");

    function cellOf(name) { return form.elements.namedItem("v-" + name); }

    /* ---- from the page ---- */

    function typed(input) {
      if (!input.name) return;
      const isNew = input.value !== input.defaultValue;
      const cell = input.parentElement;
      cell.classList.toggle("unsaved", isNew);
      if (isNew || queue.has(input.name)) {
        touched = true;
        settle(cell);
        queue.put(input.name, input.value, input.defaultValue);
      } else if (cell.classList.contains("conflict")) { settle(cell); queue.drop(input.name); }
    }

    function restored(name, entry) {
      const input = form.elements.namedItem(name);
      if (!input) {
        const locked = form.querySelector('[data-name="' + CSS.escape(name) + '"]');
        lost.push("“" + entry.text + "”" + (locked ? "（" + window.gridLabel(locked) + "）" : ""));
        return false;
      }
      if (input.defaultValue === entry.text) return false;
      input.value = entry.text;
      input.parentElement.classList.add("unsaved");
      touched = true;
      return true;
    }

    /* ---- from the server ---- */

    function changed(state, sentence) {
      const waiting = "没有连上服务器，" + queue.count() + " 格先存在本机，连上后自动保存";
      const open = form.querySelectorAll("td.conflict").length;
      const words = state === "saved" && open ? open + " 格与别人同时改动，点开选一个" : touched ? WORDS[state] : "";
      note.textContent = state === "offline" ? waiting : sentence || words;
      note.className = "grid-saved-" + state;
      retry.hidden = state !== "refused" && state !== "offline";
    }

    function answered(answer) {
      answer.cells.forEach(function (result) {
        const input = cellOf(result.name);
        if (!input) return;
        const cell = input.parentElement;
        const busy = input === document.activeElement && input.dataset.typing;
        if (result.status === "conflict" && !queue.has(input.name)) { ask(input, result); return; }
        input.defaultValue = result.text;
        if (!busy && !queue.has(input.name) && input.value !== result.text) input.value = result.text;
        cell.classList.toggle("unsaved", input.value !== input.defaultValue);
        if (result.status === "locked") lock(input, result.sentence);
      });
      (answer.rows || []).forEach(row);
      if (count) {
        const ready = form.querySelectorAll('tr[data-ready="1"]').length;
        count.textContent = ready;
        count.parentElement.hidden = !ready;
      }
      show();
    }

    function row(facts) {
      const line = form.querySelector('tr[data-row="' + facts.pk + '"]');
      if (!line) return;
      line.dataset.ready = facts.ready ? "1" : "0";
      line.querySelector("[data-state]").innerHTML = facts.light;
      line.querySelector("[data-filled]").textContent = facts.filled + "/" + facts.asked;
      const counts = line.querySelector("[data-counts]");
      if (counts) counts.textContent = (facts.faults ? " " + facts.faults + " 错" : "") + (facts.cautions ? " " + facts.cautions + " 提示" : "");
      line.querySelectorAll("td > input").forEach(function (input) {
        const mark = facts.marks[(input.name || input.dataset.name).replace(/^v-\d+-/, "")];
        MARKS.forEach(function (name) { input.parentElement.classList.toggle(name, Boolean(mark) && mark[0].includes(name)); });
        if (!input.parentElement.classList.contains("conflict")) input.title = mark ? mark[1] : "";
      });
    }

    function lock(input, sentence) {
      input.readOnly = true;
      input.dataset.name = input.name;
      input.removeAttribute("name");
      input.title = sentence;
      input.parentElement.classList.add("locked");
    }

    /* ---- two people, one cell: theirs or mine ---- */

    function ask(input, result) {
      const cell = input.parentElement;
      const mine = input.value;
      settle(cell);
      input.defaultValue = result.text;
      input.title = result.sentence;
      cell.classList.add("conflict");
      const menu = document.createElement("div");
      menu.className = "grid-choice";
      menu.append(choice("对方的", result.text, function () {
        input.value = result.text;
        queue.drop(input.name);
        cell.classList.remove("unsaved");
      }), choice("我的", mine, function () {
        input.value = mine;
        queue.put(input.name, mine, result.text);
      }));
      cell.append(menu);

      function choice(words, text, chosen) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = words + " " + (text || "（空）");
        button.addEventListener("click", function () { settle(cell); chosen(); input.title = ""; input.focus(); show(); });
        return button;
      }
    }

    function settle(cell) {
      cell.classList.remove("conflict");
      const menu = cell.querySelector(".grid-choice");
      if (menu) menu.remove();
    }

    /* ---- leaving for a page that needs everything saved ---- */

    function leave(go) {
      const open = form.querySelectorAll("td.conflict").length;
      if (open) { window.tell("有 " + open + " 格与别人同时改动，请先选用哪一个。", "warning"); return; }
      queue.flush().then(function (done) {
        if (done) go();
        else window.tell("还有 " + queue.count() + " 格没有保存，连上网络、保存以后再试。", "warning");
      });
    }

    retry.addEventListener("click", function () { queue.flush(); });
    return { typed: typed, leave: leave };
  };
})();
