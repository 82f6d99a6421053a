// What the page draws with; the rest of Observable Plot is left out.
export { plot, areaY, lineY, dot, rectY, rectX, barX, rect, ruleX, ruleY, text, axisX, axisY, gridX, gridY } from "@observablehq/plot";
