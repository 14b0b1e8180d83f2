// Fetches how far the work is, every few seconds, for five minutes: a page that asks for ever would keep a sitting alive
// from which the person has gone away. After that, or without this script, loading the page again says the same.

const FOR_SECONDS = 300;
const part = document.getElementById("work");
const every = Number(part?.dataset.watch ?? 0);
let gone = 0;

async function look() {
  gone += every;
  const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("work");
  if (!now) return;
  if (!part.contains(document.activeElement)) part.replaceChildren(...now.childNodes);
  if (!now.dataset.watch) delete part.dataset.watch;
  else if (gone < FOR_SECONDS) window.setTimeout(look, every * 1000);
}

if (every) window.setTimeout(look, every * 1000);
