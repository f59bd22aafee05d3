// Figures to explore. Their curves were computed for every position of the controls when the
// chapter ran, and stand in the page as JSON; here they are looked up and drawn. Without this
// script the page shows the picture of the start, drawn by matplotlib in the same colours.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const LETTER = 7.4; // mean width of a letter at the size set in course.css, in pixels
  const LINE = 18; // height of a line of text
  const WIDTH = 2.2; // of a curve
  const FAR = 1e6; // pixels; a line may leave the picture, but not the browser's numbers
  // matplotlib's markers within one unit around the point.
  const MARKERS = {
    o: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
    "^": "M0-1L1 1H-1Z",
    s: "M-1-1H1V1H-1Z",
    D: "M0-1.3L1.3 0L0 1.3L-1.3 0Z",
    v: "M0 1L1-1H-1Z",
    P: "M-.4-1H.4V-.4H1V.4H.4V1H-.4V.4H-1V-.4H-.4Z",
  };

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, value);
    }
  }

  function add(parent, element, attributes, text = "") {
    set(element, attributes);
    element.textContent = text;
    return parent.appendChild(element);
  }

  const html = (parent, tag, attributes, text) =>
    add(parent, document.createElement(tag), attributes, text);
  const svg = (parent, tag, attributes, text) =>
    add(parent, document.createElementNS(SVG, tag), attributes, text);

  const words = (name) => name.replaceAll("_", " ");
  const widest = (texts) => LETTER * Math.max(0, ...texts.map((text) => text.length));

  // From values to pixels; what an axis cannot show is not a number.
  function toPixels(axis, from, to) {
    const bend = axis.log ? Math.log10 : (value) => value;
    const [low, high] = axis.limits.map(bend);
    const step = (to - from) / (high - low);
    return (value) => {
      const pixel = value === null ? NaN : from + (bend(value) - low) * step;
      return Number.isFinite(pixel) ? Math.max(-FAR, Math.min(FAR, pixel)) : NaN;
    };
  }

  function outline(points) {
    let pen = "M"; // lifted again wherever a point is missing
    return points.reduce((path, [x, y]) => {
      const step = Number.isNaN(x + y) ? "" : `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = step ? "L" : "M";
      return path + step;
    }, "");
  }

  // A line that goes nowhere, with round ends, is a dot.
  const dots = (points) => points
    .filter(([x, y]) => !Number.isNaN(x + y))
    .map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("");

  // A curve of one point is a marker.
  function shape(path, curve, points) {
    if (curve.look) {
      const round = curve.look === "dots";
      const d = round ? dots(points) : outline(points);
      const look = { fill: "none", stroke: curve.color, "stroke-width": round ? 5 : 0.8 };
      set(path, { d, transform: "", "stroke-linecap": round ? "round" : "butt", ...look });
    } else if (points.length === 1) {
      const [x, y] = points[0];
      const d = Number.isNaN(x + y) ? "" : MARKERS[curve.marker];
      const transform = d && `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(5)`;
      set(path, { d, transform, fill: curve.color, stroke: "none" });
    } else {
      const dash = curve.dash.map((length) => WIDTH * length).join(" ") || "none";
      const look = { fill: "none", stroke: curve.color, "stroke-dasharray": dash };
      set(path, { d: outline(points), transform: "", "stroke-width": WIDTH, ...look });
    }
  }

  function drawLegend(root, curves, arrays, left, width) {
    let [x, y] = [left, LINE / 2];
    for (const curve of curves) {
      const space = 44 + LETTER * curve.label.length;
      if (x > left && x + space > width) {
        [x, y] = [left, y + LINE];
      }
      const one = !curve.look && arrays[curve.states[0][0]].length === 1;
      shape(svg(root, "path", {}), curve, one ? [[x + 13, y]] : [[x, y], [x + 26, y]]);
      svg(root, "text", { x: x + 32, y: y + 4 }, curve.label);
      x += space;
    }
    return y + LINE;
  }

  // Axes, grid and legend for a width; returns how to draw a curve into them.
  function drawFrame(root, data, [x, y], width, id) {
    root.replaceChildren();
    const left = widest(y.texts) + (y.label ? 30 : 10);
    const top = drawLegend(root, data.curves, data.arrays, left, width);
    const [right, bottom] = [width - 10, top + Math.max(200, 0.46 * width)];
    set(root, { width, height: bottom + (x.label ? 42 : 24) });
    const [toX, toY] = [toPixels(x, left, right), toPixels(y, bottom, top)];

    const write = (anchor, place, text) =>
      svg(root, "text", { "text-anchor": anchor, ...place }, text);
    const every = Math.ceil((x.texts.length * (widest(x.texts) + 8)) / (right - left));
    let axes = `M${left} ${top}V${bottom}H${right}`;
    x.ticks.map(toX).forEach((at, k) => {
      svg(root, "path", { class: "explore-grid", d: `M${at} ${top}V${bottom}` });
      axes += `M${at} ${bottom}v4`;
      if (k % every === 0) {
        write("middle", { x: at, y: bottom + 17 }, x.texts[k]);
      }
    });
    y.ticks.map(toY).forEach((at, k) => {
      svg(root, "path", { class: "explore-grid", d: `M${left} ${at}H${right}` });
      axes += `M${left} ${at}h-4`;
      write("end", { x: left - 7, y: at + 4 }, y.texts[k]);
    });
    svg(root, "path", { class: "explore-axes", d: axes });
    write("middle", { x: (left + right) / 2, y: bottom + 36 }, x.label);
    write("middle", { transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)` }, y.label);

    const clip = svg(root, "clipPath", { id });
    svg(clip, "rect", { x: left, y: top, width: right - left, height: bottom - top });
    const plot = svg(root, "g", { "clip-path": `url(#${id})` });
    const paths = data.curves.map(() => svg(plot, "path", { class: "explore-curve" }));
    return (k, [atX, atY]) => {
      const points = data.arrays[atX].map((value, i) => [toX(value), toY(data.arrays[atY][i])]);
      shape(paths[k], data.curves[k], points);
    };
  }

  function addControl(box, control, id, move) {
    const line = html(box, "div", { class: "explore-control" });
    html(line, "label", { for: id }, words(control.name));
    // Off: a browser that fills in what stood there before the page was loaded again would lie.
    const own = { id, autocomplete: "off" };
    if (control.kind === "choice") {
      const choice = html(line, "select", own);
      control.values.forEach((text, k) => html(choice, "option", { value: k }, text));
      return listen(choice, control.start, move);
    }
    const last = control.values.length - 1;
    const slider = html(line, "input", { ...own, type: "range", min: 0, max: last });
    const value = html(line, "span", { class: "explore-value" });
    return listen(slider, control.start, (place) => {
      value.textContent = control.values[place];
      slider.setAttribute("aria-valuetext", control.values[place]);
      move(place);
    });
  }

  function listen(input, place, move) {
    input.value = place;
    input.addEventListener("input", () => move(Number(input.value)));
    move(place);
  }

  function start(source, number) {
    const data = JSON.parse(source.textContent);
    const picture = source.previousElementSibling;
    const at = Object.fromEntries(data.controls.map((control) => [control.name, control.start]));
    const size = Object.fromEntries(data.controls.map((c) => [c.name, c.values.length]));
    // The last control a function names moves fastest, as in itertools.product.
    const now = ({ of, states }) => states[of.reduce((k, name) => k * size[name] + at[name], 0)];

    const box = document.createElement("div");
    box.className = "explore";
    const controls = html(box, "div", { class: "explore-controls" });
    const both = data.photo ? html(box, "div", { class: "explore-beside" }) : box;
    const photo = data.photo && html(both, "img", { class: "explore-photo photo", alt: "" });
    const sheet = html(both, "div", { class: "explore-picture" });
    const root = svg(sheet, "svg", { role: "img" });
    const said = html(box, "p", { class: "explore-say", "aria-live": "polite" });
    let [draw, drawn, shown] = [null, 0, ""];
    function show() {
      frame();
      data.curves.forEach((curve, k) => draw(k, now(curve)));
      const places = data.controls.map((c) => `${words(c.name)}: ${c.values[at[c.name]]}`);
      said.textContent = data.say ? now(data.say) : "";
      if (photo) { // what it shows is told by the label of the drawing beside it
        photo.src = data.photos[now(data.photo)];
      }
      const label = `${picture.alt} Shown now: ${places.join(", ")}. ${said.textContent}`;
      set(root, { "aria-label": label.trim() });
    }
    // Limits may depend on controls, by the places of which they are then told.
    const axis = (told) => (told.of ? { ...told, ...now(told) } : told);
    function frame() {
      const axes = [axis(data.x), axis(data.y)];
      const limits = `${axes.map(({ limits }) => limits)} ${drawn}`;
      if (limits !== shown) {
        draw = drawFrame(root, data, axes, drawn, `explore-${number}-plot`);
        shown = limits;
      }
    }
    function fit(width) {
      if (width > 0 && width !== drawn) { // 0: within a tab that is not open
        drawn = width;
        show();
      }
    }
    fit(640);
    data.controls.forEach((control, k) => {
      addControl(controls, control, `explore-${number}-${k}`, (place) => {
        at[control.name] = place;
        show();
      });
    });
    picture.replaceWith(box); // only now, when nothing has failed
    new ResizeObserver(() => fit(Math.floor(sheet.clientWidth))).observe(sheet);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("script.explore-data").forEach(start);
  });
})();
