// Makes the pages quicker to use. Everything works without it.
"use strict";

// A command is copied by its button.
for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(button.previousElementSibling.textContent));
}

// A search shows what it finds as one types: the page is asked for, and the part that it changes is replaced.
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting, asked = 0;
  const show = async () => {
    const address = form.action + "?" + new URLSearchParams(new FormData(form));
    const mine = ++asked;
    const answer = await fetch(address);
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById(form.dataset.live).replaceWith(page.getElementById(form.dataset.live));
    document.querySelector("footer").replaceWith(page.querySelector("footer"));
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 150); });
}

// What is under way is asked for until it has ended.
const refresh = async () => {
  const shown = document.querySelector("[data-refresh]");
  if (!shown) return;
  const address = shown.dataset.refresh;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const now = page.querySelector("[data-refresh]");
    if (!now) return location.replace(address);
    shown.replaceChildren(...now.children);
  } catch { /* The server does not answer: it is asked again. */ }
  setTimeout(refresh, 1000);
};
refresh();

// Files that are dropped on the page are chosen in its form.
const chosen = document.querySelector("form[data-drop] input[type=file]");
if (chosen) {
  document.addEventListener("dragover", event => event.preventDefault());
  document.addEventListener("drop", event => {
    event.preventDefault();
    if (event.dataTransfer.files.length) chosen.files = event.dataTransfer.files;
  });
}
