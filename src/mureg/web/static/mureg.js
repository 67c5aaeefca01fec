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
