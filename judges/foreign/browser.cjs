// Chromium without a window, from a package that carries it, and a page that is watched.
"use strict";
const path = require("path");

/** Start the browser that the judges' packages hold. */
async function opened(packages, more = []) {
  const loaded = require(path.join(packages, "@sparticuz/chromium"));
  const chromium = loaded.default ?? loaded;
  const puppeteer = require(path.join(packages, "puppeteer-core"));
  // Not those of the package: they let pages read what other origins keep to themselves.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
  return puppeteer.launch({
    args: [...args, ...more],
    executablePath: await chromium.executablePath(),
    headless: "shell",
  });
}

/**
 * Do something with a page, and print a line: what it asked of others is wrong, too, and so is what
 * failed, unless that is what is looked for.
 */
async function look(browser, name, own, act, { mayFail = false } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1200, height: 800 });
  const wrong = [];
  if (!mayFail) watch(page, own, wrong);
  try {
    await act(page);
  } catch (error) {
    wrong.push(String(error.message ?? error));
  }
  await context.close();
  console.log(`${name}: ${wrong.length ? wrong.join("; ").replace(/\s+/g, " ").slice(0, 600) : "ok"}`);
}

function watch(page, own, wrong) {
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(own)) {
      wrong.push(`it asks for ${request.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") wrong.push(`${request.url()} failed`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.url()}: ${response.status()}`);
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
}

/** Run to the end; an accident is printed as something wrong. */
function report(main) {
  main().catch((error) => {
    console.log(`the browser: ${String(error.stack ?? error).replace(/\s+/g, " ").slice(0, 600)}`);
    process.exitCode = 1;
  });
}

module.exports = { look, opened, report };
