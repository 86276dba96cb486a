// What a reader's network carries and waits for before a page is there, and that it stays where it is once it is.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { build, pagesOf } from "./site.mjs";
import { join } from "node:path";

// Bytes of a policy's page with all that it asks for but fonts, as they are transferred.
const BUDGET = 60_000;
// How far things may move while a page loads, as browsers count it (Cumulative Layout Shift).
const SHIFT = 0.02;

describe("budget", () => {
  let browser, server, pages;
  before(async () => {
    browser = await launch();
    const site = build();
    server = await serve(join(site, "public"));
    pages = pagesOf(site, "public");
  });
  after(async () => {
    server?.close();
    await browser?.close();
  });

  // Opens a page as for the first time; gives each request's kind, bytes on the wire, and whether a paint waited for it.
  async function carried(path, width = 1280) {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const tab = await context.newPage();
    const session = await context.newCDPSession(tab);
    await session.send("Network.enable");
    const requests = new Map();
    session.on("Network.requestWillBeSent", (e) => requests.set(e.requestId, { url: e.request.url, kind: e.type, bytes: 0 }));
    session.on("Network.loadingFinished", (e) => (requests.get(e.requestId).bytes = e.encodedDataLength));
    await tab.addInitScript(() => {
      window.moved = 0;
      const watch = (list) => list.getEntries().forEach((entry) => (window.moved += entry.value));
      new PerformanceObserver(watch).observe({ type: "layout-shift", buffered: true });
    });
    await tab.goto(server.base + path, { waitUntil: "networkidle" });
    await tab.evaluate(() => document.fonts.ready.then(() => undefined));
    const blocking = await tab.evaluate(() =>
      performance.getEntriesByType("resource").filter((e) => e.renderBlockingStatus === "blocking").map((e) => e.name),
    );
    const moved = await tab.evaluate(() => window.moved);
    await context.close();
    return { requests: [...requests.values()], blocking, moved };
  }

  test("a policy's page is small, waits for one style sheet and for no script", async () => {
    const policies = pages.filter((page) => page.kind === "policy").map((page) => page.path);
    assert.ok(policies.length >= 4, "the demonstration has policies");
    for (const path of policies) {
      const { requests, blocking } = await carried(path);
      const bytes = requests.filter((r) => r.kind !== "Font").reduce((sum, r) => sum + r.bytes, 0);
      assert.ok(bytes > 1_000 && bytes < BUDGET, `${path}: ${bytes} bytes`);
      assert.equal(requests.filter((r) => r.kind === "Stylesheet").length, blocking.length, `${path}: ${blocking}`);
      assert.ok(blocking.length <= 1 && blocking.every((url) => url.endsWith(".css")), `${path}: ${blocking}`);
    }
  });

  test("nothing moves while a page loads", async () => {
    for (const path of ["index.html", "policies/five-stage/index.html", "controls/index.html", "updates/index.html"]) {
      for (const width of [390, 1280]) {
        const { moved } = await carried(path, width);
        assert.ok(moved <= SHIFT, `${path} at ${width}: moved by ${moved}`);
      }
    }
  });

  // At 200 % a window of 1,280 pixels has 640 of the page's own.
  test("pages can be read at 200 %, in forced colours and with large text", async () => {
    for (const path of ["index.html", "policies/five-stage/index.html", "controls/index.html", "search/index.html"]) {
      const context = await browser.newContext({
        viewport: { width: 640, height: 450 },
        deviceScaleFactor: 2,
        forcedColors: "active",
      });
      const tab = await context.newPage();
      await tab.goto(server.base + path);
      const over = () =>
        tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok((await over()) <= 0, `${path}: ${await over()} px too wide at 200 %`);
      await tab.addStyleTag({ content: "html { font-size: 200% !important }" }).catch(() => undefined);
      assert.ok((await over()) <= 0, `${path}: ${await over()} px too wide with text of twice the size`);
      // What says something by colour alone would be lost: links keep a line or a border, ticks keep their sign.
      const unseen = await tab.evaluate(() =>
        [...document.querySelectorAll("main :is(p, td, dd) a:not(:empty)")].filter((link) => {
          const style = getComputedStyle(link);
          const plain = style.color === getComputedStyle(document.body).color && style.textDecorationLine === "none";
          return link.getBoundingClientRect().width > 0 && plain && parseFloat(style.borderBottomWidth) === 0;
        }).map((link) => link.outerHTML.slice(0, 120)),
      );
      assert.deepEqual(unseen, [], path);
      await context.close();
    }
  });
});
