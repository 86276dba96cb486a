// Search in the public site: what is found, by keyboard, without scripts, below a path; and old paths that lead on.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { SCHEMES, barriers, launch, open, tooWide, unseenFocus } from "./browser.mjs";
import { serve } from "./server.mjs";
import { build, buildBelow, pagesOf } from "./site.mjs";

describe("search", () => {
  let browser, server, pages;
  before(async () => {
    browser = await launch();
    const site = build();
    pages = pagesOf(site, "public");
    server = await serve(join(site, "public"));
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  const start = async (options = {}, base = server.base) => {
    const context = await browser.newContext(options);
    const { page, wrong } = await open(context, `${base}search/`, base);
    return { context, tab: page, wrong, results: page.locator("#results > li") };
  };
  // Types, and waits until the page has said what it found.
  const ask = async (tab, words) => {
    await tab.locator("#query").fill(words);
    await tab.waitForFunction(() => document.getElementById("tally").textContent !== "");
    await tab.waitForTimeout(250);
  };

  test("a control is found however it is written", async () => {
    const { context, tab, wrong, results } = await start();
    for (const query of ["CC8.1", "cc 8.1", "SOC2:CC8.1", "soc 2 cc8.1"]) {
      await tab.locator("#query").fill("");
      await ask(tab, query);
      assert.match(await results.first().innerText(), /SOC 2 CC8\.1/, query);
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("a sentence is found, and its link leads to it", async () => {
    const { context, tab, wrong, results } = await start();
    for (const query of ["emergency review", "emergancy", "Émergency", "rollb"]) {
      await tab.locator("#query").fill("");
      await ask(tab, query);
      assert.ok((await results.count()) > 0, query);
      await results.first().locator("mark").first().waitFor();
    }
    const link = results.first().locator("a");
    const wanted = await link.getAttribute("href");
    await link.click();
    await tab.waitForURL((url) => !url.pathname.endsWith("/search/"));
    const hash = decodeURIComponent(new URL(tab.url()).hash.slice(1));
    assert.ok(hash === "" || (await tab.evaluate((id) => document.getElementById(id) !== null, hash)), wanted);
    await tab.goBack();
    await tab.waitForFunction(() => document.querySelectorAll("#results > li").length > 0);
    assert.equal(await tab.locator("#query").inputValue(), "rollb", "the way back leads to what was found");
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("every link of what is found leads somewhere", async () => {
    const { context, tab, results } = await start();
    const lost = [];
    const seen = new Map(pages.map((page) => [server.base + page.path.replace(/index\.html$/, ""), page.html]));
    for (const query of ["change", "review", "data", "approved", "who", "2"]) {
      await tab.locator("#query").fill("");
      await ask(tab, query);
      for (const href of await results.locator("a").evaluateAll((all) => all.map((a) => a.href))) {
        const [address, anchor] = href.split("#");
        const html = seen.get(address);
        if (!html || (anchor && !html.includes(`id="${decodeURIComponent(anchor)}"`))) lost.push(href);
      }
    }
    assert.deepEqual(lost, []);
    await context.close();
  });

  test("by keyboard alone", async () => {
    const { context, tab, results } = await start();
    const focused = () => tab.evaluate(() => document.activeElement.id || document.activeElement.tagName);
    await tab.keyboard.press("/");
    assert.equal(await focused(), "query");
    await tab.keyboard.type("emergency");
    await results.first().waitFor();
    await tab.keyboard.press("ArrowDown");
    await tab.keyboard.press("ArrowDown");
    assert.equal(await results.nth(1).locator("a").evaluate((a) => a === document.activeElement), true);
    await tab.keyboard.press("ArrowUp");
    await tab.keyboard.press("ArrowUp");
    assert.equal(await focused(), "query");
    await tab.keyboard.press("Escape");
    assert.equal(await tab.locator("#query").inputValue(), "");
    await tab.waitForFunction(() => document.querySelectorAll("#results > li").length === 0);
    await tab.keyboard.type("emergency");
    await results.first().waitFor();
    const first = await results.first().locator("a").evaluate((a) => a.href);
    await tab.keyboard.press("Enter");
    await tab.waitForURL(first);
    await context.close();
    const again = await start();
    const { reached, found } = await unseenFocus(again.tab);
    assert.deepEqual(found, []);
    assert.ok(reached >= 10, `only ${reached} stops`);
    await again.context.close();
  });

  test("nothing found is said, and the list stays", async () => {
    const { context, tab, results } = await start();
    await ask(tab, "qqqqzzzz");
    assert.equal(await results.count(), 0);
    assert.match(await tab.locator("#tally").innerText(), /Nothing found/);
    assert.equal(await tab.locator("#everything").isVisible(), true);
    await context.close();
  });

  test("without JavaScript the page lists everything", async () => {
    const { context, tab, wrong } = await start({ javaScriptEnabled: false });
    assert.equal(await tab.locator("#seek").isVisible(), false, "a search that cannot work is not shown");
    const listed = await tab.locator("#everything a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    for (const page of pages.filter((page) => ["home", "policy", "page"].includes(page.kind))) {
      const href = page.path === "index.html" ? "../" : `../${page.path.replace(/index\.html$/, "")}`;
      assert.ok(listed.includes(href), page.path);
    }
    assert.ok(listed.some((href) => href.includes("#")), "headings, too");
    assert.deepEqual(wrong, []);
    await context.close();
  });

  for (const scheme of SCHEMES) {
    test(`nobody is kept out: ${scheme}`, async () => {
      const { context, tab, wrong } = await start({ colorScheme: scheme });
      await ask(tab, "review");
      await tab.locator("#results mark").first().waitFor();
      assert.deepEqual([...(await tooWide(tab)), ...(await barriers(tab)), ...wrong], []);
      await context.close();
    });
  }

  test("below a path", async () => {
    const below = await serve(join(buildBelow("/trust/"), "public"), "/trust/");
    const { context, tab, wrong, results } = await start({}, below.base);
    await ask(tab, "emergency");
    await tab.locator("#results mark").first().waitFor();
    const first = await results.first().locator("a").evaluate((a) => a.href);
    assert.ok(first.startsWith(below.base), first);
    await tab.goto(first);
    assert.equal(await tab.locator("h1").count(), 1);
    assert.deepEqual(wrong, []);
    await context.close();
    below.close();
  });

  test("a search that was sent round is answered", async () => {
    const context = await browser.newContext();
    const { page: tab, wrong } = await open(context, `${server.base}search/?q=emergency`, server.base);
    await tab.locator("#results > li").first().waitFor();
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("an old path leads on to the page", async () => {
    const context = await browser.newContext();
    const moved = pages.filter((page) => page.kind === "moved");
    assert.ok(moved.length > 0, "the demonstration has an alias");
    for (const page of moved) {
      const [, to] = page.html.match(/content="0; url=([^"]+)"/);
      const tab = await context.newPage();
      const from = server.base + page.path.replace(/index\.html$/, "");
      await tab.goto(from);
      await tab.waitForURL(new URL(to, from).href);
      await tab.close();
    }
    await context.close();
  });

  test("an old path leads on to the place on the page, and to the page where scripts are off", async () => {
    const page = pages.find((page) => page.kind === "moved");
    const to = new URL(page.html.match(/content="0; url=([^"]+)"/)[1], server.base + page.path).href;
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled });
      const tab = await context.newPage();
      const wrong = [];
      tab.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
      await tab.goto(`${server.base}${page.path.replace(/index\.html$/, "")}#a-place`);
      await tab.waitForURL(javaScriptEnabled ? `${to}#a-place` : (url) => url.href.split("#")[0] === to);
      assert.deepEqual(wrong, []);
      await context.close();
    }
  });
});
