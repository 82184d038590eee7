"use strict";
(() => {
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    const details = target && target.querySelector("details");
    if (details) details.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  // Paper shows everything: what is folded is opened, and the picture is whole.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => closed.forEach((one) => (one.open = false)));

  const frame = document.getElementById("frame");
  const svg = frame && frame.querySelector("svg");
  if (!svg) return;
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...full };
  const show = () => svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
  const scale = () => {
    const box = svg.getBoundingClientRect();
    return Math.max(view.width / box.width, view.height / box.height);
  };
  const zoom = (factor, px, py) => {
    const size = Math.min(Math.max(view.width * factor, 120), full.width * 4);
    const real = size / view.width;
    view = {
      x: px - (px - view.x) * real, y: py - (py - view.y) * real,
      width: view.width * real, height: view.height * real,
    };
    show();
  };
  const zoomMiddle = (factor) => zoom(factor, view.x + view.width / 2, view.y + view.height / 2);
  const fit = () => { view = { ...full }; show(); };
  addEventListener("beforeprint", () => {
    svg.setAttribute("viewBox", [full.x, full.y, full.width, full.height].join(" "));
  });
  addEventListener("afterprint", show);
  const move = (dx, dy) => { view.x += dx; view.y += dy; show(); };

  frame.classList.add("live");
  frame.tabIndex = 0;
  frame.setAttribute("aria-label", "Picture: plus, minus or ctrl and wheel zoom, arrow keys or dragging move, 0 shows all");
  document.getElementById("tools").hidden = false;
  frame.style.height = `${Math.round(Math.min(Math.max(full.height, 260), innerHeight * 0.7, 740))}px`;
  // A wide picture starts readable, at its right end, where the newest things are.
  const box = svg.getBoundingClientRect();
  if (scale() > 1.6) {
    view = { x: 0, y: 0, width: box.width * 1.25, height: box.height * 1.25 };
    const start = svg.querySelector(".start .box");
    const at = start ? start.getBBox() : { x: full.width, y: full.height / 2, width: 0, height: 0 };
    view.x = Math.min(Math.max(at.x + at.width / 2 - view.width / 2, full.x), Math.max(full.x, full.width - view.width));
    view.y = at.y + at.height / 2 - view.height / 2;
    show();
  }

  frame.addEventListener("click", (event) => {
    const how = event.target.dataset.zoom;
    if (how === "in") zoomMiddle(0.8);
    if (how === "out") zoomMiddle(1.25);
    if (how === "fit") fit();
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page goes on scrolling
    event.preventDefault();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    zoom(event.deltaY > 0 ? 1.12 : 0.89, point.x, point.y);
  }, { passive: false });
  let grip = null;
  let dragged = false;
  svg.addEventListener("pointerdown", (event) => { grip = event; dragged = false; });
  addEventListener("pointermove", (event) => {
    if (!grip) return;
    const dx = event.clientX - grip.clientX;
    const dy = event.clientY - grip.clientY;
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    dragged = true;
    move(-dx * scale(), -dy * scale());
    grip = event;
  });
  addEventListener("pointerup", () => { grip = null; });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("click", (event) => { if (dragged) event.preventDefault(); }, true);
  frame.addEventListener("keydown", (event) => {
    const step = 60 * scale();
    const keys = {
      "+": () => zoomMiddle(0.8), "=": () => zoomMiddle(0.8), "-": () => zoomMiddle(1.25), "0": fit,
      ArrowLeft: () => move(-step, 0), ArrowRight: () => move(step, 0),
      ArrowUp: () => move(0, -step), ArrowDown: () => move(0, step),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
