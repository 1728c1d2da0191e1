/* The grid as in a spreadsheet: arrows, Tab, Enter, Esc, Delete, F2, ranges, copy and paste. Each cell is an input of a
   form, so that all of it can be typed and saved without scripts, too.

   A cell that one comes to is "ready": all of it is marked, what is typed replaces it, arrows go on. F2 or a second click
   edits it: arrows then move within the text. */
(function () {
  "use strict";

  const form = document.getElementById("grid-form");
  const about = document.getElementById("grid-about");
  const panel = document.getElementById("grid-panel");
  const IDLE = 1500; // ms without a key after which a cell is saved that nobody has left yet
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const undone = []; // what pastes and deletions replaced: lists of [input, text]

  let active = null; // the input that has the focus, or had it last
  let editing = false;
  let before = ""; // its text when it got the focus
  let head = null; // the other corner of the range: {r, c}
  let dragging = false;
  let idle = null;

  /* ---- where cells are ---- */

  function tableOf(input) { return input.closest("table"); }
  function place(input) { return { r: input.closest("tr").sectionRowIndex, c: input.parentElement.cellIndex - 1 }; }
  function size(table) { const rows = table.tBodies[0].rows; return { rows: rows.length, columns: rows[0].cells.length - 1 }; }

  function cellAt(table, r, c) {
    const row = table.tBodies[0].rows[r];
    return row && c >= 0 && row.cells[c + 1] ? row.cells[c + 1].firstElementChild : null;
  }

  function isCell(element) { return element instanceof HTMLInputElement && element.parentElement.tagName === "TD" && form.contains(element); }

  function words(input) { return input.getAttribute("aria-labelledby").split(" ").map(function (id) { return document.getElementById(id); }); }
  function headingOf(column) { return column.querySelector(".grid-name").textContent; }
  window.gridLabel = function (input) { const both = words(input); return both[0].textContent + " " + headingOf(both[1]); };

  function range() {
    const from = place(active);
    const to = head || from;
    const found = [];
    for (let r = Math.min(from.r, to.r); r <= Math.max(from.r, to.r); r += 1) {
      const row = [];
      for (let c = Math.min(from.c, to.c); c <= Math.max(from.c, to.c); c += 1) row.push(cellAt(tableOf(active), r, c));
      found.push(row);
    }
    return found;
  }

  function isRange() { return Boolean(head); }

  function extend(to) {
    const from = place(active);
    head = to && (to.r !== from.r || to.c !== from.c) ? to : null;
    form.querySelectorAll("td.picked").forEach(function (cell) { cell.classList.remove("picked"); });
    if (head) range().forEach(function (row) { row.forEach(function (input) { input.parentElement.classList.add("picked"); }); });
  }

  /* ---- what is said about the active cell ---- */

  function show() {
    if (!active) return;
    const both = words(active);
    const facts = [];
    if (both[1].dataset.type === "boolean") facts.push("填 是 或 否");
    if (both[1].dataset.definition) facts.push(both[1].dataset.definition);
    if (active.placeholder) facts.push("上期 " + active.placeholder);
    say(window.gridLabel(active), facts.join(" · "), active.title, active.parentElement.matches(".caution:not(.fault):not(.returned)"));
  }

  function say(label, facts, note, isCaution) {
    about.querySelector("[data-label]").textContent = label;
    about.querySelector("[data-facts]").textContent = facts;
    about.querySelector("[data-note]").textContent = note;
    about.querySelector("[data-note]").classList.toggle("is-caution", Boolean(isCaution));
  }

  const saving = window.gridSaving(form, show);

  /* ---- moving ---- */

  function go(input) {
    if (!input) return;
    input.focus({ preventScroll: true });
    reveal(input);
  }

  /* Into what the headings and the first column leave free. */
  function reveal(input) {
    const box = input.closest(".grid-box");
    const table = tableOf(input);
    const frame = box.getBoundingClientRect();
    const cell = input.parentElement.getBoundingClientRect();
    const top = frame.top + table.tHead.offsetHeight;
    const left = frame.left + table.tHead.rows[0].cells[0].offsetWidth;
    if (cell.top < top) box.scrollTop -= top - cell.top;
    else if (cell.bottom > frame.top + box.clientHeight) box.scrollTop += cell.bottom - frame.top - box.clientHeight;
    if (cell.left < left) box.scrollLeft -= left - cell.left;
    else if (cell.right > frame.left + box.clientWidth) box.scrollLeft += cell.right - frame.left - box.clientWidth;
  }

  function step(by, extending) {
    const table = tableOf(active);
    const from = extending && head ? head : place(active);
    const to = { r: from.r + by[0], c: from.c + by[1] };
    const target = cellAt(table, to.r, to.c);
    if (!target) return;
    if (extending) { extend(to); reveal(target); } else go(target);
  }

  form.addEventListener("focusin", function (event) {
    if (!isCell(event.target)) return;
    active = event.target;
    editing = false;
    before = active.value;
    extend(null);
    active.select();
    reveal(active);
    show();
  });

  form.addEventListener("focusout", function (event) { if (isCell(event.target)) commit(event.target); });

  form.addEventListener("mousedown", function (event) {
    if (event.button !== 0 || !isCell(event.target)) return;
    if (event.target === document.activeElement) { editing = true; extend(null); return; }
    event.preventDefault(); // no caret: the cell is ready, not edited
    if (event.shiftKey && active && tableOf(active) === tableOf(event.target)) { extend(place(event.target)); return; }
    dragging = true;
    go(event.target);
  });

  form.addEventListener("mouseover", function (event) {
    const cell = event.target.closest("td");
    if (dragging && cell && tableOf(active) === cell.closest("table")) extend(place(cell.firstElementChild));
  });

  document.addEventListener("mouseup", function () { dragging = false; });

  /* ---- typing ---- */

  function commit(input) {
    window.clearTimeout(idle);
    delete input.dataset.typing;
    saving.typed(input);
  }

  form.addEventListener("input", function (event) {
    if (!isCell(event.target)) return;
    if (isRange()) extend(null);
    event.target.dataset.typing = "yes";
    event.target.parentElement.classList.toggle("unsaved", event.target.value !== event.target.defaultValue);
    window.clearTimeout(idle);
    idle = window.setTimeout(function () { saving.typed(event.target); }, IDLE);
  });

  /* Many at once, to be taken back at once. */
  function change(pairs) {
    const own = pairs.filter(function (pair) { return !pair[0].readOnly && pair[0].value !== pair[1]; });
    if (own.length) undone.push(own.map(function (pair) { return [pair[0], pair[0].value]; }));
    set(own);
    return pairs.filter(function (pair) { return pair[0].readOnly; }).length;
  }

  function set(pairs) {
    pairs.forEach(function (pair) { pair[0].value = pair[1]; saving.typed(pair[0]); });
    before = active.value;
    if (document.activeElement === active) active.select();
    show();
  }

  function empty() { change([].concat.apply([], range()).map(function (input) { return [input, ""]; })); }

  form.addEventListener("keydown", function (event) {
    if (!isCell(event.target) || event.isComposing || event.keyCode === 229) return; // 229: an input method is at work
    const used = event.ctrlKey || event.metaKey ? withControl(event) : alone(event);
    if (used) event.preventDefault();
  });

  function alone(event) {
    const key = event.key;
    const typing = editing || active.dataset.typing;
    if (STEPS[key]) {
      if (editing && (key === "ArrowLeft" || key === "ArrowRight")) return false;
      step(STEPS[key], event.shiftKey);
      return true;
    }
    if (key === "Tab") return along(event.shiftKey ? -1 : 1);
    if (key === "Enter") { const next = STEPS[event.shiftKey ? "ArrowUp" : "ArrowDown"]; commit(active); step(next, false); return true; }
    if (key === "Escape") {
      if (active.value !== before) { active.value = before; commit(active); }
      editing = false;
      extend(null);
      active.select();
      return true;
    }
    if (key === "F2") {
      editing = true;
      extend(null);
      active.setSelectionRange(active.value.length, active.value.length);
      return true;
    }
    if ((key === "Delete" || key === "Backspace") && !typing) { empty(); return true; }
    if ((key === "Home" || key === "End") && !typing) { go(cellAt(tableOf(active), place(active).r, key === "Home" ? 0 : size(tableOf(active)).columns - 1)); return true; }
    return false;
  }

  /* To the next cell, from the end of a row to the next one; out of the table at its end. */
  function along(by) {
    const table = tableOf(active);
    const at = place(active);
    const width = size(table).columns;
    const next = at.r * width + at.c + by;
    const target = next >= 0 && cellAt(table, Math.floor(next / width), next % width);
    if (target) go(target);
    return Boolean(target);
  }

  function withControl(event) {
    if (event.key !== "Enter" && (editing || active.dataset.typing)) return false;
    const table = tableOf(active);
    const last = { r: size(table).rows - 1, c: size(table).columns - 1 };
    const key = event.key.toLowerCase();
    if (key === "enter") { active.closest("tr").querySelectorAll("[data-check]").forEach(function (link) { link.click(); }); return true; }
    if (key === "z" && undone.length) { set(undone.pop()); return true; }
    if (key === "a") { go(cellAt(table, 0, 0)); extend(last); return true; }
    if (key === "home") { go(cellAt(table, 0, 0)); return true; }
    if (key === "end") { go(cellAt(table, last.r, last.c)); return true; }
    return false;
  }

  /* ---- the clipboard ---- */

  function copied(event) {
    if (!isCell(event.target) || editing || active.dataset.typing) return false;
    const rows = range().map(function (row) { return row.map(function (input) { return input.value; }); });
    event.clipboardData.setData("text/plain", window.gridBlock.write(rows));
    event.preventDefault();
    return true;
  }

  form.addEventListener("copy", copied);
  form.addEventListener("cut", function (event) { if (copied(event)) empty(); });

  form.addEventListener("paste", function (event) {
    if (!isCell(event.target)) return;
    const block = window.gridBlock.read(event.clipboardData.getData("text/plain"));
    if (!block.length) return;
    const single = block.length === 1 && block[0].length === 1;
    if (single && (editing || active.dataset.typing)) return; // into the text
    event.preventDefault();
    if (single && isRange()) {
      const inputs = [].concat.apply([], range());
      const locked = change(inputs.map(function (input) { return [input, block[0][0].trim()]; }));
      told(locked, { cells: inputs, rowsOver: 0, columnsOver: 0, unknown: [] });
      return;
    }
    paste(block);
  });

  function paste(block) {
    const table = tableOf(active);
    const columns = Array.from(table.querySelectorAll("th[data-element]")).map(function (column) {
      return [headingOf(column), column.dataset.element].concat(column.dataset.aliases.split("|"));
    });
    const rows = Array.from(table.tBodies[0].rows).map(function (row) { return [row.querySelector(".grid-institution").textContent, row.dataset.code]; });
    const corner = range()[0][0];
    const placed = window.gridBlock.place(block, columns, rows, place(corner));
    const locked = change(placed.cells.map(function (cell) { return [cellAt(table, cell.r, cell.c), cell.text]; }));
    told(locked, placed);
  }

  function told(locked, placed) {
    const parts = ["已粘贴 " + (placed.cells.length - locked) + " 格"];
    if (placed.rowsOver) parts.push("超出表格的 " + placed.rowsOver + " 行没有粘贴");
    if (placed.columnsOver) parts.push("超出表格的 " + placed.columnsOver + " 列没有粘贴");
    if (placed.unknown.length) parts.push("表格里没有“" + placed.unknown.slice(0, 5).join("”“") + "”" + (placed.unknown.length > 5 ? "等 " + placed.unknown.length + " 处" : "") + "，没有粘贴");
    if (locked) parts.push(locked + " 格已提交或已接受，没有改");
    say("", "", parts.join("；") + "。");
  }

  /* ---- other pages ---- */

  document.addEventListener("click", function (event) {
    const check = event.target.closest("[data-check]");
    const link = check || event.target.closest("[data-submit-all]");
    if (event.target.closest("[data-close]")) panel.close();
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    saving.leave(function () { if (check && panel.showModal) open(check.href); else window.location.assign(link.href); });
  });

  function open(url) {
    window.fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } })
      .then(function (response) {
        if (!response.ok || response.redirected) throw new Error(String(response.status));
        return response.text();
      })
      .then(function (html) { panel.querySelector(".grid-panel-body").innerHTML = html; panel.showModal(); })
      .catch(function () { window.location.assign(url); });
  }

  /* Back from checking a row: that row is in sight in its table, while the page still shows what it has to say. */
  const cameFrom = /^#row-(\d+)$/.exec(window.location.hash);
  const line = cameFrom && form.querySelector('tr[data-row="' + cameFrom[1] + '"] > td > input');
  if (line) reveal(line);

  form.addEventListener("submit", function (event) { event.preventDefault(); }); // it saves by itself
})();
