// What the mock is and what it was asked, looked up again every two seconds while somebody looks.
"use strict";

const PERIOD = 2000;
const $ = (id) => document.getElementById(id);

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  Object.assign(made, attributes);
  return made;
}

function table(heads, rows, caption = "") {
  const made = document.createElement("table");
  if (caption) made.append(element("caption", caption));
  const top = document.createElement("tr");
  top.append(...heads.map((head) => element("th", head)));
  made.append(top, ...rows.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => {
      if (cell instanceof Node) {
        const around = document.createElement("td");
        around.append(cell);
        return around;
      }
      return element("td", cell === null || cell === undefined ? "" : String(cell));
    }));
    return row;
  }));
  return made;
}

const asked = async (name) => {
  const reply = await fetch(`/.gridwright/${name}`);
  if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
  return reply.json();
};

let about = null;

function showAbout() {
  document.title = `${about.title} (mock)`;
  $("title").textContent = about.title;
  $("label").textContent = about.label ? `${about.label}.` : "";
  if (about.can_try) $("links").append(element("a", "Try it", { href: "/.gridwright/page/try.html" }));
  $("links").append(element("a", "Broken limits as JSON", { href: "/.gridwright/journal" }));
  for (const [system, address] of Object.entries(about.others)) {
    $("links").append(element("a", system, { href: address }));
  }
  const facts = [
    ...about.base_paths.map((path) => ["base_url", location.origin + path]),
    ...about.credentials,
    ...about.samples.map(([name, value]) => [`sample ${name}`, value]),
  ];
  for (const [name, value] of facts) {
    const said = document.createElement("dd");
    said.append(element("code", value));
    $("access").append(element("dt", name), said);
  }
  $("documents").append(...about.documents.map((name) => {
    const item = document.createElement("li");
    item.append(element("a", name, { href: `/.gridwright/documents/${encodeURIComponent(name)}` }));
    return item;
  }));
  if (!about.documents.length) {
    $("documents").append(element("li", "None: name the folder of generated output by --generated."));
  }
}

function showNow(now) {
  $("time").textContent = now.time;
  $("operations").replaceChildren(table(
    ["Operation", "Kind", "Method", "Path", "Requests"],
    about.operations.map((one) =>
      [one.name, one.kind, one.method, one.path, now.requests[one.name] ?? 0])));
  $("limits").replaceChildren(about.limits.length
    ? table(["Limit", "Kind", "Meaning", "Broken", "Measured"], about.limits.map((limit) => {
        const { broken, ...figures } = now.limits[limit.name];
        const count = element("span", String(broken), { className: broken ? "bad" : "" });
        const measured = Object.entries(figures).map(([name, value]) =>
          `${name.replaceAll("_", " ")}: ${typeof value === "number" ? +value.toFixed(3) : value}`);
        return [limit.name, limit.kind, limit.means, count, measured.join(", ")];
      }))
    : element("p", "The document names none."));
  $("broken").replaceChildren(...now.broken.slice(-20).reverse().map((text) => element("li", text)));
  $("journal").replaceChildren(now.journal.length
    ? table(
        ["Time", "Operation", "Method", "Status", "Outcome", "Code", "Records", "Sent"],
        now.journal.map((one) => [
          one.time.slice(11, 19), one.operation ?? "", one.method, one.status,
          one.fault ? `${one.outcome} (fault: ${one.fault})` : one.outcome, one.code, one.records,
          Object.entries(one.parameters).map(([name, value]) => `${name}=${value}`).join(" "),
        ]))
    : element("p", "Nothing was asked yet."));
  const tables = now.tables.map((one) => table(one.heads, one.rows, one.title));
  if (now.logins) {
    tables.push(table(Object.keys(now.logins), [Object.values(now.logins)], "Logins"));
  }
  $("tables").replaceChildren(...(tables.length ? tables : [element("p",
    "Records are invented from the models; whatever is asked for exists.")]));
}

async function look() {
  try {
    if (about === null) {
      about = await asked("about");
      showAbout();
    }
    if (!document.hidden) showNow(await asked("now"));
    document.body.classList.remove("gone");
  } catch (error) {
    $("time").textContent = `nothing any more: the mock does not answer (${error.message})`;
  }
  setTimeout(look, PERIOD);
}

look();
