// Look at the page of a mock in Chromium, and try its operations: FOLDER_WITH_PACKAGES ADDRESS SHEET.
// One line for each thing that was looked at: its name, ok, or what was wrong.
"use strict";
const fs = require("fs");
const { look, opened, report } = require("./browser.cjs");

const [packages, address, sheet] = process.argv.slice(2);
const { title, shows, tries, documents } = JSON.parse(fs.readFileSync(sheet, "utf8"));

async function atFirst(page) {
  await page.goto(`${address}/`);
  await page.waitForFunction((wanted) => document.title.startsWith(wanted), {}, title);
  await page.waitForFunction(() => document.getElementById("operations").textContent);
  const text = await page.$eval("body", (body) => body.textContent);
  const missing = shows.filter((wanted) => !text.includes(wanted));
  if (missing.length) throw new Error(`the page does not show ${missing.join(", ")}`);
}

/** Fill a form, and say whether the page has kept it: it may have drawn the operation anew. */
async function filled(page, block, form) {
  for (const input of await block.$$("input[type=file]")) await input.uploadFile(sheet);
  for (const [name, value] of Object.entries(form)) {
    const input = await block.$(`tr[data-property-name="${name}"] input[type=text]`);
    if (!input) continue;
    await input.click({ count: 3 });
    await input.type(value);
    await page.keyboard.press("Tab");
  }
  await new Promise((done) => setTimeout(done, 200));
  return block.$$eval("input[type=file]", (all) => all.every((one) => one.files.length));
}

async function tried(page, { method, path, has_text: hasText, form }) {
  const selector = `.opblock-${method}`;
  const block = await page.evaluateHandle(
    (one, wanted) =>
      [...document.querySelectorAll(one)].find(
        (each) => each.querySelector("[data-path]").dataset.path === wanted
      ),
    selector,
    path
  );
  await block.evaluate((one) => one.querySelector("button").click());
  // Examples come a moment after their fields.
  await page.waitForFunction(
    (one, needed) => {
      const bodies = [...one.querySelectorAll("textarea")];
      const isWritten = bodies.length >= needed && bodies.every((body) => body.value);
      const needs = [...one.querySelectorAll("tr[data-param-name]")].filter((row) =>
        row.querySelector(".required")
      );
      const isFilled = needs.every((row) => row.querySelector("input, select")?.value);
      return one.querySelector("button.execute") && isWritten && isFilled;
    },
    { timeout: 30000, polling: 100 },
    block,
    hasText ? 1 : 0
  );
  await page.waitForNetworkIdle();
  for (let turn = 0; turn < 5 && !(await filled(page, block, form)); turn += 1) {
    await new Promise((done) => setTimeout(done, 1000));
  }
  await page
    .waitForFunction(
      (one) => {
        if (one.querySelector(".live-responses-table .response-col_status")) return true;
        // A click is lost while the page draws the operation anew.
        const now = Date.now();
        if (now - (one.clickedAt ?? 0) > 3000) {
          one.clickedAt = now;
          one.querySelector("button.execute")?.click();
        }
        return false;
      },
      { timeout: 30000, polling: 100 },
      block
    )
    .catch(async () => {
      const said = await block.$$eval(".validation-errors, .errors, .invalid", (all) =>
        all.map((one) => one.textContent || one.className).join(", ")
      );
      throw new Error(`${method} ${path} has no answer: ${said}`);
    });
  const status = await block.$eval(
    ".live-responses-table .response .response-col_status",
    (one) => one.textContent.trim()
  );
  await block.evaluate((one) => one.querySelector("button").click());
  if (!/^2\d\d/.test(status)) throw new Error(`${method} ${path} is answered with ${status}`);
}

const rows = (page) => page.$$eval("#journal tr", (all) => all.length);

async function tryAll(page) {
  await page.goto(`${address}/.gridwright/page/try.html`);
  await page.waitForSelector("body[data-is-ready] .opblock", { timeout: 60000 });
  await page.waitForNetworkIdle(); // it has logged in, and draws the operations anew
  for (const one of tries) await tried(page, one);
  await page.goto(`${address}/`);
  await page.waitForSelector("#journal table");
  const count = (await rows(page)) - 1;
  if (count < tries.length) throw new Error(`the journal has ${count} requests`);
}

/** What is asked while the page is open is seen without loading it anew. */
async function live(page) {
  await page.goto(`${address}/`);
  await page.waitForFunction(() => document.getElementById("journal").textContent);
  const before = await rows(page);
  await page.evaluate(() => fetch("/nobody-knows-this"));
  await page.waitForFunction(
    (count) => document.querySelectorAll("#journal tr").length > count,
    { timeout: 15000, polling: 200 },
    before
  );
}

async function documentsOpen(page) {
  await page.goto(`${address}/`);
  await page.waitForSelector("#documents a");
  for (const name of documents) {
    const text = await page.evaluate(async (wanted) => {
      const link = [...document.querySelectorAll("#documents a")].find((a) => a.textContent === wanted);
      return (await fetch(link.href)).text();
    }, name);
    if (!/^\s*[<{]/.test(text)) throw new Error(`${name} is no document`);
  }
}

async function narrowAndDark(page) {
  await page.setViewport({ width: 360, height: 740 });
  for (const [scheme, isLight] of [["light", false], ["dark", true]]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(`${address}/`);
    await page.waitForFunction(() => document.getElementById("operations").textContent);
    const [width, ink] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      getComputedStyle(document.body).color.match(/\d+/g).map(Number)[0],
    ]);
    if (width > 360) throw new Error(`the page is ${width} pixels wide`);
    if (ink > 128 !== isLight) throw new Error(`${scheme} is not shown`);
  }
}

/** Ask as a page of another site would: from an origin of its own, and by a name of its own. */
async function foreign(page) {
  await page.goto("data:text/html,<title>other</title>");
  const asked = await page.evaluate(
    (url) => fetch(url, { mode: "no-cors", method: "POST" }).then((r) => r.type, (e) => e.message),
    `${address}/.gridwright/now`
  );
  const read = await page.evaluate(
    (url) => fetch(url).then((reply) => reply.text(), () => "refused"),
    `${address}/.gridwright/now`
  );
  if (read !== "refused") throw new Error(`another origin reads ${read} (${asked})`);
  const reply = await page.goto(address.replace("127.0.0.1", "other.example"));
  if (reply.status() !== 403) throw new Error(`another host is answered with ${reply.status()}`);
}

async function main() {
  const browser = await opened(packages, ["--host-resolver-rules=MAP other.example 127.0.0.1"]);
  try {
    await look(browser, "the page", address, atFirst);
    await look(browser, "its documents", address, documentsOpen);
    await look(browser, "360 pixels, in both themes", address, narrowAndDark);
    if (tries.length) await look(browser, `${tries.length} operations tried`, address, tryAll);
    await look(browser, "a request while it is open", "", live, { mayFail: true });
    await look(browser, "other hosts and origins", "", foreign, { mayFail: true });
  } finally {
    await browser.close();
  }
}

report(main);
