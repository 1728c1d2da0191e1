/* Draws beside the fields of a form what the server says about them: what is wrong, what needs a word, and what somebody
   else has typed there. */
(function () {
  "use strict";

  const MISSING = "missing"; // said while checking, not while filling in

  window.fillFindings = function (form, pk) {
    const blank = document.getElementById("doubt-template");

    function rows() { return Array.from(form.querySelectorAll(".fill-field")); }

    function row(code) { return document.getElementById("f-" + code); }

    /* `words(name, box, text)` puts the stored words into a caution's box. */
    function show(faults, cautions, words) {
      const doubtful = cautions.filter(function (each) { return each.key !== MISSING; });
      rows().forEach(function (place) {
        const code = place.dataset.code;
        const wrong = faults.filter(function (each) { return each.elements.includes(code); });
        const doubts = doubtful.filter(function (each) { return each.elements.includes(code); });
        sentences(place.querySelector(".wrong"), wrong.map(function (each) { return each.text; }));
        mark(place, wrong.length > 0, doubts.length > 0);
        elsewhere(place.querySelector(".see"), doubts.filter(function (each) { return each.elements[0] !== code; }));
        fill(place.querySelector(".doubts"), doubts.filter(function (each) { return each.elements[0] === code; }), words);
      });
      const whole = form.querySelector("[data-whole]");
      fill(whole, doubtful.filter(function (each) { return !each.elements.length; }), words);
      whole.closest("section").hidden = !whole.children.length;
      const notice = document.getElementById("first-fault");
      if (notice && !faults.length) notice.hidden = true;
    }

    /* A caution about several fields is said at the first of them; the others say where. */
    function elsewhere(line, doubts) {
      const names = doubts.map(function (each) { return row(each.elements[0]).querySelector(".fill-label label, .fill-label .label").textContent; });
      line.textContent = Array.from(new Set(names), function (name) { return "见“" + name + "”。"; }).join("");
      line.hidden = !names.length;
    }

    function mark(place, wrong, doubtful) {
      const clashes = !place.querySelector(".fill-clash").hidden;
      place.classList.toggle("is-wrong", wrong || clashes);
      place.classList.toggle("is-doubtful", !wrong && !clashes && doubtful);
      place.querySelectorAll(".fill-value .form-control, .fill-value .form-select").forEach(function (box) {
        if (wrong) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
      });
    }

    function sentences(list, texts) {
      if (Array.from(list.children, function (each) { return each.textContent; }).join() === texts.join()) return;
      list.replaceChildren(...texts.map(function (text) {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
      }));
    }

    function fill(place, doubts, words) {
      const kept = new Map(Array.from(place.children, function (each) { return [each.dataset.key, each]; }));
      doubts.forEach(function (doubt) {
        const name = "x-" + pk + "-" + doubt.key;
        let box = kept.get(doubt.key);
        if (!box) {
          box = blank.content.firstElementChild.cloneNode(true);
          box.dataset.key = doubt.key;
          box.querySelector("textarea").name = name;
          box.querySelector("input").name = "o" + name.slice(1);
          place.append(box);
        }
        kept.delete(doubt.key);
        box.querySelector("p").textContent = doubt.text;
        box.querySelector("input").value = doubt.text;
        box.classList.toggle("unexplained", !doubt.explanation || doubt.outdated);
        box.querySelector("[data-outdated]").hidden = !doubt.outdated;
        words(name, box.querySelector("textarea"), doubt.explanation);
      });
      kept.forEach(function (box) { if (!box.contains(document.activeElement)) box.remove(); });
    }

    /* What the other has stored, beside what stands in the box; two buttons choose. */
    function clash(code, sentence, theirs, mine) {
      const place = row(code);
      const box = place.querySelector(".fill-clash");
      box.hidden = false;
      box.querySelector("p").textContent = sentence;
      box.querySelector("[name=theirs] b").textContent = "（" + (theirs || "空") + "）";
      box.querySelector("[name=mine] b").textContent = "（" + (mine || "空") + "）";
      place.classList.add("is-wrong");
    }

    function unclash(code) {
      const place = row(code);
      place.querySelector(".fill-clash").hidden = true;
      place.classList.remove("is-wrong");
    }

    /* The figure was accepted or handed in by somebody while it was typed. */
    function lock(code, sentence) {
      const place = row(code);
      place.querySelectorAll(".fill-value input, .fill-value select").forEach(function (box) { box.disabled = true; });
      sentences(place.querySelector(".wrong"), [sentence]);
    }

    return { show: show, clash: clash, unclash: unclash, lock: lock, row: row };
  };
})();
