/* Charts on ECharts, SVG renderer: one place for palette, font and number format. Data: see docs/how-to/make-a-page.md. */
(function () {
  "use strict";
  const FONT = '"Inter", sans-serif', INK = "#1A2330", INK2 = "#44505F", EDGE = "#7E8B9B", GRID = "#EAEEF3";
  const COLOURS = ["#17548F", "#C14E10", "#19A683", "#40283B", "#7E8B9B"];
  const MARKS = ["circle", "rect", "triangle", "diamond", "circle"];
  const DASHES = ["solid", "dashed", [6, 3, 2, 3], "dotted", "dashed"];
  const SIGNS = { ge: "≥ ", le: "≤ ", gt: "> ", lt: "< ", eq: "" };
  const small = () => window.innerWidth < 768;

  function words(value, unit) {
    if (value === null || value === undefined) return "";
    const text = Math.abs(value).toLocaleString("vi-VN", { maximumFractionDigits: 1 });
    return (value < 0 ? "−" : "") + text + (unit ? "\u00a0" + unit : "");
  }
  function axis(extra) {
    return Object.assign({
      axisLine: { lineStyle: { color: EDGE } }, axisTick: { show: false },
      axisLabel: { color: INK2, fontSize: 13 }, splitLine: { lineStyle: { color: GRID } },
    }, extra);
  }
  /* Ends of a y axis that does not begin at zero: the values with a little air, on round numbers. */
  function ends(values, unit) {
    const known = values.filter((value) => value !== null && value !== undefined);
    let low = Math.min(...known), high = Math.max(...known);
    const rough = ((high - low) * 1.2 || Math.abs(high) || 1) / 4, ten = Math.pow(10, Math.floor(Math.log10(rough)));
    const interval = [1, 2, 2.5, 5, 10].map((part) => part * ten).find((step) => step >= rough);
    low = Math.floor((low - interval * 0.1) / interval) * interval;
    high = Math.ceil((high + interval * 0.1) / interval) * interval;
    if (known.every((value) => value >= 0)) low = Math.max(0, low);
    if (unit === "%" && known.every((value) => value <= 100)) high = Math.min(100, high);
    return { min: low, max: high, interval };
  }
  function goal(data, axisName) {
    if (data.target === null || data.target === undefined) return undefined;
    const name = "Giao " + (SIGNS[data.operator] === undefined ? "" : SIGNS[data.operator]) + words(data.target, data.unit);
    const upright = axisName === "xAxis";
    const far = upright && data.unit === "%" && data.target > 80 ? "right" : "center";
    return {
      silent: true, symbol: "none", lineStyle: { color: INK, type: "dashed", width: 1.5 },
      label: small() || upright
        ? upright
          ? { position: "start", formatter: name, color: INK, fontSize: 13, fontWeight: 600, align: far, distance: 6 }
          : { position: "insideStartTop", formatter: name, color: INK, fontSize: 13, fontWeight: 600 }
        : { position: "end", formatter: name, color: INK, fontSize: 13, fontWeight: 600, distance: 8, align: "left", offset: [0, 10] },
      data: [{ [axisName]: data.target }],
    };
  }
  function band(data) {
    if (!data.low || !data.high) return [];
    const width = data.low.map((low, slot) => (low === null ? null : data.high[slot] - low));
    const quiet = { type: "line", stack: "band", symbol: "none", silent: true, lineStyle: { opacity: 0 } };
    return [Object.assign({ data: data.low }, quiet), Object.assign({ data: width, areaStyle: { color: COLOURS[0], opacity: 0.13 } }, quiet)];
  }
  const lastKnown = (values) => values.reduce((found, value, slot) => (value === null || value === undefined ? found : slot), -1);

  /* data: labels, actual, forecast, low, high, target, operator, unit; or lines: [{name, values}] for up to four series */
  function trend(data) {
    const lines = data.lines || [{ name: "", values: data.actual }];
    const shown = [].concat(...lines.map((line) => line.values), data.forecast || [], data.low || [], data.high || [], data.target === undefined ? [] : [data.target]);
    const named = data.lines && !small();
    const series = lines.slice(0, 4).map((line, nth) => ({
      type: "line", data: line.values, symbol: MARKS[nth], symbolSize: 8, itemStyle: { color: COLOURS[nth] },
      lineStyle: { width: 2.5, color: COLOURS[nth], type: DASHES[nth] },
      label: { show: !data.lines, position: "top", distance: 7, color: INK, fontWeight: 600, fontSize: 13,
        formatter: (point) => (point.dataIndex === lastKnown(line.values) ? words(point.value, data.unit) : "") },
      endLabel: { show: Boolean(data.lines), formatter: line.name + " " + words(line.values[lastKnown(line.values)], small() ? "" : data.unit), color: COLOURS[nth], fontSize: 13, fontWeight: 600, distance: 8 },
      markLine: nth === 0 ? goal(data, "yAxis") : undefined,
    }));
    if (data.forecast) {
      series.push({
        type: "line", data: data.forecast, symbol: "emptyCircle", symbolSize: 7, itemStyle: { color: COLOURS[0] },
        lineStyle: { width: 2, type: "dashed", color: COLOURS[0] },
        endLabel: { show: !small(), formatter: "Dự báo " + words(data.forecast[lastKnown(data.forecast)], data.unit), color: COLOURS[0], fontSize: 13, fontWeight: 600, offset: [0, -12], distance: 8 },
      });
    }
    return {
      grid: { left: 54, right: small() && !named ? 20 : 130, top: 16, bottom: 26 },
      xAxis: axis({ type: "category", boundaryGap: false, data: data.labels }),
      yAxis: axis(Object.assign({ axisLabel: { formatter: (value) => words(value, data.unit), color: INK2, fontSize: 13 } }, ends(data.zero ? shown.concat(0) : shown, data.unit))),
      series: band(data).concat(series),
    };
  }

  /* data: labels, values, notes, target, operator, unit. Bars begin at zero, in the given order from the top. */
  function bars(data) {
    return {
      grid: { left: small() ? 96 : 130, right: 76, top: data.target === undefined ? 6 : 26, bottom: 6 },
      xAxis: axis({ type: "value", min: 0, max: data.unit === "%" ? Math.max(100, ...data.values) : null, axisLabel: { show: false }, splitLine: { show: false } }),
      yAxis: [
        axis({ type: "category", inverse: true, data: data.labels, axisLine: { show: false }, axisLabel: { color: INK, fontSize: 13, interval: 0, width: small() ? 88 : 122, overflow: "truncate" } }),
        axis({ type: "category", inverse: true, position: "right", data: data.notes || data.values.map((value) => words(value, data.unit)), axisLine: { show: false }, axisLabel: { color: INK, fontSize: 13, interval: 0 } }),
      ],
      series: [{
        type: "bar", data: data.values, barMaxWidth: 18, itemStyle: { color: COLOURS[0], borderRadius: 2 },
        markLine: goal(data, "xAxis"),
      }],
    };
  }

  const KINDS = { trend, bars };
  const drawn = [];
  function draw(figure) {
    const source = figure.querySelector('script[type="application/json"]'), place = figure.querySelector(".draw");
    const make = KINDS[figure.dataset.chart];
    if (!source || !place || !make || figure.drawn) return;
    figure.drawn = true;
    const data = JSON.parse(source.textContent);
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    const paint = () => {
      chart.setOption(Object.assign({ textStyle: { fontFamily: FONT, fontSize: 13, color: INK2 }, animation: false, color: COLOURS }, make(data)), true);
      // lets print.css scale the drawing to the width of the paper
      place.querySelector("svg").setAttribute("viewBox", "0 0 " + chart.getWidth() + " " + chart.getHeight());
    };
    paint();
    drawn.push(() => { chart.resize(); paint(); });
  }
  function drawAll(root) { root.querySelectorAll("figure[data-chart]").forEach(draw); }
  let timer;
  window.addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => drawn.forEach((again) => again()), 120); });
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
  (document.fonts ? document.fonts.ready : Promise.resolve()).then(() => drawAll(document));
})();
