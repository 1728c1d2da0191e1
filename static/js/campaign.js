/* Tables of a campaign's phases, leading group and departments: rows are added and moved in place, and blocks are pasted
   from a spreadsheet. Without scripts the same form has numbers for the order and asks the server for more rows. */
(function () {
  "use strict";

  const CONTROLS = "input:not([type=hidden]):not([type=checkbox]), select, textarea";

  function rowsOf(form) { return Array.from(form.querySelectorAll("tr[data-row]")); }

  /* The boxes that a pasted block can fill: place and removal are none of them. */
  function boxesOf(row) {
    return Array.from(row.querySelectorAll("td:not(.place):not(.remove)")).map(function (cell) {
      return cell.querySelector(CONTROLS);
    }).filter(Boolean);
  }

  function renumber(form) {
    rowsOf(form).forEach(function (row, index) {
      row.querySelector("input[name$=-ORDER]").value = String(index + 1);
    });
  }

  function addRow(form) {
    const total = form.querySelector("input[name$=-TOTAL_FORMS]");
    const holder = document.createElement("tbody");
    holder.innerHTML = form.querySelector("template[data-new-row]").innerHTML.replace(/__prefix__/g, total.value);
    const row = holder.querySelector("tr");
    form.querySelector("tbody").append(row);
    total.value = String(Number(total.value) + 1);
    renumber(form);
    return row;
  }

  function move(row, by) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    renumber(row.closest("form"));
  }

  document.addEventListener("click", function (event) {
    const adding = event.target.closest("[data-add-row]");
    const moving = event.target.closest("[data-move]");
    if (adding) {
      event.preventDefault();
      boxesOf(addRow(adding.closest("form")))[0].focus();
    } else if (moving) {
      move(moving.closest("tr"), Number(moving.dataset.move));
      moving.focus();
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("input[name$=-DELETE]")) {
      event.target.closest("tr").classList.toggle("going", event.target.checked);
    }
  });

  /* ---- pasting ---- */

  function put(box, text) {
    if (box.tagName !== "SELECT") { box.value = text; return true; }
    const option = Array.from(box.options).find(function (each) { return each.text.trim() === text; });
    if (option) box.value = option.value;
    return Boolean(option) || !text;
  }

  /* Where a block without headings begins. Rows that are found by name bring what stands behind the name, so that
     under the names themselves it begins at the contact person. */
  function beginning(form, rows, words, block, box) {
    const at = { r: 0, c: 0 };
    rows.forEach(function (row, r) {
      const c = boxesOf(row).indexOf(box);
      if (c >= 0) { at.r = r; at.c = c; }
    });
    const names = new Set([].concat.apply([], words));
    const byName = block.some(function (cells) { return names.has((cells[0] || "").trim()); });
    const person = boxesOf(rows[0]).findIndex(function (each) { return /-contact_name$/.test(each.name); });
    if (byName && person >= 0) at.c = Math.max(at.c, person);
    return at;
  }

  function paste(form, box, text) {
    const block = window.gridBlock.read(text);
    let rows = rowsOf(form);
    const words = rows.map(function (row) { return row.dataset.known ? row.dataset.known.split("|") : []; });
    const columns = boxesOf(rows[0]).map(function (each) {
      return [form.querySelector("label[for='" + each.id + "']").textContent.trim()].concat(OTHER_WORDS[each.name.split("-").pop()] || []);
    });
    const growing = Boolean(form.querySelector("template[data-new-row]"));
    const room = growing ? words.concat(block.map(function () { return []; })) : words;
    const result = window.gridBlock.place(block, columns, room, beginning(form, rows, words, block, box));
    let refused = 0;
    result.cells.forEach(function (cell) {
      while (cell.r >= rowsOf(form).length) addRow(form);
      rows = rowsOf(form);
      if (!put(boxesOf(rows[cell.r])[cell.c], cell.text)) refused += 1;
    });
    const lost = [];
    if (result.unknown.length) lost.push("没有对上：" + result.unknown.join("、"));
    if (result.rowsOver || result.columnsOver) lost.push("超出表格的部分没有粘贴");
    if (refused) lost.push(refused + " 格的内容不在可选范围内，保留原来的选择");
    window.tell("已粘贴 " + (result.cells.length - refused) + " 格，请核对后保存。" + lost.join("；"), lost.length ? "warning" : "success");
  }

  // what else people head these columns with
  const OTHER_WORDS = {
    part: ["职务", "领导小组职务"],
    office: ["单位", "单位职务", "单位及职务", "工作单位及职务"],
    name: ["名称"],
    aliases: ["简称"],
    contact_name: ["联络员", "联系人", "姓名"],
    contact_phone: ["联系电话", "手机", "手机号", "手机号码", "电话号码"],
    tasks: ["主要任务", "工作任务"],
  };

  document.addEventListener("paste", function (event) {
    const form = event.target.closest("tr[data-row]") && event.target.closest("form.edit-form");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    const lines = text.replace(/\r?\n$/, "");
    const many = event.target.tagName !== "TEXTAREA" && /[\r\n]/.test(lines);
    // one cell, or lines for a box that takes lines, go where they are pasted
    if (!form || !(many || lines.indexOf("\t") >= 0)) return;
    event.preventDefault();
    paste(form, event.target, text);
  });

  document.querySelectorAll("form[data-rows-form]").forEach(function (form) {
    renumber(form);
    form.querySelector("[data-add-row]").textContent = "再加一行";
  });
})();
