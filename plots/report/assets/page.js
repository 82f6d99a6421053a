// What makes the page answer to its reader: sorting and finding in tables, the
// theme, and charts. All of it is optional: the page is complete without.
(() => {
"use strict";
const el = (name, attributes = {}, ...children) => {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) {
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (v === true) e.setAttribute(k, "");
    else if (v !== false && v != null) e.setAttribute(k, v);
  }
  e.append(...children.filter((c) => c != null));
  return e;
};

// Numbers ------------------------------------------------------------------

// moneyOf reads a format of money: its decimals and its symbol, as in money:2:€.
const moneyOf = (format) => {
  const [kind, decimals, symbol] = format.split(":");
  return kind === "money" ? { decimals: Number(decimals), symbol } : null;
};

// figures are four significant digits, and all of a number that is whole or of thousands.
const figures = (a) => (a >= 1000 || Number.isInteger(a) ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 });

// exact writes a number of the CSV for reading: cents of dollars below $1,000, hundredths of counts, four digits of the
// rest, and whole numbers in full.
const exact = (x, format) => {
  if (x === null || Number.isNaN(x)) return "–";
  const a = Math.abs(x), sign = x < 0 ? "−" : "";
  const write = (options) => a.toLocaleString("en-US", options);
  const money = moneyOf(format);
  if (money) {
    const cents = a >= 1000 ? 0 : money.decimals;
    return sign + money.symbol + write({ minimumFractionDigits: Number.isInteger(x) ? 0 : cents, maximumFractionDigits: cents });
  }
  switch (format) {
    case "percent": return sign + (a * 100).toLocaleString("en-US", figures(a * 100)) + "%";
    case "count": return sign + write({ maximumFractionDigits: a < 10 ? 4 : 2 });
  }
  return sign + write(figures(a));
};

// shortly writes numbers alike: in one scale, with digits enough to tell them
// apart, to a share of their distance.
const shortly = (xs, format, share) => {
  const percent = format === "percent", money = moneyOf(format);
  const top = Math.max(...xs.map(Math.abs)), close = share * (Math.max(...xs) - Math.min(...xs) || top);
  const scales = percent ? [[0.01, "%", 8]] : [[1e9, "B", 2], [1e6, "M", 2], [1e3, "k", 1], [1, "", 8]].filter(([by]) => by === 1 || top >= (by === 1e3 ? 1e4 : by));
  for (const [by, suffix, most] of scales) {
    for (let digits = 0; digits <= most; digits++) {
      if (!xs.every((x) => Math.abs(Number((x / by).toFixed(digits)) * by - x) <= close)) continue;
      const cents = money && by === 1 && digits ? money.decimals : 0;
      return xs.map((x) => (x < 0 && Number((x / by).toFixed(digits)) !== 0 ? "−" : "") + (money ? money.symbol : "") + (Math.abs(x) / by).toLocaleString("en-US", { minimumFractionDigits: cents, maximumFractionDigits: Math.max(digits, cents) }) + (x === 0 && !percent ? "" : suffix));
    }
  }
  return xs.map(String);
};
const ticks = (format) => (t, i, all) => shortly([...all], format, 1e-3)[i];
// alone writes a tick of a logarithmic axis, whose ticks have sizes of their own.
const alone = (format) => (t) => shortly([t], format, 1e-3)[0];

const day = (iso) => {
  const [year, month, date] = iso.split("-").map(Number);
  return `${date} ${"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[month - 1]} ${year}`;
};

// parseCSV gives an object a row, by column.
const parseCSV = (text) => {
  const rows = [[]];
  let field = "", quoted = false;
  const end = () => { rows[rows.length - 1].push(field); field = ""; };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { field += '"'; i++; } else if (c === '"') quoted = false; else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") end();
    else if (c === "\n") { end(); rows.push([]); }
    else if (c !== "\r") field += c;
  }
  if (field || rows[rows.length - 1].length) end(); else rows.pop();
  const head = rows.shift();
  return { head, rows: rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ""]))) };
};
const num = (text) => (text === "" || text == null ? NaN : Number(text));

// Tables -------------------------------------------------------------------

const valueOf = (cell) => num(cell.dataset.value ?? cell.dataset.low);
const makeSortable = (table) => {
  const body = table.tBodies[0], original = [...body.rows], heads = [...table.tHead.rows[0].cells];
  if (original.length < 2) return;
  heads.forEach((th, column) => {
    const button = el("button", { type: "button" });
    th.firstChild.data = th.firstChild.data.trimEnd(); // the arrow stays beside the last word
    button.append(th.firstChild);
    th.prepend(button);
    button.addEventListener("click", () => {
      const numeric = th.classList.contains("number");
      const [first, second] = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
      const now = th.getAttribute("aria-sort");
      const next = now === first ? second : now === second ? null : first;
      for (const h of heads) h.removeAttribute("aria-sort");
      if (next) th.setAttribute("aria-sort", next);
      const sign = next === "descending" ? -1 : 1;
      const compare = (a, b) => {
        if (!numeric) return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent, "en", { numeric: true });
        const x = valueOf(a.cells[column]), y = valueOf(b.cells[column]);
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y); // missing last
        return sign * (x - y);
      };
      body.append(...(next ? [...original].sort(compare) : original));
    });
  });
};
const makeFindable = (box) => {
  const rows = [...box.querySelectorAll("tbody tr")];
  const input = el("input", { type: "search", oninput: () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const r of rows) r.hidden = !words.every((w) => r.textContent.toLowerCase().includes(w));
  } });
  box.prepend(el("p", { class: "find" }, el("label", {}, "Find", input)));
};

// hintAt says of a table that is wider than the page that it goes on.
const hintAt = (scroll) => {
  const hint = el("p", { class: "swipe", hidden: true }, "More columns on the right: swipe or scroll the table\u00a0→");
  scroll.before(hint);
  new ResizeObserver(() => {
    scroll.classList.remove("wide", "tight"); // whether it is so where texts may take several lines
    const over = () => scroll.scrollWidth - scroll.clientWidth;
    // A few pixels more than there are: closer letters, and intervals on two lines, in place of a number that is cut.
    scroll.classList.toggle("tight", over() > 1 && over() <= 80);
    hint.hidden = over() <= 1;
    if (!hint.hidden) scroll.classList.remove("tight");
    scroll.classList.toggle("wide", !hint.hidden);
  }).observe(scroll);
};

// Charts -------------------------------------------------------------------

const ink = (m) => `var(--${m.color || "blue"})`;
const paleness = { band: 0.22, bars: 0.55, rows: 0.8 };
const isNamed = (m) => m.kind === "rows" || m.kind === "reach" || m.kind === "point"; // has names on its Y axis

// along reads a place on the X axis.
// A date is the first day of a week; its number stands so many days later.
const date = (text, days = 0) => (text ? new Date(Date.parse(text + "T00:00:00Z") + days * 864e5) : null);
const along = (view, days = view.x.days || 0) => (text) => (view.x.dates ? date(text, days) : num(text));

// bare is a name as people read it: one that is a number has the name of its column before it in a CSV.
const bare = (column, text) => (text.startsWith(column + " ") && !Number.isNaN(Number(text.slice(column.length + 1))) ? text.slice(column.length + 1) : text);

// onDates writes ticks of a calendar: days, months or years, and under the first and where it changes the month and the year.
const onDates = (d, i, all) => {
  const before = i > 0 ? all[i - 1] : null, month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[d.getUTCMonth()];
  const newYear = !before || before.getUTCFullYear() !== d.getUTCFullYear(), newMonth = newYear || before.getUTCMonth() !== d.getUTCMonth();
  const years = all.every((t) => t.getUTCMonth() === 0 && t.getUTCDate() === 1), months = all.every((t) => t.getUTCDate() === 1);
  const year = newYear ? [d.getUTCFullYear()] : [];
  return (years ? [d.getUTCFullYear()] : months ? [month, ...year] : [d.getUTCDate(), ...(newMonth ? [month] : []), ...year]).join("\n");
};

// decades are ticks of a logarithmic axis, at most so many: 1, 2 and 5 of each power of ten, or the powers alone.
const decades = (shown, most) => {
  const xs = shown.flatMap((m) => m.data.map((d) => d.x)), lo = Math.min(...xs), hi = Math.max(...xs), out = [];
  for (let p = 10 ** Math.floor(Math.log10(lo)); p <= hi; p *= 10) out.push(p, 2 * p, 5 * p);
  const seen = out.filter((t) => t >= lo && t <= hi);
  return seen.length <= most ? seen : seen.filter((t) => Number.isInteger(Math.round(1e6 * Math.log10(t)) / 1e6));
};

// wholes are ticks of an axis that counts things, if that is not too many: none between them.
const wholes = (shown, most) => {
  const xs = shown.flatMap((m) => m.data.map((d) => d.x)), lo = Math.min(...xs), hi = Math.max(...xs);
  return xs.every(Number.isInteger) && hi - lo < most ? Array.from({ length: hi - lo + 1 }, (_, i) => lo + i) : null;
};

// points are ticks where something was run, where that was at few places of an axis of numbers: a tick elsewhere would tell of a run that there is not.
const points = (shown) => {
  const lines = shown.filter((m) => m.kind === "line");
  if (!lines.length || shown.some((m) => !["line", "band"].includes(m.kind))) return null;
  const xs = [...new Set(lines.flatMap((m) => m.data.map((d) => d.x)))].sort((a, b) => a - b);
  return xs.length <= 12 ? xs : null;
};

// apart empties the texts of ticks that would touch the one before.
const apart = (at, texts) => {
  let free = -Infinity;
  return texts.map((text, i) => {
    const half = 3.4 * text.length;
    if (at[i] - half < free + 6) return "";
    free = at[i] + half;
    return text;
  });
};

// thin hides every second number of an axis while two of them touch; that of zero stays.
const thin = (labels) => {
  const boxes = labels.map((l) => l.getBoundingClientRect());
  if (!boxes.some((b, i) => i && b.left < boxes[i - 1].right + 4)) return;
  const zero = Math.max(0, labels.findIndex((l) => /^\D*0\D*$/.test(l.textContent)));
  labels.forEach((l, i) => { if ((i - zero) % 2) l.style.display = "none"; });
  thin(labels.filter((_, i) => (i - zero) % 2 === 0));
};

// isDotted says whether the points of a line are marked: few that were run, and none that were worked out.
const isDotted = (m, view, shown) => m.kind === "line" && !view.x.dates && !m.dashed && m.data.length <= 16 && !shown.some((o) => o.kind === "dots" || o.kind === "link");

// rowsOf gives the rows of a mark with what it draws as numbers, dates or names.
const rowsOf = (m, view, data) => {
  const x = along(view), named = isNamed(m);
  return data.rows
    .filter((r) => !m.where.column || m.where.is.includes(r[m.where.column]))
    .map((r) => ({ row: r, x: m.x ? x(r[m.x]) : null, x2: m.x2 ? x(r[m.x2]) : null,
      y: m.y ? (named ? bare(m.y, r[m.y]) : num(r[m.y])) : null, y2: m.y2 ? num(r[m.y2]) : null, label: m.label ? r[m.label] : m.name }))
    .filter((d) => named || d.y === null || m.kind === "line" || m.kind === "band" || !Number.isNaN(d.y))
    .filter((d) => !(typeof d.x === "number" && Number.isNaN(d.x)) && d.x !== null);
};

// stagger puts the texts of rules that would overlap under each other.
const stagger = (labels, scale, width) => {
  const ends = [];
  for (const l of [...labels].sort((a, b) => a.at - b.at)) {
    const half = 3.4 * l.text.length + 6, c = Math.min(Math.max(scale(l.at), half), width - half);
    let row = ends.findIndex((e) => e < c - half);
    if (row < 0) row = ends.length;
    ends[row] = c + half;
    l.row = row; l.shift = c - scale(l.at);
  }
  return ends.length;
};

// beside finds room for the names of dots: right, left, above or below, clear of
// dots, of lines and of other names. Those without room are under the pointer, and a note says so.
const beside = (dots, x, y, left, right, bottom, links, slopes) => {
  const taken = dots.map((d) => ({ of: d, x: x.apply(d.x) - 9, y: y.apply(d.y) - 4, w: 18, h: 8 })); // a name beside another dot would be taken for its own
  const crossed = []; // lines, which a name may stand on where there is no other place
  for (const s of slopes) {
    const [x1, y1, x2, y2] = [x.apply(s.ends[0].x), y.apply(s.ends[0].y), x.apply(s.ends[1].x), y.apply(s.ends[1].y)];
    const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 5));
    for (let i = 0; i <= steps; i++) crossed.push({ x: x1 + (x2 - x1) * i / steps - 1, y: y1 + (y2 - y1) * i / steps - 1, w: 2, h: 2 });
    const w = 6.2 * s.ends[1].text.length + 2;
    taken.push(s.rises ? { x: x2 - w / 2, y: y2 - 15, w, h: 14 } : { x: x2 + 4, y: y2 - 7, w, h: 14 });
  }
  for (const m of links) for (const d of m.data) {
    const x2 = m.x2 ? d.x2 : d.x, y2 = m.y2 ? d.y2 : d.y;
    taken.push({ x: Math.min(x.apply(d.x), x.apply(x2)) - 1, y: Math.min(y.apply(d.y), y.apply(y2)) - 1, w: Math.abs(x.apply(x2) - x.apply(d.x)) + 2, h: Math.abs(y.apply(y2) - y.apply(d.y)) + 2 });
  }
  const out = [];
  for (const d of dots) {
    const w = 6.2 * String(d.label).length + 2, h = 12, cx = x.apply(d.x), cy = y.apply(d.y);
    const places = [[7, 0, "start", cx + 7], [-7, 0, "end", cx - 7 - w], [0, -11, "middle", cx - w / 2], [0, 11, "middle", cx - w / 2], [7, -11, "start", cx + 7], [7, 11, "start", cx + 7], [-7, -11, "end", cx - 7 - w], [-7, 11, "end", cx - 7 - w]]
      .map(([dx, dy, textAnchor, from]) => ({ dx, dy, textAnchor, box: { x: from, y: cy + dy - h / 2, w, h } }));
    const clearOf = (others) => ({ box }) => others.every((o) => o.of === d || box.x >= o.x + o.w || o.x >= box.x + box.w || box.y >= o.y + o.h || o.y >= box.y + box.h);
    const free = places.filter((p) => p.box.x >= left && p.box.x + w <= right && p.box.y + h <= bottom && clearOf(taken)(p));
    const place = free.find(clearOf(crossed)) ?? free[0];
    if (!place) continue;
    taken.push(place.box);
    out.push({ x: d.x, y: d.y, text: d.label, dx: place.dx, dy: place.dy, textAnchor: place.textAnchor });
  }
  return out;
};

// slopesOf cuts lines through zero at the last dot to the right or above.
const slopesOf = (view, shown) => {
  const d = shown.filter((m) => m.kind === "dots").flatMap((m) => m.data);
  const right = Math.max(...d.map((p) => p.x)), top = Math.max(...d.map((p) => p.y));
  return (view.slopes || []).map((s) => {
    const x2 = Math.min(right, top / s.times);
    return { ends: [{ x: 0, y: 0 }, { x: x2, y: x2 * s.times, text: s.name }], rises: x2 < right };
  });
};

// folded breaks a name into lines of so many letters: at a space, or after a dot
// or a hyphen of a key.
const folded = (name, most) => {
  const lines = [""];
  for (const part of name.split(/(?<=[ .\-_/])/)) {
    if (lines.at(-1) && (lines.at(-1) + part).trimEnd().length > most) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((l) => l.trim()).join("\n");
};

// hiding are lines that lie on an earlier one all along: drawn in dashes, they let it be seen.
const hiding = (shown) => {
  const lines = shown.filter((m) => m.kind === "line"), out = new Set(), ys = lines.flatMap((m) => m.data.map((d) => d.y)).filter((y) => !Number.isNaN(y));
  const close = 0.004 * (Math.max(...ys) - Math.min(0, ...ys));
  lines.forEach((m, i) => {
    if (lines.slice(0, i).some((o) => !o.dashed && !out.has(o) && o.data.length === m.data.length && o.data.every((d, k) => !(Math.abs(d.y - m.data[k].y) > close)))) out.add(m);
  });
  return out;
};

// enough is how many ticks to ask for so that an axis from lo to hi has three of them at least, or two where all is on one side.
const enough = (lo, hi, wanted) => {
  const seen = (n) => {
    const raw = (hi - lo) / n, power = 10 ** Math.floor(Math.log10(raw)), over = raw / power;
    const step = power * (over >= Math.sqrt(50) ? 10 : over >= Math.sqrt(10) ? 5 : over >= Math.sqrt(2) ? 2 : 1);
    return Math.floor(hi / step + 1e-9) - Math.ceil(lo / step - 1e-9) + 1;
  };
  let n = wanted;
  while (n < wanted + 4 && seen(n) < (lo < 0 && hi > 0 ? 3 : 2)) n++;
  return n;
};

const draw = (view, data, hidden, width) => {
  const shown = view.marks.map((m) => ({ ...m, data: rowsOf(m, view, data) })).filter((m) => !hidden.has(m.name));
  const named = view.marks.some(isNamed);
  const names = [...new Set(view.marks.filter(isNamed).flatMap((m) => rowsOf(m, view, data).map((d) => d.y)))];
  const spans = (view.spans || []).map((s) => ({ name: s.name, x: along(view, 0)(s.from), x2: along(view, 0)(s.to) }));
  const moments = spans.filter((s) => +s.x === +s.x2);
  const weeks = view.x.days ? data.rows.map((r) => +date(r[view.marks[0].x])).filter((t) => !Number.isNaN(t)) : [];
  const lanes = Math.max(1, ...view.marks.map((m) => m.lanes || 1));
  const longest = Math.max(0, ...names.map((n) => n.length));
  const marginBottom = view.x.dates ? (whenOf(view) ? 68 : 52) : 40; // days, months and years take three lines
  const marginLeft = named ? Math.min(7 * longest + 16, 0.45 * width) : 58, marginRight = (view.slopes || []).length ? 76 : 18;
  const rules = shown.filter((m) => m.kind === "rule").flatMap((m) => m.data.filter((d) => d.label));
  const values = view.x.dates ? [] : shortly(rules.map((d) => d.x), view.x.format, 0.02);
  const labels = [
    ...spans.map((s) => ({ at: view.x.dates ? new Date((+s.x + +s.x2) / 2) : (s.x + s.x2) / 2, text: s.name, color: "var(--shade)" })),
    ...rules.map((d, i) => ({ at: d.x, text: [d.label, values[i]].filter(Boolean).join(" "), color: "var(--ink)" })),
  ];
  // On a narrow page names take several lines.
  const perLine = Math.max(8, Math.floor((marginLeft - 16) / 6)), wrapped = names.map((n) => folded(n, perLine));
  const lines = Math.max(1, ...wrapped.map((n) => n.split("\n").length));
  const inner = width - marginLeft - marginRight, run = named || view.x.dates ? null : points(shown), logs = run ?? (view.x.log ? decades(shown, inner / 60) : []);
  const below = shown.some((m) => m.data.some((d) => d.x < 0 || d.x2 < 0)); // bars on both sides of zero
  const xLabel = view.x.dates ? whenOf(view) : view.x.log ? `${view.x.label}, logarithmic` : view.x.label;
  let written = null; // texts of the ticks where something was run
  const options = {
    width, marginLeft, marginRight, marginBottom, style: { background: "none", overflow: "visible" },
    x: { label: xLabel, type: view.x.dates ? "utc" : view.x.log ? "log" : "linear", labelArrow: "none", nice: false, ticks: view.x.dates ? (width < 560 ? 5 : undefined) : run || view.x.log ? logs : (!named && wholes(shown, (width - marginLeft - marginRight) / 30)) || Math.max(2, Math.round((width - marginLeft - marginRight) / 95)),
      domain: weeks.length ? [new Date(Math.min(...weeks)), new Date(Math.max(...weeks) + 7 * 864e5)] : undefined,
      tickFormat: view.x.dates ? onDates : run ? (t, i) => written?.[i] ?? "" : ticks(view.x.format), grid: named, zero: view.x.zero || shown.some((m) => m.kind === "rows" && !m.x2), insetRight: named || shown.some((m) => m.kind === "dots") ? 8 : 0, insetLeft: named && (!shown.some((m) => m.kind === "rows" && !m.x2) || below) || shown.some((m) => m.kind === "dots") ? 8 : 0 },
    y: named ? { label: view.y.label || null, labelAnchor: "top", labelArrow: "none", type: "band", domain: names, padding: 0.22, tickSize: below ? 0 : undefined, tickFormat: (n) => wrapped[names.indexOf(n)] } : { axis: view.y.label ? "left" : null, label: view.y.label, labelArrow: "none", nice: true, grid: true, ticks: 5, zero: view.y.zero || shown.some((m) => m.kind === "bars"), tickFormat: ticks(view.y.format) },
  };
  const make = (marginTop, rows, tags = []) => {
    const marks = spans.length ? [Plot.rectX(spans, { x1: "x", x2: "x2", fill: "var(--shade)", fillOpacity: 0.16 })] : [];
    if (moments.length) marks.push(Plot.ruleX(moments, { x: "x", stroke: "var(--shade)", strokeWidth: 1.5, strokeDasharray: "2 2" }));
    const band = (m) => {
      const each = 1 / (m.lanes || 1), lane = (m.lane || 1) - 1;
      return { from: each * lane, to: each * (lane + 1) };
    };
    const height = named ? marginTop + 40 + names.length * Math.max(24, 15 * lanes, 11 * lines + 4) : marginTop + Math.min(300, Math.max(190, 0.42 * width)) + marginBottom;
    const over = hiding(shown);
    const thick = named ? (height - marginTop - 40) / (names.length + 0.22) * 0.78 : 0; // of a bar, in pixels
    for (const m of [...shown].sort((a, b) => (b.kind === "band") - (a.kind === "band"))) { // no line is under a band
      const { data: d } = m, color = ink(m), b = band(m);
      const part = { insetTop: thick * b.from + 0.5, insetBottom: thick * (1 - b.to) + 0.5 };
      switch (m.kind) {
        case "band": marks.push(Plot.areaY(d, { x: "x", y1: "y", y2: "y2", fill: color, fillOpacity: paleness.band })); break;
        case "line": marks.push(Plot.lineY(d, { x: "x", y: "y", stroke: color, strokeWidth: 2, strokeDasharray: m.dashed ? "4 7" : over.has(m) ? "10 10" : undefined })); break;
        case "dots": marks.push(Plot.dot(d, { x: "x", y: "y", fill: color, r: 3.5, fillOpacity: 0.75 })); break;
        case "bars": marks.push(Plot.rectY(d, { x1: "x", x2: "x2", y: "y", fill: color, fillOpacity: paleness.bars, inset: 0.5 })); break;
        case "rows": marks.push(Plot.barX(d, { x1: m.x2 ? "x2" : () => 0, x2: "x", y: "y", fill: color, fillOpacity: paleness.rows, ...part })); break;
        case "reach": marks.push(Plot.ruleY(d, { x1: "x", x2: "x2", y: "y", stroke: color, strokeWidth: 1.75, dy: thick * ((b.from + b.to) / 2 - 0.5) })); break;
        case "point": marks.push(Plot.dot(d, { x: "x", y: "y", fill: color, r: 4.5, dy: thick * ((b.from + b.to) / 2 - 0.5) })); break;
        case "link": marks.push(m.x === m.x2 ? Plot.ruleX(d, { x: "x", y1: "y", y2: "y2", stroke: color, strokeWidth: 1.25 }) : Plot.ruleY(d, { x1: "x", x2: "x2", y: "y", stroke: color, strokeWidth: m.toggle ? 1.25 : 3 })); break;
        case "rule": marks.push(Plot.ruleX(d, { x: "x", stroke: color, strokeWidth: 1.5, strokeDasharray: m.dashed ? "4 3" : undefined })); break;
      }
    }
    for (const s of slopesOf(view, shown)) {
      marks.push(Plot.lineY(s.ends, { x: "x", y: "y", stroke: "var(--soft)", strokeDasharray: "4 3" }));
      marks.push(Plot.text(s.ends.slice(1), { x: "x", y: "y", text: "text", textAnchor: s.rises ? "middle" : "start", dx: s.rises ? 0 : 6, dy: s.rises ? -8 : 0, fill: "var(--ink)" }));
    }
    for (const n of tags) marks.push(Plot.text([n], { x: "x", y: "y", text: "text", dx: n.dx, dy: n.dy, textAnchor: n.textAnchor, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 3 }));
    for (const m of shown) if (isDotted(m, view, shown)) marks.push(Plot.dot(m.data.filter((d) => !Number.isNaN(d.y)), { x: "x", y: "y", fill: ink(m), r: 3.5 }));
    // The library leaves out labels of a logarithmic axis; its ticks here are few enough to have one each.
    if (view.x.log) marks.push(Plot.axisX(logs, { text: run ? (t, i) => written?.[i] ?? "" : alone(view.x.format), label: xLabel, labelArrow: "none" }));
    if (!named) marks.push(Plot.ruleY([0], { stroke: "var(--soft)", strokeOpacity: 0.6 }));
    for (const l of labels) if (rows) marks.push(Plot.text([l], { x: "at", text: "text", frameAnchor: "top", dy: -18 - 14 * (rows - 1 - l.row), dx: l.shift, fill: l.color }));
    if (!options.y.zero && !named && !includesZero(shown)) marks.splice(marks.findLastIndex((k) => k.ariaLabel === "rule" && k.data?.[0] === 0), 1);
    return Plot.plot({ ...options, height, marginTop, marks: [...(named && options.x.zero ? [Plot.ruleX([0], { stroke: "var(--soft)" })] : []), ...marks] });
  };
  let top = named && !view.y.label ? 10 : 26;
  let rows = 0, chart = make(top, rows);
  if (run) {
    const x = chart.scale("x");
    written = apart(run.map((v) => x.apply(v)), run.map(view.x.log ? alone(view.x.format) : ticks(view.x.format)));
    chart = make(top, rows);
  }
  if (options.x.type === "linear" && !run) {
    const [lo, hi] = chart.scale("x").domain, ask = enough(lo, hi, options.x.ticks);
    if (ask !== options.x.ticks) { options.x.ticks = ask; chart = make(top, rows); }
  }
  if (labels.length) {
    const scale = chart.scale("x");
    rows = stagger(labels, (v) => scale.apply(v), width);
    top += 14 * rows + 6;
    chart = make(top, rows);
  }
  const dots = shown.filter((m) => m.kind === "dots" && m.label).flatMap((m) => m.data);
  let unnamed = [];
  if (dots.length) {
    const tags = beside(dots, chart.scale("x"), chart.scale("y"), marginLeft, width - marginRight, Math.max(...chart.scale("y").range), shown.filter((m) => m.kind === "link"), slopesOf(view, shown));
    unnamed = dots.filter((d) => !tags.some((t) => t.text === d.label)).map((d) => d.label);
    chart = make(top, rows, tags);
  }
  return { chart, shown, named, top, bottom: marginBottom, unnamed };
};
const includesZero = (shown) => {
  const ys = shown.flatMap((m) => m.data.flatMap((d) => [d.y, d.y2])).filter((v) => typeof v === "number" && !Number.isNaN(v));
  return Math.min(...ys) <= 0 && Math.max(...ys) >= 0;
};

// places are where a pointer can rest: each with its position along x or y, a
// heading, and the values of the marks there.
const places = ({ chart, shown }, view) => {
  const x = chart.scale("x"), y = chart.scale("y");
  const stops = new Map();
  const add = (key, at, head, line) => {
    if (!stops.has(key)) stops.set(key, { at, head, lines: [] });
    stops.get(key).lines.push(line);
  };
  for (const m of shown) {
    for (const d of m.data) {
      const line = { name: m.name, color: m.color, kind: m.kind, inner: m.inner };
      switch (m.kind) {
        case "dots": case "line": add(m.label ? d.label : +d.x, x.apply(d.x), headOf(d, m, view), { ...line, values: [d.y], format: view.y.format }); break;
        case "band": add(+d.x, x.apply(d.x), headOf(d, m, view), { ...line, values: [d.y, d.y2], format: view.y.format }); break;
        case "link": if (m.y === m.y2 && !m.toggle) add(+d.x, (x.apply(d.x) + x.apply(d.x2)) / 2, `${exact(d.x, view.x.format)} to ${exact(d.x2, view.x.format)}`, { ...line, values: [d.y], format: view.y.format }); break;
        case "bars": add(d.x, (x.apply(d.x) + x.apply(d.x2)) / 2, `${exact(d.x, view.x.format)} to ${exact(d.x2, view.x.format)}`, { ...line, values: [d.y], format: view.y.format }); break;
        case "rows": case "point": add(d.y, y.apply(d.y) + y.bandwidth / 2, d.y, { ...line, values: m.x2 ? [d.x2, d.x].sort((a, b) => a - b) : [d.x], format: view.x.format }); break;
        case "reach": add(d.y, y.apply(d.y) + y.bandwidth / 2, d.y, { ...line, values: [d.x, d.x2], format: view.x.format }); break;
      }
    }
  }
  return [...stops.values()].sort((a, b) => a.at - b.at);
};
const headOf = (d, m, view) => (m.kind === "dots" && m.label ? `${d.label}, ${view.x.label}: ${exact(d.x, view.x.format)}` : view.x.dates ? weekOf(d.row, m, view) : exact(d.x, view.x.format) + (view.x.label ? ` ${view.x.label.toLowerCase()}` : ""));

// whenOf says of an axis of dates when its numbers are, unless they are of each week.
const whenOf = (view) => view.x.label || (view.x.days === 7 ? "Values at each week’s end" : null);

// weekOf names the week of a row: a number of its end by its last day, another by its first. What is of no week has a day.
const weekOf = (row, m, view) => {
  if (view.x.label) return day(row[m.x]);
  const end = view.x.days === 7, text = day(end ? date(row[m.x], 6).toISOString().slice(0, 10) : row[m.x]);
  return [end ? "end of" : "", row.week ? `week ${row.week},` : end ? "the week," : "", end ? "" : "from", text].filter(Boolean).join(" ");
};

// plainly writes a number of which no axis says what it is: six digits at most, and no power of ten. The file has all digits.
const plainly = (text) => (/[.e]/.test(text) ? Number(text).toLocaleString("en-US", { maximumSignificantDigits: 6, useGrouping: false }).replace("-", "−") : text);

// breakable lets a key of a scenario break behind its dots and underscores, where a reader expects it.
const breakable = (name) => {
  for (const text of [...name.childNodes].filter((n) => n.nodeType === 3 && /[a-z][._][a-z0-9]|\//.test(n.data))) {
    text.replaceWith(...text.data.split(/(?<=[a-z][._]|\/)/).flatMap((part, i) => (i ? [el("wbr"), part] : [part])));
  }
};

// whole keeps a date, and an amount of money with its minus, on one line.
const whole = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? el("span", { class: "flag" }, text) : text.replace(/^−(?=\D)/, "−\u2060"));

// columnsOf are the columns of a picture's numbers under heads in words, as far as marks and axes say what they are.
const columnsOf = (view, head, rows) => {
  const known = new Map(), upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const say = (column, text, axis) => { if (column && text && !known.has(column)) known.set(column, { head: upper(text), axis }); };
  const shared = (m, axis) => (m.where.column || view.marks.filter((o) => o.kind === m.kind).length === 1 ? axis.label || m.name : m.name);
  const fromTo = (m, from, to, axis) => { say(from, `${m.name}, from`, axis); say(to, `${m.name}, to`, axis); };
  for (const m of view.marks) {
    switch (m.kind) {
      case "rows": case "point": say(m.y, view.y.label); if (!m.x2) say(m.x, shared(m, view.x), view.x); break;
      case "reach": say(m.y, view.y.label); fromTo(m, m.x, m.x2, view.x); break;
      case "line": case "dots": say(m.x, view.x.label || "week from", view.x); say(m.y, shared(m, view.y), view.y); break;
      case "band": say(m.x, view.x.label || "week from", view.x); fromTo(m, m.y, m.y2, view.y); break;
      case "bars": say(m.x, `${view.x.label}, from`, view.x); say(m.x2, `${view.x.label}, to`, view.x); say(m.y, view.y.label || m.name, view.y); break;
    }
    if (["line", "bar"].includes(m.where.column)) say(m.where.column, "series");
  }
  // What was not estimated has no interval: ends that are the value itself in every row say nothing.
  const value = known.has("low95") || !head.includes("value") ? null : "value";
  const exactly = value && rows.every((r) => ["low95", "high95"].every((end) => r[end] === undefined || r[end] === r[value]));
  const unsaid = [...(exactly ? ["low95", "high95"] : []), ...(view.x.dates && view.x.label ? ["week"] : [])];
  return head.filter((of) => !unsaid.includes(of)).flatMap((of) => {
    const { head: text = upper(of.replaceAll("_", " ")), axis } = known.get(of) ?? {};
    const number = rows.every((r) => r[of] === "" || !Number.isNaN(Number(r[of])));
    const write = (v) => (!number ? bare(of, v) : v === "" ? "" : axis && !axis.dates ? exact(Number(v), axis.format) : plainly(v));
    const column = { of, head: text, number, write };
    // A point of a week's end is drawn there, not on the day from which its row has its name.
    const isEnd = axis?.dates && view.x.days === 7;
    return isEnd ? [column, { of, head: "Week’s end, where it is drawn", number, write: (v) => date(v, 6)?.toISOString().slice(0, 10) ?? "" }] : [column];
  });
};

const swatch = (m) => el("span", { class: "swatch" + (m.kind === "line" || m.kind === "rule" || m.kind === "reach" || m.kind === "link" ? " line" : "") + (m.dashed ? " dashed" : "") + (m.kind === "point" || m.kind === "dots" ? " round" : ""), "aria-hidden": "true" });
const tinted = (m) => {
  const s = swatch(m);
  if (s.classList.contains("line")) s.style.borderColor = ink(m);
  else { s.style.background = ink(m); s.style.opacity = m.kind === "band" ? (m.inner ? 0.6 : 0.3) : (paleness[m.kind] ?? 1); }
  return s;
};

const makeChart = (box) => {
  const spec = JSON.parse(box.querySelector('script[type="application/json"]').textContent);
  if (!spec.views.every((v) => v.marks && v.marks.length)) return; // the static pictures are all there is
  for (const v of spec.views) v.marks.forEach((m, i) => { m.inner = m.kind === "band" && v.marks.slice(0, i).some((o) => o.kind === "band" && o.color === m.color); });
  const links = [...box.querySelectorAll(".static a.csv")];
  const live = box.querySelector(".live");
  const parsed = new Map();
  const dataOf = (i) => {
    if (!parsed.has(i)) {
      const bytes = Uint8Array.from(atob(links[i].href.split(",")[1]), (c) => c.charCodeAt(0));
      parsed.set(i, parseCSV(new TextDecoder().decode(bytes)));
    }
    return parsed.get(i);
  };
  const state = { view: 0, hidden: new Set(spec.views.flatMap((v) => v.marks.filter((m) => m.off).map((m) => m.name))) };

  const controls = el("div", { class: "controls" }), finding = el("p", { class: "finding" }), notes = el("div");
  const stage = el("figure", { class: "stage", tabindex: "0" }), legend = el("ul", { class: "legend" }), zero = el("p", { class: "note", hidden: true }, "The vertical axis leaves zero out."), unnamed = el("p", { class: "note", hidden: true });
  const numbers = el("details", { class: "numbers" }, el("summary", {}, "Numbers"));
  if (spec.views.length > 1) {
    const select = el("select", { onchange: () => { state.view = select.selectedIndex; show(); } },
      ...spec.views.map((v) => el("option", {}, v.name)));
    controls.append(el("label", {}, (spec.choice || "Show") + " ", select));
  }
  live.append(...(spec.views.length > 1 ? [controls] : []), finding, stage, legend, zero, unnamed, notes, numbers);

  let stops = [], at = -1, named = false, thick = 24, tip, cross, drawnWidth = 0;
  const hide = () => { at = -1; tip.hidden = cross.hidden = true; };
  const rest = (i) => {
    if (!stops.length) return;
    at = Math.min(Math.max(i, 0), stops.length - 1);
    const s = stops[at];
    const table = el("table", {}, el("tbody", {}, ...s.lines.map((l) => el("tr", {},
      el("th", { scope: "row" }, tinted(l), l.name),
      el("td", { "data-values": l.values.join(" ") }, l.values.map((v) => exact(v, l.format)).join(" to "))))));
    tip.replaceChildren(el("b", {}, s.head), table);
    tip.hidden = cross.hidden = false;
    const { width } = stage.getBoundingClientRect(), w = tip.offsetWidth;
    if (named) {
      cross.style.top = `${s.at - thick / 2}px`; cross.style.height = `${thick}px`;
      tip.style.top = `${s.at + thick / 2 + 4}px`; tip.style.left = `${Math.max(0, (width - w) / 2)}px`;
    } else {
      cross.style.left = `${s.at}px`;
      tip.style.top = "30px"; tip.style.left = `${Math.max(0, s.at + 14 + w > width ? s.at - 14 - w : s.at + 14)}px`;
    }
  };
  const nearest = (event) => {
    const r = stage.getBoundingClientRect();
    const p = named ? event.clientY - r.top : event.clientX - r.left;
    let best = 0;
    stops.forEach((s, i) => { if (Math.abs(s.at - p) < Math.abs(stops[best].at - p)) best = i; });
    rest(best);
  };
  stage.addEventListener("pointermove", nearest);
  stage.addEventListener("pointerdown", nearest);
  stage.addEventListener("pointerleave", hide);
  stage.addEventListener("blur", hide);
  stage.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step) rest(at < 0 ? (step > 0 ? 0 : stops.length - 1) : at + step);
    else if (event.key === "Home") rest(0);
    else if (event.key === "End") rest(stops.length - 1);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
  });

  const redraw = () => {
    const width = Math.floor(live.clientWidth);
    if (!width) return;
    drawnWidth = width;
    const view = spec.views[state.view];
    const made = draw(view, dataOf(state.view), state.hidden, width);
    for (const g of made.chart.querySelectorAll("[aria-label]")) { // the picture has one name; its parts have none
      g.dataset.mark = g.getAttribute("aria-label");
      g.removeAttribute("aria-label");
    }
    made.chart.setAttribute("role", "img");
    made.chart.setAttribute("aria-label", view.finding);
    tip = el("div", { class: "tip", role: "status", hidden: true });
    cross = el("div", { class: "cross" + (made.named ? " row" : ""), hidden: true });
    stage.replaceChildren(made.chart, cross, tip);
    if (made.named) thin([...made.chart.querySelectorAll('g[data-mark="x-axis tick label"] text')]);
    named = made.named;
    if (named) thick = made.chart.scale("y").bandwidth + 4;
    else { cross.style.top = `${made.top}px`; cross.style.bottom = `${made.bottom}px`; }
    stops = places(made, view);
    const [low, high] = named ? [0, 0] : made.chart.scale("y").domain;
    zero.hidden = low <= 0 && high >= 0 || !named && !view.y.label;
    unnamed.hidden = !made.unnamed.length;
    unnamed.textContent = `Without room for a name, and named under the pointer: ${made.unnamed.join(", ")}.`;
  };
  const show = () => {
    const view = spec.views[state.view];
    finding.textContent = view.finding;
    finding.hidden = view.finding === box.querySelector(".chart-title").textContent;
    stage.setAttribute("aria-label", `${view.finding}. Arrow keys show the values.`);
    notes.replaceChildren(...(view.notes || []).map((n) => el("p", { class: "note" }, n)));
    const seen = new Set();
    legend.replaceChildren(...view.marks.filter((m) => m.name && !seen.has(m.name) && seen.add(m.name)).map((m) => {
      const colors = new Set(), swatches = view.marks.filter((o) => o.name === m.name && !colors.has(o.color) && colors.add(o.color)).map(tinted);
      if (!m.toggle) return el("li", {}, ...swatches, m.name);
      const check = el("input", { type: "checkbox", onchange: () => { state.hidden[check.checked ? "delete" : "add"](m.name); redraw(); } });
      check.checked = !state.hidden.has(m.name);
      return el("li", {}, el("label", {}, check, " ", ...swatches, m.name));
    }));
    numbers.open = false;
    numbers.replaceChildren(numbers.firstChild);
    redraw();
  };
  numbers.addEventListener("toggle", () => {
    if (!numbers.open || numbers.children.length > 1) return;
    const { head, rows } = dataOf(state.view), link = links[state.view];
    const columns = columnsOf(spec.views[state.view], head, rows);
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...columns.map((c) => el("th", { scope: "col", class: c.number && "number" }, c.head)))),
      el("tbody", {}, ...rows.map((r) => el("tr", {}, ...columns.map((c, i) => el(i ? "td" : "th", { scope: i ? null : "row", class: c.number && "number", "data-value": c.number && r[c.of] !== "" ? r[c.of] : null }, whole(c.write(r[c.of]))))))));
    for (const name of table.querySelectorAll("tbody th")) breakable(name);
    makeSortable(table);
    const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Numbers of the picture: ${[box.querySelector(".chart-title").textContent, spec.views[state.view].finding].join(", ")}` }, table);
    numbers.append(el("p", {}, el("a", { href: link.href, download: link.download }, `Save as ${link.download}`), rows.length > 9 ? ` (${rows.length} rows: scroll the table)` : null), scroll);
    hintAt(scroll);
  });

  live.hidden = false;
  try {
    box.classList.add("drawn");
    show();
    new ResizeObserver(() => { if (Math.floor(live.clientWidth) !== drawnWidth) redraw(); }).observe(live);
  } catch (error) { // the static picture stays
    live.hidden = true;
    box.classList.remove("drawn");
    console.error(error);
  }
};

// The page -----------------------------------------------------------------

const root = document.documentElement;
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
const theme = el("button", { type: "button", class: "theme", onclick: () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); } });
const name = () => { theme.textContent = isDark() ? "Light page" : "Dark page"; };
name();
document.querySelector("header").append(theme);

for (const table of document.querySelectorAll(".table table")) makeSortable(table);

for (const name of document.querySelectorAll(".table tbody th")) breakable(name);
for (const box of document.querySelectorAll(".table[data-find]")) makeFindable(box);
for (const scroll of document.querySelectorAll(".table > .scroll")) hintAt(scroll);
for (const box of document.querySelectorAll(".chart")) makeChart(box);
})();
