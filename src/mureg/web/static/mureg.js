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

// Files that are dropped on the page are chosen in its form; of a folder, and the folders in it, those that it takes.
const dropping = document.querySelector("form[data-drop]");
if (dropping) {
  const chosen = dropping.querySelector("input[type=file]");
  const endings = chosen.accept.split(",");
  const isTaken = name => !name.startsWith(".") && endings.some(ending => name.toLowerCase().endsWith(ending));
  const asked = ask => new Promise(ask);

  const addFilesOf = async (folder, files) => {
    const reader = folder.createReader(), inside = [];
    // It names some of them at a time, until there are no more.
    for (let some = [null]; some.length; inside.push(...some)) some = await asked((found, failed) => reader.readEntries(found, failed));
    inside.sort((one, other) => one.name < other.name ? -1 : 1);
    for (const each of inside) {
      // More than the form takes: the server says so.
      if (files.items.length > dropping.dataset.drop) return;
      if (each.isDirectory) await addFilesOf(each, files);
      else if (isTaken(each.name)) files.items.add(await asked((found, failed) => each.file(found, failed)));
    }
  };

  document.addEventListener("dragover", event => event.preventDefault());
  document.addEventListener("drop", async event => {
    event.preventDefault();
    // What was dropped can be asked for only now, before anything else is waited for.
    const dropped = [...event.dataTransfer.items].filter(each => each.kind === "file")
      .map(each => [each.webkitGetAsEntry(), each.getAsFile()]);
    if (!dropped.length) return;
    const files = new DataTransfer();
    try {
      for (const [entry, file] of dropped) {
        if (entry?.isDirectory) await addFilesOf(entry, files);
        else files.items.add(file);
      }
    } catch {
      return say(dropping.dataset.unreadable);
    }
    if (!files.items.length) return say(dropping.dataset.empty);
    chosen.files = files.files;
    say(`${dropping.dataset.chosen}: ${files.items.length}`);
  });
}

// In a narrow window the menu scrolls: the section of the page is in sight.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
