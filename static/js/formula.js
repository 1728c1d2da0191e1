/* Writing a formula: elements are completed as one types, put in from the list beside, and mended by a click.
   Without it the boxes are plain ones with the list beside them. */
(function () {
  "use strict";

  const boxes = Array.from(document.querySelectorAll("[data-formula]"));
  if (!boxes.length) return;
  const list = document.querySelector(".element-list");
  const MOST = 8;
  // what is being typed: up to a bracket, an operator, a blank
  const TYPED = /([【\[]?)([^\s（）()【】\[\]+\-*\/×÷≥≤<>=＞＜＝＋－％%“”"、，,；;]*)$/;
  const JOINING = /^(?:且|或|非)+/;

  /* ---- what there is to put in: the list beside is the only place that says it ---- */

  function fold(text) { return text.normalize("NFKC").toLowerCase().replace(/\s/g, ""); }

  const words = Array.from(list.querySelectorAll("button[data-insert]")).map(function (button) {
    return {
      button: button,
      insert: button.dataset.insert,
      name: fold(button.dataset.name),
      aliases: (button.dataset.aliases || "").split("、").filter(Boolean).map(fold),
      group: button.dataset.group || "",
    };
  });

  function isWithin(letters, text) {
    let at = 0;
    for (const letter of letters) {
      at = text.indexOf(letter, at) + 1;
      if (!at) return false;
    }
    return true;
  }

  /* the smaller, the likelier; -1: not meant */
  function likeness(word, typed) {
    if (word.name.startsWith(typed)) return 0;
    if (word.name.includes(typed)) return 1;
    if (word.aliases.some(function (alias) { return alias.startsWith(typed); })) return 2;
    if (word.aliases.some(function (alias) { return alias.includes(typed); })) return 3;
    return typed.length > 1 && isWithin(typed, word.name) ? 4 : -1;
  }

  function matches(typed, elementsOnly) {
    const found = [];
    words.forEach(function (word, place) {
      if (elementsOnly && !word.group) return;
      const how = typed ? likeness(word, typed) : 0;
      if (how >= 0) found.push([how, place, word]);
    });
    found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    return found.slice(0, MOST).map(function (each) { return each[2]; });
  }

  /* ---- putting text in; the browser can undo it ---- */

  let quiet = false;

  function replace(box, start, end, text) {
    box.focus();
    box.setSelectionRange(start, end);
    quiet = true;
    if (!document.execCommand("insertText", false, text)) {
      box.setRangeText(text, start, end, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    quiet = false;
    // into the brackets, where something is still to be written
    const inside = text.search(/\(\)|【】/);
    const caret = inside < 0 ? start + text.length : start + inside + 1;
    box.setSelectionRange(caret, caret);
  }

  /* ---- completion ---- */

  const popup = document.createElement("ul");
  popup.className = "completion";
  popup.id = "completion";
  popup.setAttribute("role", "listbox");
  popup.setAttribute("aria-label", "候选数据元");
  popup.hidden = true;
  let current = null; // {box, start, end, found, at}

  boxes.forEach(function (box) {
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", popup.id);
  });

  function close() {
    if (!current) return;
    current.box.removeAttribute("aria-activedescendant");
    popup.hidden = true;
    current = null;
  }

  /* Where the name begins that is being typed, where it ends, and what it is so far. */
  function typing(box) {
    const caret = box.selectionStart;
    if (caret !== box.selectionEnd) return null;
    const found = TYPED.exec(box.value.slice(0, caret));
    let typed = found[2], start = caret - found[0].length;
    if (!found[1]) {
      const joining = JOINING.exec(typed);
      if (joining && joining[0].length < typed.length) {
        start += joining[0].length;
        typed = typed.slice(joining[0].length);
      }
      if (!typed || /^\d+$/.test(typed)) return null;
    }
    const rest = found[1] ? /^[^【】\[\]()（）\n]*[】\]]/.exec(box.value.slice(caret)) : null;
    return { start: start, end: caret + (rest ? rest[0].length : 0), typed: fold(typed), bracketed: Boolean(found[1]) };
  }

  function offer(box) {
    const now = typing(box);
    const found = now ? matches(now.typed, now.bracketed) : [];
    // what is written out already needs no help
    if (!found.length || (!now.bracketed && found.length === 1 && found[0].name === now.typed && !found[0].group)) return close();
    current = { box: box, start: now.start, end: now.end, found: found, at: 0 };
    popup.replaceChildren.apply(popup, found.map(function (word, place) {
      const entry = document.createElement("li");
      entry.id = "completion-" + place;
      entry.setAttribute("role", "option");
      entry.append.apply(entry, Array.from(word.button.cloneNode(true).childNodes));
      return entry;
    }));
    box.insertAdjacentElement("afterend", popup);
    popup.hidden = false;
    choose(0);
  }

  function choose(at) {
    current.at = (at + current.found.length) % current.found.length;
    Array.from(popup.children).forEach(function (entry, place) {
      entry.setAttribute("aria-selected", String(place === current.at));
      if (place === current.at) {
        entry.scrollIntoView({ block: "nearest" });
        current.box.setAttribute("aria-activedescendant", entry.id);
      }
    });
  }

  function take(at) {
    const taken = current;
    close();
    replace(taken.box, taken.start, taken.end, taken.found[at].insert);
  }

  boxes.forEach(function (box) {
    box.addEventListener("input", function (event) {
      if (quiet || event.isComposing) return;
      offer(box);
    });
    box.addEventListener("compositionend", function () { offer(box); });
    box.addEventListener("blur", close);
    box.addEventListener("click", function () { if (current) offer(box); });
    box.addEventListener("keydown", function (event) {
      if (!current || event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(current.at + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "Enter" || event.key === "Tab") take(current.at);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    box.addEventListener("focus", function () { lately = box; });
  });

  // a press must not take the caret out of the box
  popup.addEventListener("mousedown", function (event) { event.preventDefault(); });
  popup.addEventListener("click", function (event) {
    const entry = event.target.closest("li");
    if (entry && current) take(Array.from(popup.children).indexOf(entry));
  });

  /* ---- the list beside ---- */

  let lately = boxes[0];

  list.addEventListener("mousedown", function (event) {
    if (event.target.closest("button[data-insert]")) event.preventDefault();
  });
  list.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-insert]");
    if (!button) return;
    close();
    const caret = lately.selectionStart, end = lately.selectionEnd;
    // an empty 【】 waits for an element
    const waits = button.dataset.group && lately.value.slice(caret - 1, caret + 1) === "【】" && caret === end;
    replace(lately, waits ? caret - 1 : caret, waits ? end + 1 : end, button.dataset.insert);
  });

  const find = list.querySelector("#element-find");
  find.addEventListener("input", function () {
    const typed = fold(find.value);
    list.querySelectorAll(".element-group").forEach(function (group) {
      let any = false;
      words.forEach(function (word) {
        if (!group.contains(word.button)) return;
        const fits = !typed || likeness(word, typed) >= 0;
        word.button.parentNode.hidden = !fits;
        any = any || fits;
      });
      group.hidden = !any;
      group.open = Boolean(typed) && any;
    });
  });

  /* ---- what was wrong with a box is not said any more once it is being mended ---- */

  document.addEventListener("input", function (event) {
    const place = event.target.closest(".formula-page .field, .formula-page .formula-field, .formula-page .choices");
    if (!place) return;
    event.target.removeAttribute("aria-invalid");
    place.querySelectorAll(".wrong").forEach(function (fault) { fault.hidden = true; });
  });

  /* ---- ways to begin, and what may have been meant ---- */

  // places are counted in characters by the server, in halves of them by the browser
  function place(text, characters) { return Array.from(text).slice(0, characters).join("").length; }

  document.addEventListener("click", function (event) {
    const start = event.target.closest("[data-start]");
    if (start) {
      event.preventDefault();
      const box = document.getElementById("id_formula");
      ["comparator", "target", "unit"].forEach(function (name) {
        document.getElementById("id_" + name).value = start.dataset[name];
      });
      replace(box, 0, box.value.length, start.dataset.start);
      offer(box);
    }
    const mend = event.target.closest("[data-replace]");
    if (mend) {
      const box = document.getElementById(mend.dataset.box);
      const at = Number(mend.dataset.at);
      const from = place(box.value, at), to = place(box.value, at + Number(mend.dataset.length));
      replace(box, from, to, mend.dataset.replace);
    }
  });
})();
