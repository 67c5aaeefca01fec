// Makes the pages quicker to use. Everything works without it.
"use strict";

document.documentElement.classList.add("scripted");

// What was done is said in a corner of the page, and by a screen reader; quietly: by the screen reader only.
const said = document.getElementById("said");
let silence;
const say = (text, quietly = false) => {
  said.textContent = text;
  said.classList.toggle("hidden", quietly);
  clearTimeout(silence);
  silence = setTimeout(() => { said.textContent = ""; }, 4000);
};

// A command is copied by its button.
document.addEventListener("click", async event => {
  const button = event.target.closest(".copy");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    say(said.dataset.copied);
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    say(said.dataset.notCopied);
  }
});

// A search shows what it finds as one types: the page is asked for, and the part that it changes is replaced.
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting, asked = 0;
  const show = async () => {
    const address = form.action + "?" + new URLSearchParams(new FormData(form));
    const mine = ++asked;
    let page, isRefused;
    try {
      const answer = await fetch(address);
      isRefused = !answer.ok;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return say(said.dataset.noAnswer);
    }
    if (mine !== asked) return;
    if (isRefused) return say((page.getElementById("error-title") ?? page.body).textContent);
    const found = page.getElementById(form.dataset.live);
    document.getElementById(form.dataset.live).replaceWith(found);
    document.querySelector("footer").replaceWith(page.querySelector("footer"));
    history.replaceState(null, "", address);
    say(`${said.dataset.rows}: ${found.querySelectorAll("tbody tr").length}`, true);
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(show, 150); };
  // A month or an ИНН says something only when all of it is typed.
  form.addEventListener("input", event => { if (event.target.type !== "text") soon(); });
  form.addEventListener("change", event => { if (event.target.type === "text") soon(); });
}

// All rows of a list are chosen at once.
document.addEventListener("change", event => {
  if (!event.target.matches("[data-choose-all]")) return;
  for (const box of event.target.form.querySelectorAll("[data-choose]")) box.checked = event.target.checked;
});

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
  } catch {
    say(said.dataset.noAnswer);  // and it is asked again
  }
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

// In a narrow window the menu scrolls: the section of the page is in sight.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
