// A sitting that nobody uses for fifteen minutes ends on the server; here the screen is cleared at the same time, so
// that a computer left alone shows nobody's data. While somebody types, the server is told once a minute.

const script = document.querySelector("meta[name=sitting]");
const IDLE = 15 * 60 * 1000;
const TELL = 60 * 1000;
let used = Date.now();
let told = Date.now();

for (const sign of ["keydown", "pointerdown", "scroll"]) {
  document.addEventListener(sign, () => (used = Date.now()), { passive: true, capture: true });
}

function look() {
  const now = Date.now();
  if (now - used >= IDLE) {
    document.documentElement.hidden = true;
    location.replace(script.dataset.locked);
  } else if (used > told && now - told >= TELL) {
    told = now;
    fetch(script.dataset.here, {
      method: "POST",
      headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
      credentials: "same-origin",
      keepalive: true,
    }).catch(() => {});
  }
}

setInterval(look, 5000);
document.addEventListener("visibilitychange", look);
