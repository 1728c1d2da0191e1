/* Typing @ in a text box of form[data-calls] offers the people of the county: arrows choose, Enter or Tab takes, Escape
   closes. Without scripts one writes the name or the account by hand.

   data-calls names a JSON script: [{name, account, does}]. Who shares a name with somebody is called by account. */
(function () {
  "use strict";

  const MOST = 8;

  document.querySelectorAll("form[data-calls] textarea").forEach(function (box, number) {
    const people = JSON.parse(document.getElementById(box.form.dataset.calls).textContent);
    const often = new Map();
    people.forEach(function (person) { often.set(person.name, (often.get(person.name) || 0) + 1); });
    const list = document.createElement("ul");
    list.className = "mention-list";
    list.id = "mention-list-" + number;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "可以通知的人");
    list.hidden = true;
    box.after(list);
    const wrap = document.createElement("div");
    wrap.className = "mention-box";
    box.replaceWith(wrap);
    wrap.append(box, list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    let found = [];
    let chosen = 0;
    let start = -1;

    box.addEventListener("input", offer);
    box.addEventListener("click", offer);
    box.addEventListener("blur", close);
    box.addEventListener("keydown", function (event) {
      if (list.hidden || event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) choose((chosen + step + found.length) % found.length);
      else if (event.key === "Enter" || event.key === "Tab") take(found[chosen]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });

    function offer() {
      const before = box.value.slice(0, box.selectionStart);
      const at = /(^|[^A-Za-z0-9._%+-])[@＠]([^\s@＠，。、；：！？,;:!?]{0,20})$/.exec(before);
      if (!at) { close(); return; }
      start = before.length - at[2].length;
      const typed = at[2].toLowerCase();
      found = people.filter(function (person) {
        return person.name.toLowerCase().includes(typed) || person.account.toLowerCase().startsWith(typed) || person.does.includes(typed);
      }).slice(0, MOST);
      if (!found.length) { close(); return; }
      list.replaceChildren.apply(list, found.map(line));
      list.hidden = false;
      box.setAttribute("aria-expanded", "true");
      choose(0);
    }

    function line(person, i) {
      const entry = document.createElement("li");
      entry.id = list.id + "-" + i;
      entry.setAttribute("role", "option");
      const name = document.createElement("b");
      name.textContent = person.name;
      const does = document.createElement("span");
      does.className = "soft small";
      does.textContent = " " + person.does + (often.get(person.name) > 1 ? "（" + person.account + "）" : "");
      entry.append(name, does);
      entry.addEventListener("mousedown", function (event) { event.preventDefault(); take(person); });
      return entry;
    }

    function choose(i) {
      chosen = i;
      Array.from(list.children).forEach(function (entry, k) { entry.setAttribute("aria-selected", String(k === i)); });
      box.setAttribute("aria-activedescendant", list.children[i].id);
      list.children[i].scrollIntoView({ block: "nearest" });
    }

    function take(person) {
      const name = often.get(person.name) > 1 ? person.account : person.name;
      box.setRangeText(name + " ", start, box.selectionStart, "end");
      close();
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function close() {
      list.hidden = true;
      box.removeAttribute("aria-activedescendant");
      box.setAttribute("aria-expanded", "false");
    }
  });
})();
