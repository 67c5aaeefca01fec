// Keys of the pages: templates/parts.html, `keys_help`, lists them.
"use strict";

const ROWS = "main tbody tr";
const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])";
const help = document.getElementById("keys");
let isGoing = false, going;

// The Latin letter of a key; with a Russian layout, that of its place. Search and help are where both layouts have them.
const meant = event => {
  if (event.key === "/" || event.key === "?") return event.key;
  if (event.code === "Slash" && event.key === ".") return "/";
  if (event.code === "Slash" && event.key === ",") return "?";
  if (event.shiftKey) return "";
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
};

const rowOfFocus = () => document.activeElement.closest(ROWS);

// The focus goes to the row's link, which Enter opens and a screen reader reads; without one, to its checkbox.
const targetOf = row => row.querySelector("a[href]") ?? row.querySelector("[data-choose]");

const toRow = step => {
  const rows = [...document.querySelectorAll(ROWS)].filter(row => targetOf(row)?.getClientRects().length);
  const now = rows.indexOf(rowOfFocus());
  const row = rows[now < 0 ? 0 : Math.min(Math.max(now + step, 0), rows.length - 1)];
  if (!row) return;
  targetOf(row).focus();
  row.scrollIntoView({ block: "nearest" });
};

const does = {
  "/": () => document.querySelector("main form[role=search] input:not([type=hidden])")?.focus(),
  "?": () => help.showModal(),
  j: () => toRow(1),
  k: () => toRow(-1),
  x: () => rowOfFocus()?.querySelector("[data-choose]")?.click(),
  g: () => {
    isGoing = true;
    clearTimeout(going);
    going = setTimeout(() => { isGoing = false; }, 1500);
  },
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.matches(TYPING) || document.querySelector("dialog[open]")) return;
  const key = meant(event);
  if (!key) return;
  const link = document.querySelector(isGoing ? `[data-section="${key}"]` : `[data-key="${key}"]`);
  isGoing = false;
  if (!link && !does[key]) return;
  event.preventDefault();
  if (link) link.click();
  else does[key]();
});

document.querySelector("a[href='#keys']").addEventListener("click", event => {
  event.preventDefault();
  help.showModal();
});
