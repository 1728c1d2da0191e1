/* Written for any browser, Internet Explorer's kernel too: says so where pages cannot work well. */
(function () {
  var root = document.documentElement;
  var css = window.CSS && window.CSS.supports;
  var able = window.fetch && window.Promise && css && css.call(window.CSS, "display", "grid") && css.call(window.CSS, "color", "var(--x)");
  root.className += able ? " js" : " old-browser";
})();
