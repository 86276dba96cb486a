// Public pages in other languages, from right to left, and in colours that the system chooses.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { barriers, launch, open, tooWide, unfold } from "./browser.mjs";
import { mistakes } from "./markup.mjs";
import { build, buildIn, fromDisk, pagesOf, repository, samples } from "./site.mjs";

const none = (found) => assert.deepEqual(found, [], found.join("\n"));

describe("languages", () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  const whole = async (site) => {
    const pages = samples(fromDisk(pagesOf(site, "public")));
    const context = await browser.newContext();
    const found = [];
    for (const page of pages) {
      found.push(...(await mistakes(page)));
      const { page: tab, wrong } = await open(context, pathToFileURL(page.file).href, "file:");
      await unfold(tab);
      found.push(...wrong, ...(await tooWide(tab)), ...(await barriers(tab)));
      await tab.close();
    }
    await context.close();
    return found;
  };

  test("German pages are whole, and say nothing in English", async () => {
    const site = buildIn("de");
    none(await whole(site));
    for (const page of pagesOf(site, "public")) {
      assert.match(page.html, /<html lang="de" dir="ltr">/, page.path);
      const frame = page.html.replace(/<main[^]*<\/main>/, "");
      assert.match(frame, /Zum Text springen/, page.path);
      assert.doesNotMatch(frame, /Skip to|On this page|cookies and/, page.path);
    }
  });

  test("Arabic pages run from right to left", async () => {
    const site = buildIn("ar", join(repository, "tests", "browser", "ar.yaml"));
    none(await whole(site));
    const policy = join(site, "public", "policies", "five-stage", "index.html");
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const { page: tab } = await open(context, pathToFileURL(policy).href, "file:");
    assert.deepEqual(await tab.evaluate(() => [document.documentElement.lang, document.dir]), ["ar", "rtl"]);
    const box = (selector) => tab.locator(selector).first().boundingBox();
    const [brand, nav, outline, text, tick] = await Promise.all([".brand", ".bar nav", ".outline", ".text", ".text .clause > .v"].map(box));
    assert.ok(brand.x > nav.x, "the name stands to the right of the navigation");
    assert.ok(outline.x > text.x, "the outline stands to the right of the text");
    assert.ok(tick.x + tick.width <= text.x, "ticks stand to the left of the text");
    const spaced = await tab.evaluate(() => [...document.querySelectorAll("h1, h2")].map((h) => getComputedStyle(h).letterSpacing));
    assert.deepEqual(new Set(spaced), new Set(["normal"]), "letters of one word stay joined");
    await context.close();
  });

  test("in colours of the system every sign is still seen", async () => {
    const site = build();
    const context = await browser.newContext({ forcedColors: "active", viewport: { width: 1280, height: 900 } });
    const found = [];
    for (const page of samples(fromDisk(pagesOf(site, "public")))) {
      const { page: tab, wrong } = await open(context, pathToFileURL(page.file).href, "file:");
      await unfold(tab);
      found.push(...wrong, ...(await barriers(tab)));
      // Ticks are drawn with borders; a border in the colour of the paper is none.
      const lost = await tab.evaluate(() => {
        const paper = getComputedStyle(document.documentElement).backgroundColor;
        const drawn = [...document.querySelectorAll(".v summary, .ticked")].map((e) => getComputedStyle(e, "::before"));
        return drawn.filter((s) => s.borderBlockEndColor === paper || s.borderBlockEndStyle === "none").length;
      });
      const current = await tab.evaluate(() => {
        const paper = getComputedStyle(document.documentElement).backgroundColor;
        const marked = [...document.querySelectorAll(".bar nav a[aria-current]")];
        return marked.filter((a) => getComputedStyle(a).borderBlockEndColor === paper).length;
      });
      if (lost + current > 0) found.push(`${page.path}: ${lost} ticks and ${current} marks cannot be seen`);
      await tab.close();
    }
    await context.close();
    none(found);
  });
});
