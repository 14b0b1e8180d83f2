// What every page can do by itself: "/" goes to the search field, a form is sent once, "Leave quickly" leaves no way back.
// Nothing is kept in the browser: on a shared computer whatever is kept there can be read by the next person.

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = document.querySelector("[data-search]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Whoever types an answer has answered; what was typed stays when a reason is chosen, and the page asks which holds.
document.addEventListener("input", (event) => {
  const group = event.target.matches("[data-answer]") && event.target.value && event.target.closest("fieldset");
  const given = group && group.querySelector('.gaps input[value=""]');
  if (given) given.checked = true;
});

// A page that comes back out of the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const leave of document.querySelectorAll("[data-leave]")) {
  leave.addEventListener("submit", () => document.documentElement.setAttribute("hidden", ""));
}

for (const copy of document.querySelectorAll("[data-copy]")) {
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent.trim());
    copy.textContent = copy.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
