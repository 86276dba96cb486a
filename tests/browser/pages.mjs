// Every page of the demonstration, as text and in the browser: public ones over http, internal ones from the disk.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { SCHEMES, barriers, cutOff, launch, open, tooWide, unfold } from "./browser.mjs";
import { deadLinks, foreign, mistakes } from "./markup.mjs";
import { serve } from "./server.mjs";
import { TREES, build, fromDisk, kindsOf, pagesOf, samples } from "./site.mjs";

const site = build();
const pages = Object.fromEntries(TREES.map((tree) => [tree, pagesOf(site, tree)]));
const every = TREES.flatMap((tree) => pages[tree]);
const none = (found) => assert.deepEqual(found, [], found.join("\n"));

describe("pages as text", () => {
  for (const tree of TREES) {
    test(`${tree}: a page of every kind`, () => {
      const there = new Set(pages[tree].map((page) => page.kind));
      none(kindsOf(tree).filter((kind) => !there.has(kind)));
    });

    test(`${tree}: every link and anchor leads somewhere`, () => {
      const folder = join(site, tree);
      none(pages[tree].flatMap((page) => deadLinks(folder, page, { whole: tree === "internal" })));
    });
  }

  test("every page says that it shows made-up data", () => {
    none(every.filter((page) => !page.html.includes("everything on these pages is made up")).map((page) => page.path));
  });

  test("every page carries a strict content policy and loads nothing from elsewhere", () => {
    none(every.flatMap(foreign));
  });

  test("valid HTML", async () => {
    // Pages of changes are many and alike: every tenth, and the smallest and largest.
    const chosen = every.filter((page, i) => page.kind !== "change" || i % 10 === 0);
    const found = [];
    for (const page of new Set([...chosen, ...samples(pages.internal)])) found.push(...(await mistakes(page)));
    none(found);
  });

  test("the sitemap lists every public page once, and nothing else", () => {
    const map = readFileSync(join(site, "public", "sitemap.xml"), "utf8");
    const listed = [...map.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => new URL(address).pathname.slice(1));
    const there = pages.public.filter((page) => !["not found", "moved"].includes(page.kind)).map((page) => page.path.replace(/index\.html$/, ""));
    assert.deepEqual(listed.toSorted(), there.toSorted());
  });

  test("no folder of the internal site lies below the public one", () => {
    assert.equal(existsSync(join(site, "public", "internal")), false);
  });
});

describe("pages in a browser", { concurrency: 2 }, () => {
  let browser, server;
  before(async () => {
    browser = await launch();
    server = await serve(join(site, "public"));
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  for (const tree of TREES) {
    const chosen = tree === "public" ? pages.public.filter((page) => page.kind !== "moved") : samples(pages.internal);
    for (const page of chosen) {
      test(`${tree}: ${page.kind}: ${page.path}`, async (t) => {
        const base = tree === "public" ? server.base : pathToFileURL(join(site, tree)).href + "/";
        // A missing address deep in the site shows the page for missing addresses, links and style and all.
        const missing = page.kind === "not found" ? "no/such/page/" : page.path.replace(/index\.html$/, "");
        const url = base + (tree === "public" ? missing : page.path);
        for (const scheme of SCHEMES) {
          await t.test(scheme, async () => {
            const context = await browser.newContext({ colorScheme: scheme });
            const { page: tab, wrong } = await open(context, url, base);
            const banner = tab.getByText("everything on these pages is made up").first();
            const found = (await banner.isVisible()) ? [] : ["the banner cannot be seen"];
            found.push(...(await tooWide(tab)));
            await unfold(tab);
            found.push(...(await tooWide(tab)), ...(await cutOff(tab)), ...(await barriers(tab)), ...wrong);
            await context.close();
            none(found);
          });
        }
      });
    }
  }

  test("on paper nothing is cut off", async () => {
    const context = await browser.newContext();
    const found = [];
    for (const page of [...samples(fromDisk(pages.public)), ...samples(pages.internal)]) {
      const { page: tab } = await open(context, pathToFileURL(page.file).href, "file:");
      await tab.emulateMedia({ media: "print" });
      found.push(...(await tooWide(tab, [718])).map((what) => `${page.tree}/${page.path}: ${what}`)); // A4 with margins
      await tab.close();
    }
    await context.close();
    none(found);
  });
});
