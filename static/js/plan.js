/* The page of a plan: J and K go to the next and the last open place, Enter takes what is proposed there. What was
   settled is put in by htmx; the keyboard then stands at the next open place. Forms work without this. */
(function () {
  "use strict";

  let position = -1; // among the open places, when one was sent off

  function openPlaces() {
    return Array.from(document.querySelectorAll("[data-open]"));
  }

  function current() {
    const place = document.activeElement && document.activeElement.closest("[data-open]");
    return place ? openPlaces().indexOf(place) : -1;
  }

  function go(to) {
    const places = openPlaces();
    if (!places.length) return;
    const place = places[Math.min(Math.max(to, 0), places.length - 1)];
    place.focus({ preventScroll: true });
    // one that is taller than the window is read from its top
    place.scrollIntoView({ block: place.offsetHeight > window.innerHeight * 0.7 ? "start" : "center" });
  }

  function isTyping(target) {
    return target.closest("input, textarea, select, button, a, summary");
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      go(current() + (key === "j" ? 1 : -1));
    } else if (event.key === "Enter" && event.target.matches("[data-open]")) {
      const button = event.target.querySelector("[data-keep]");
      if (!button) return;
      event.preventDefault();
      button.click();
    }
  });

  /* boxes are as tall as what stands in them, so that all of it is read before it is taken */
  function grow(box) {
    if (!box.offsetParent) return;
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
  }

  function growAll() { document.querySelectorAll(".plan-place textarea").forEach(grow); }

  document.addEventListener("input", function (event) { if (event.target.matches(".plan-place textarea")) grow(event.target); });
  document.addEventListener("toggle", growAll, true);
  document.addEventListener("htmx:afterSettle", growAll);
  growAll();

  document.addEventListener("submit", function (event) {
    const place = event.target.closest("[data-open]");
    position = place ? openPlaces().indexOf(place) : -1;
  }, true);

  // the place that was settled is gone: the one that follows has its number now
  document.addEventListener("htmx:afterSettle", function () {
    const wrong = document.querySelector("[data-open] .wrong");
    if (wrong) wrong.closest("[data-open]").scrollIntoView({ block: "center" });
    else if (position >= 0) go(position);
    position = -1;
  });
})();
