// What pages do: with and without scripts, by keyboard, below a path.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { barriers, launch, open, tooWide, unseenFocus } from "./browser.mjs";
import { deadLinks, foreign, mistakes } from "./markup.mjs";
import { serve } from "./server.mjs";
import { TREES, build, buildBelow, buildNew, filesOf, fromDisk, pagesOf, program, repository, samples } from "./site.mjs";

describe("behaviour", () => {
  let browser, site;
  const internal = (path) => pathToFileURL(join(site, "internal", path)).href;
  before(async () => {
    browser = await launch();
    site = build();
  });
  after(() => browser?.close());

  const rows = (tab) => tab.locator(".register tbody tr:visible").count();

  test("the register's filters work without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(internal("register/index.html"));
    const all = await rows(tab);
    for (const filter of await tab.locator("fieldset.filter").all()) {
      const options = filter.locator("label", { has: tab.locator("small") });
      let sum = 0;
      for (const option of await options.all()) {
        await option.locator("input").check();
        const stated = Number(await option.locator("small").textContent());
        assert.equal(await rows(tab), stated, `${await filter.locator("legend").textContent()}: ${await option.textContent()}`);
        sum += stated;
      }
      assert.ok(sum <= all && sum > 0, "options do not overlap");
      await filter.locator("input").first().check();
      assert.equal(await rows(tab), all);
    }
    assert.equal(await tab.locator(".find").isVisible(), false, "a search that cannot work is not shown");
    await context.close();
  });

  test("two filters of the register narrow each other", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(internal("register/index.html"));
    const filters = tab.locator("fieldset.filter");
    assert.ok((await filters.count()) >= 2, "there are two filters");
    await filters.nth(0).locator("input").nth(1).check();
    const first = await rows(tab);
    await filters.nth(1).locator("input").nth(1).check();
    const both = await rows(tab);
    await filters.nth(0).locator("input").first().check();
    const second = await rows(tab);
    assert.ok(both <= Math.min(first, second), `${both} of ${first} and ${second}`);
    await context.close();
  });

  test("the register's search narrows as one types", async () => {
    const context = await browser.newContext();
    const url = internal("register/index.html");
    const { page: tab, wrong } = await open(context, url, internal(""));
    const all = await rows(tab);
    await tab.locator(".find input").fill("TEL-2025-0004");
    assert.equal(await rows(tab), 1);
    await tab.locator(".find input").fill("no such change anywhere");
    assert.equal(await rows(tab), 0);
    await tab.locator(".find input").fill("");
    assert.equal(await rows(tab), all);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("a policy's ticks open without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(join(site, "public", "policies", "five-stage", "index.html")).href);
    const tick = tab.locator("details.v").first();
    assert.equal(await tick.locator("p").first().isVisible(), false);
    await tick.locator("summary").click();
    assert.equal(await tick.locator("p").first().isVisible(), true);
    await context.close();
  });

  test("keyboard focus is seen at every stop", async (t) => {
    for (const tree of ["public", "internal"]) {
      for (const page of samples(fromDisk(pagesOf(site, tree)))) {
        await t.test(`${tree}/${page.path}`, async () => {
          const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
          const { page: tab } = await open(context, pathToFileURL(page.file).href, "file:");
          const { reached, found } = await unseenFocus(tab);
          await context.close();
          assert.deepEqual(found, []);
          assert.ok(reached >= 3, `only ${reached} stops`);
        });
      }
    }
  });

  test("the way past the header leads to the text", async () => {
    const context = await browser.newContext();
    const { page: tab } = await open(context, pathToFileURL(join(site, "public", "index.html")).href, "file:");
    await tab.keyboard.press("Tab");
    assert.equal(await tab.locator("a.skip").isVisible(), true);
    await tab.keyboard.press("Enter");
    assert.equal(await tab.evaluate(() => document.activeElement.id), "main");
    await context.close();
  });

  test("a new site is as whole as the demonstration", async () => {
    const root = buildNew();
    const context = await browser.newContext();
    for (const tree of TREES) {
      const pages = pagesOf(root, tree);
      const found = pages.flatMap((page) => deadLinks(join(root, tree), page, { whole: tree === "internal" }));
      for (const page of pages) found.push(...(await mistakes(page)), ...foreign(page));
      for (const page of fromDisk(pages)) {
        const { page: tab, wrong } = await open(context, pathToFileURL(page.file).href, "file:");
        found.push(...wrong, ...(await tooWide(tab)), ...(await barriers(tab)));
        await tab.close();
      }
      assert.deepEqual(found, [], tree);
    }
    await context.close();
  });

  // What these tests build with is as it comes, without the feature `pdf`; the Rust tests have it.
  test("without the feature there is no PDF, no link to one, and a word on how to have one", () => {
    assert.deepEqual(filesOf(site).filter((path) => path.endsWith(".pdf")), []);
    for (const tree of TREES) {
      const linked = pagesOf(site, tree).filter((page) => /href="[^"]*\.pdf["#]/.test(page.html));
      assert.deepEqual(linked.map((page) => page.path), []);
    }
    const ran = spawnSync(program, ["-C", repository, "report", "2026-Q3", "--format", "pdf"], { encoding: "utf8" });
    assert.equal(ran.status, 2, ran.stderr);
    assert.match(ran.stderr, /--features pdf/);
    assert.equal(ran.stdout, "");
  });

  test("the public site works below a path", async () => {
    const below = buildBelow("/trust/");
    const folder = join(below, "public");
    const pages = pagesOf(below, "public");
    assert.deepEqual(pages.flatMap((page) => deadLinks(folder, page, { whole: false, base: "/trust/" })), []);
    const server = await serve(folder, "/trust/");
    const context = await browser.newContext();
    for (const page of pages.filter((page) => page.kind !== "moved")) {
      const path = page.kind === "not found" ? "no/such/page/" : page.path.replace(/index\.html$/, "");
      const { page: tab, wrong } = await open(context, server.base + path, server.base);
      assert.deepEqual(wrong, [], page.path);
      const styled = await tab.evaluate(() => getComputedStyle(document.querySelector(".skip")).position);
      assert.notEqual(styled, "static", `${page.path} has its style sheet`);
      const links = await tab.locator("a[href]").evaluateAll((all) => all.map((a) => a.href));
      assert.deepEqual(links.filter((link) => link.startsWith("http://127.") && !link.startsWith(server.base)), [], page.path);
      await tab.close();
    }
    await context.close();
    server.close();
  });
});
