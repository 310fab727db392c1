/* The part of ECharts that charts.js draws with: lines and bars, SVG only. */
import { init, use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);
window.echarts = { init };
