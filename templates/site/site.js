// Search, theme and menu of the site. Asks nothing of any host but the one that the page came from.
"use strict";

const root = document.body.dataset.root;
const input = document.getElementById("site:search");
const found = document.getElementById("site:found");
const count = document.getElementById("site:count");
const results = document.getElementById("site:results");
const MOST = 60;

// Full and half width, composed and decomposed, capital and small letters are found alike.
const folded = (text) => text.normalize("NFKC").toLowerCase();

let entries = null;
let loading = null;

function load() {
  // A script, since a page that was opened from a disk may not fetch a file.
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${root}search.js`;
    script.onload = () => resolve(prepared(window.GRIDWRIGHT_INDEX));
    script.onerror = () => reject(new Error("the index of the search cannot be loaded"));
    document.head.append(script);
  }).then((list) => { entries = list; });
  return loading;
}

function prepared({ pages, sections, names }) {
  const address = (page, anchor) =>
    root + pages[page][0] + (anchor ? `#${encodeURIComponent(anchor)}` : "");
  const rows = names.map(([page, anchor, all, about, section]) => ({
    title: all.join(" · "), about, where: `${pages[page][1]} › ${section}`,
    address: address(page, anchor), names: all.map(folded), text: folded(`${all.join(" ")} ${about}`),
    isName: true,
  }));
  const texts = sections.map(([page, anchor, title, text]) => ({
    title, about: text, where: pages[page][1], address: address(page, anchor),
    names: [folded(title)], text: folded(`${pages[page][1]} ${title} ${text}`), isName: false,
  }));
  return [...rows, ...texts];
}

function rank(entry, whole, words) {
  if (!words.every((word) => entry.text.includes(word))) return null;
  const nearest = Math.min(...entry.names.map((name) =>
    name === whole ? 0 : name.startsWith(whole) ? 2 : name.includes(whole) ? 4 : 8));
  return nearest + (entry.isName ? 0 : 1);
}

function search() {
  const whole = folded(input.value).trim();
  found.hidden = !whole;
  if (!whole || entries === null) return;
  const words = whole.split(/\s+/);
  const hits = [];
  entries.forEach((entry, place) => {
    const value = rank(entry, whole, words);
    if (value !== null) hits.push([value, place, entry]);
  });
  hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const more = hits.length > MOST ? `, the first ${MOST} of them here` : "";
  count.textContent = `${hits.length} found${more}`;
  results.replaceChildren(...hits.slice(0, MOST).map(([, , entry]) => shown(entry, words)));
}

function shown(entry, words) {
  const link = document.createElement("a");
  link.href = entry.address;
  const title = document.createElement("b");
  title.textContent = entry.title;
  const about = document.createElement("span");
  about.textContent = excerpt(entry.about, words[0]);
  const where = document.createElement("small");
  where.textContent = entry.where;
  link.append(title, " ", about, where);
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function excerpt(text, word) {
  const place = Math.max(folded(text).indexOf(word), 0);
  const from = Math.max(place - 40, 0);
  const part = text.slice(from, from + 140);
  return (from ? "… " : "") + part + (from + 140 < text.length ? " …" : "");
}

function begin() {
  load().then(search, (error) => { found.hidden = false; count.textContent = error.message; });
}

input.addEventListener("focus", () => load().catch(() => {}));  // said once something is typed
input.addEventListener("input", begin);
input.addEventListener("keydown", (event) => {
  const first = results.querySelector("a");
  if (event.key === "Enter" && !event.isComposing && first && !found.hidden) first.click();
  if (event.key === "ArrowDown" && first) { first.focus(); event.preventDefault(); }
  if (event.key === "Escape") found.hidden = true;
});
results.addEventListener("keydown", (event) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (event.key === "Escape") { found.hidden = true; input.focus(); }
  if (!step) return;
  event.preventDefault();
  const item = event.target.closest("li")?.[step];
  (item ? item.querySelector("a") : input).focus();
});
results.addEventListener("click", () => { found.hidden = true; });
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) found.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea")) return;
  event.preventDefault();
  input.focus();
});

// The theme is the system's until the reader chooses another. Some browsers keep no choice for
// pages from a disk.
const button = document.getElementById("site:theme");
const kept = {
  get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
  set: (theme) => { try { localStorage.setItem("theme", theme); } catch { /* for this page only */ } },
};
const theme = () => document.documentElement.dataset.theme
  ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
function apply(chosen) {
  if (chosen) document.documentElement.dataset.theme = chosen;
  button.textContent = theme() === "dark" ? "Light" : "Dark";
  button.title = `Change to the ${button.textContent.toLowerCase()} theme`;
}
button.addEventListener("click", () => {
  const chosen = theme() === "dark" ? "light" : "dark";
  kept.set(chosen);
  apply(chosen);
});
apply(kept.get());
button.hidden = false;

// The list of pages is open where there is room beside the text.
document.getElementById("site:menu").open = matchMedia("(min-width: 60rem)").matches;
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest" });

for (const heading of document.querySelectorAll("main h2[id], main h3[id], main tr[id] > td:first-child")) {
  const id = heading.id || heading.parentElement.id;
  const link = document.createElement("a");
  link.className = "permalink";
  link.href = `#${encodeURIComponent(id)}`;
  link.textContent = "#";
  link.title = "Address of this place";
  heading.append(link);
}
