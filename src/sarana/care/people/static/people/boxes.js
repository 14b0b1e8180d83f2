// Boxes drawn over a picture with a mouse, a pen or a finger; what is drawn stands in the numbers below, which are what
// is sent. Without this script the numbers are typed.

const SHARE = 100;
const SMALLEST = 0.5;
const NAMES = ["left", "top", "width", "height"];
const SVG = "http://www.w3.org/2000/svg";

const figure = document.querySelector("[data-draw]");
const lines = [...document.querySelectorAll("#boxes fieldset.box")].map((line) =>
  Object.fromEntries(NAMES.map((name) => [name, line.querySelector(`input[name$="-${name}"]`)])),
);

if (figure && lines.length) {
  const svg = figure.querySelector("svg");
  const picture = figure.querySelector("img");
  let from = null;
  let rect = null;

  // Measured on the picture itself: whatever lies over it, numbers speak of what is seen of it.
  const at = (event) => {
    const edge = picture.getBoundingClientRect();
    const held = (value) => Math.min(SHARE, Math.max(0, value));
    return {
      x: held(((event.clientX - edge.left) / edge.width) * SHARE),
      y: held(((event.clientY - edge.top) / edge.height) * SHARE),
    };
  };

  const between = (a, b) => ({
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  });

  const place = (shape, box) => {
    for (const [name, value] of [["x", box.left], ["y", box.top], ["width", box.width], ["height", box.height]]) {
      shape.setAttribute(name, value.toFixed(2));
    }
  };

  const made = () => svg.appendChild(document.createElementNS(SVG, "rect"));

  const redraw = () => {
    svg.replaceChildren();
    for (const line of lines) {
      const numbers = NAMES.map((name) => Number.parseFloat(line[name].value));
      if (numbers.every(Number.isFinite)) {
        place(made(), Object.fromEntries(NAMES.map((name, index) => [name, numbers[index]])));
      }
    }
  };

  const isEmpty = (line) => NAMES.every((name) => line[name].value === "");

  figure.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !lines.some(isEmpty)) {
      return;
    }
    event.preventDefault();
    figure.setPointerCapture(event.pointerId);
    from = at(event);
    rect = made();
  });
  figure.addEventListener("pointermove", (event) => {
    if (from) {
      place(rect, between(from, at(event)));
    }
  });
  figure.addEventListener("pointerup", (event) => {
    if (!from) {
      return;
    }
    const box = between(from, at(event));
    from = null;
    const line = lines.find(isEmpty);
    if (line && box.width >= SMALLEST && box.height >= SMALLEST) {
      for (const name of NAMES) {
        line[name].value = box[name].toFixed(1);
      }
    }
    redraw();
  });
  figure.addEventListener("pointercancel", () => {
    from = null;
    redraw();
  });
  document.querySelector("#boxes").addEventListener("input", redraw);
  figure.classList.add("is-ready");
}
