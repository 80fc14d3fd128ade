// Read a site in Chromium as a person would: FOLDER_WITH_PACKAGES ADDRESS FOLDER SHEET.
// One line for each thing that was looked at: its name, ok, or what was wrong.
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { look, opened, report } = require("./browser.cjs");

const [packages, address, folder, sheet] = process.argv.slice(2);
const { searches, pages } = JSON.parse(fs.readFileSync(sheet, "utf8"));

async function found(page, words) {
  await page.keyboard.press("/");
  await page.$eval("input[type=search]", (input) => input.select());
  await page.keyboard.type(words);
  await page.waitForFunction(
    () => /^[1-9]\d* found/.test(document.querySelector(".count").textContent),
    { timeout: 10000 }
  );
}

async function searched(page, { words, address: wanted, holds }) {
  await found(page, words);
  const link = await page.evaluateHandle(
    (end) => [...document.querySelectorAll(".results a")].find((a) => a.href.endsWith(end)),
    wanted
  );
  if (!(await link.evaluate((element) => Boolean(element)))) {
    const all = await page.$$eval(".results a", (links) => links.slice(0, 5).map((a) => a.href));
    throw new Error(`${wanted} is not among what is found for ${words}: ${all}`);
  }
  await link.click();
  await page.waitForFunction((end) => location.href.endsWith(end), {}, wanted);
  await page.waitForSelector(":target");
  const seen = await page.$eval(":target", (target) => {
    const { top, bottom } = target.getBoundingClientRect();
    const covered = document.querySelector("header").getBoundingClientRect().bottom;
    return { text: target.textContent, isInSight: bottom > covered && top < innerHeight };
  });
  if (!seen.isInSight) throw new Error(`${wanted} is out of sight`);
  const missing = holds.filter((text) => !seen.text.includes(text));
  if (missing.length) throw new Error(`${wanted} does not say ${missing.join(", ")}`);
}

async function byKeys(page) {
  await page.goto(`${address}index.html`);
  await found(page, "custNo");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  const first = await page.$eval(".results a", (link) => link === document.activeElement);
  if (!first) throw new Error("the arrows do not lead to the first of what is found");
  await page.keyboard.press("Escape");
  if (!(await page.$eval(".found", (box) => box.hidden))) throw new Error("Escape closes nothing");
}

const brightness = (page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)[0]);

async function inBothThemes(page) {
  for (const [scheme, isDark] of [["light", false], ["dark", true]]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    if ((await brightness(page)) < 128 !== isDark) throw new Error(`${scheme} is not shown`);
    const button = await page.$("header button");
    await button.click();
    if ((await brightness(page)) < 128 === isDark) throw new Error("the button changes nothing");
    await page.reload();
    if ((await brightness(page)) < 128 === isDark) throw new Error("the choice is not kept");
  }
  await page.evaluate(() => localStorage.clear());
}

async function narrow(page) {
  await page.setViewport({ width: 360, height: 740 });
  for (const name of pages) {
    await page.goto(address + name);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) throw new Error(`${name} is ${width} pixels wide`);
  }
}

async function withoutScripts(page) {
  await page.setJavaScriptEnabled(false);
  await page.goto(`${address}index.html`);
  await Promise.all([page.waitForNavigation(), page.click("header .all")]);
  const names = await page.$$eval("dt", (all) => all.length);
  if (names < 100) throw new Error(`there are ${names} names`);
}

async function fromDisk(page) {
  await page.goto(pathToFileURL(path.join(folder, "index.html")).href);
  await searched(page, searches[0]);
}

async function main() {
  const browser = await opened(packages);
  try {
    for (const search of searches) {
      await look(browser, `search for ${search.words}`, address, async (page) => {
        await page.goto(`${address}index.html`);
        await searched(page, search);
      });
    }
    await look(browser, "keys", address, byKeys);
    await look(browser, "themes", address, async (page) => {
      await page.goto(`${address}index.html`);
      await inBothThemes(page);
    });
    await look(browser, `360 pixels, ${pages.length} pages`, address, narrow);
    await look(browser, "without scripts", address, withoutScripts);
    await look(browser, "from a disk", "file://", fromDisk);
  } finally {
    await browser.close();
  }
}

report(main);
