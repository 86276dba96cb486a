// The browser: Debian's Chromium, started so that it looks nothing up, and what is watched while a page is open.

import AxeBuilder from "@axe-core/playwright";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
  .concat(["--disable-component-update", "--disable-sync"]);

export const WIDTHS = [360, 390, 768, 1280];
export const SCHEMES = ["light", "dark"];

export async function launch() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("no Chromium: ./test browser installs it, or set CHROMIUM to its path");
  // As root, Chromium starts only without its sandbox; what it opens here is our own.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...QUIET, ...sandbox] });
}

// Opens `url` in a new page of `context` and gathers what goes wrong: messages in the console (a breach of the content
// security policy is one), requests that fail, requests for anything that is not below `base`.
export async function open(context, url, base) {
  const page = await context.newPage();
  const wrong = [];
  const isAsked = (address) => address === url;
  page.on("console", (message) => {
    const status = isAsked(message.location().url) && message.text().includes("404");
    if (["error", "warning"].includes(message.type()) && !status) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  // What the browser itself gave up, because the page was left, did not fail.
  const gaveUp = (request) => request.failure()?.errorText === "net::ERR_ABORTED";
  page.on("requestfailed", (request) => gaveUp(request) || wrong.push(`failed: ${request.url()}`));
  page.on("request", (request) => request.url().startsWith(base) || wrong.push(`leaves the site: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400 && !isAsked(response.url())) wrong.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, wrong };
}

// Opens what is folded, so that it is looked at, too.
export async function unfold(page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details:not([name])")) details.open = true;
    document.querySelector("details[name]")?.setAttribute("open", "");
  });
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// What axe finds. It need not fetch style sheets again: a page from the disk may not.
export async function barriers(page) {
  const { violations } = await new AxeBuilder({ page }).options({ preload: false }).withTags(RULES).analyze();
  return violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
}

// The widths at which a page can be scrolled sideways.
export async function tooWide(page, widths = WIDTHS) {
  const found = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => {
      const root = document.documentElement;
      return root.scrollWidth - root.clientWidth;
    });
    if (over > 0) found.push(`${over} px too wide at ${width} px`);
  }
  return found;
}

// Words of drawings that are cut off at the drawing's edge.
export async function cutOff(page) {
  return page.evaluate(() => {
    const over = (text) => {
      const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
      return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
    };
    return [...document.querySelectorAll("svg text")].filter(over).map((text) => `cut off in a drawing: ${text.textContent}`);
  });
}

// Goes through a page by keyboard: which stops cannot be seen to have the focus. `stops` is where it gave up counting.
export async function unseenFocus(page, stops = 60) {
  const found = [];
  let reached = 0;
  for (; reached < stops; reached++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      return { seen: inside && (outlined || style.boxShadow !== "none"), html: element.outerHTML.slice(0, 120) };
    });
    if (!stop) break;
    if (!stop.seen) found.push(stop.html);
  }
  return { reached, found };
}
