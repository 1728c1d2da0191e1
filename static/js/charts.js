/* Draws every [data-chart] of the page with ECharts, which is fetched only where there is one.
   The option is the JSON beside it; the server draws the same one for the PDF and for pages without scripts. */
(function () {
  "use strict";

  const source = document.currentScript.dataset.echarts;
  const PAPER_WIDTH = 680; // px that A4 leaves between the margins of print.css
  const charts = new Map();
  let library = null;

  function echarts() {
    library = library || new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = source;
      script.onload = function () { resolve(window.echarts); };
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  function draw(root) {
    const boxes = Array.from(root.querySelectorAll("[data-chart]")).filter(function (box) { return !charts.has(box); });
    if (!boxes.length) return;
    echarts().then(function (lib) {
      boxes.forEach(function (box) {
        if (charts.has(box) || !box.isConnected) return;
        const chart = lib.init(box.querySelector(".chart-canvas"), null, { renderer: "svg" });
        chart.setOption(JSON.parse(box.querySelector("script").textContent));
        charts.set(box, chart);
        if (window.ResizeObserver) new ResizeObserver(function () { chart.resize(); }).observe(box);
      });
    }).catch(function () { window.tell("图表没有画出，请刷新页面。"); });
  }

  function forget() {
    charts.forEach(function (chart, box) {
      if (box.isConnected) return;
      chart.dispose();
      charts.delete(box);
    });
  }

  window.addEventListener("beforeprint", function () {
    charts.forEach(function (chart, box) {
      chart.resize({ width: Math.min(PAPER_WIDTH, box.clientWidth || PAPER_WIDTH) });
      chart.getZr().flush(); // drawn now: no frame comes before the paper does
    });
  });
  window.addEventListener("afterprint", function () {
    charts.forEach(function (chart) { chart.resize({ width: "auto" }); });
  });

  document.addEventListener("htmx:afterSettle", function () { forget(); draw(document); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", function () { draw(document); });
  else draw(document);
})();
