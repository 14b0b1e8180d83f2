// Draws the map of a page out of shapes of our own: no tiles, no glyphs, no other server. Without it the table stands.

const place = document.querySelector("[data-map]");
const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Signs differ in shape and in lightness, so that they can be told apart without colours.
function sign(kind, ink, fill) {
  const size = 36;
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext("2d");
  pen.fillStyle = fill;
  pen.strokeStyle = ink;
  pen.lineWidth = 4;
  pen.beginPath();
  if (kind === "several") pen.arc(18, 18, 13, 0, 2 * Math.PI);
  else pen.rect(7, 7, 22, 22);
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

function bounds(shapes) {
  const found = [180, 90, -180, -90];
  const visit = (part) => {
    if (typeof part[0] === "number") {
      found[0] = Math.min(found[0], part[0]);
      found[1] = Math.min(found[1], part[1]);
      found[2] = Math.max(found[2], part[0]);
      found[3] = Math.max(found[3], part[1]);
    } else part.forEach(visit);
  };
  const areas = shapes.features.filter((f) => f.properties.kind === "area");
  (areas.length ? areas : shapes.features).forEach((f) => visit(f.geometry.coordinates));
  return found;
}

function layers() {
  const line = token("--line-strong");
  const of = (kind) => ["==", ["get", "kind"], kind];
  const several = [">", ["get", "n"], 1];
  return [
    { id: "sea", type: "background", paint: { "background-color": token("--paper") } },
    { id: "ground", type: "fill", source: "shapes", filter: of("ground"), paint: { "fill-color": token("--surface") } },
    {
      id: "areas",
      type: "fill",
      source: "shapes",
      filter: of("area"),
      paint: { "fill-color": ["case", several, token("--area-2"), token("--area-1")], "fill-opacity": 0.85 },
    },
    { id: "lines", type: "line", source: "shapes", filter: ["!", of("sign")], paint: { "line-color": line, "line-width": 0.8 } },
  ];
}

function signs(map) {
  map.addImage("one", sign("one", token("--ink"), token("--surface")));
  map.addImage("several", sign("several", token("--ink"), token("--brand")));
  map.addLayer({
    id: "signs",
    type: "symbol",
    source: "shapes",
    filter: ["==", ["get", "kind"], "sign"],
    layout: {
      "icon-image": ["case", [">", ["get", "n"], 1], "several", "one"],
      "icon-size": 0.5,
      "icon-allow-overlap": true,
    },
  });
}

async function draw() {
  const [library, shapes] = await Promise.all([
    import(place.dataset.library),
    fetch(place.dataset.shapes, { credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }),
  ]);
  const { Map: MapOf, NavigationControl } = library.default ?? library;
  place.querySelector("[data-map-waits]").hidden = true;
  const map = new MapOf({
    container: place,
    style: { version: 8, sources: { shapes: { type: "geojson", data: shapes } }, layers: layers() },
    bounds: bounds(shapes),
    fitBoundsOptions: { padding: 24, animate: false },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: reduced ? 0 : 200,
    cooperativeGestures: false,
    locale: {
      "Map.Title": place.dataset.label,
      "NavigationControl.ZoomIn": place.dataset.zoomIn,
      "NavigationControl.ZoomOut": place.dataset.zoomOut,
    },
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  // Colours that change with the device change on the map too.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const { id, paint } of layers()) for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
    map.updateImage("one", sign("one", token("--ink"), token("--surface")));
    map.updateImage("several", sign("several", token("--ink"), token("--brand")));
  });
  map.on("load", () => {
    signs(map);
    map.once("idle", () => place.setAttribute("data-drawn", ""));
  });
}

if (place) {
  draw().catch(() => {
    place.querySelector("[data-map-waits]").hidden = true;
    place.querySelector("[data-map-failed]").hidden = false;
  });
}
