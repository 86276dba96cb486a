// The register of many changes: searched, narrowed and sorted as a whole, from disk and from a host, by keyboard, and
// page by page without scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { SCHEMES, WIDTHS, barriers, launch, open, tooWide, unseenFocus } from "./browser.mjs";
import { mistakes } from "./markup.mjs";
import { serve } from "./server.mjs";
import { buildCopies, pagesOf } from "./site.mjs";

const HOSTILE = `<img src=x onerror="document.title = 1"><b>bold</b>`;

describe("the register of many changes", () => {
  let browser, server, folder, all, disk;
  before(async () => {
    browser = await launch();
    const made = buildCopies(29, HOSTILE);
    all = made.all;
    folder = join(made.site, "internal");
    disk = `${pathToFileURL(folder).href}/`;
    server = await serve(folder);
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  const start = async (path = "register/index.html", base = disk, options = {}) => {
    const context = await browser.newContext(options);
    const { page: tab, wrong } = await open(context, base + path, base);
    return { context, tab, wrong };
  };
  const count = (n) => n.toLocaleString("en");
  const says = (tab, words) => tab.waitForFunction((words) => document.querySelector(".lede").textContent.includes(words), words, { timeout: 10_000 });
  const ids = (tab) => tab.locator(".register tbody tr:visible .id").allTextContents();
  const column = (tab, n) => tab.locator(`.register tbody tr:visible > :nth-child(${n})`).evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent ?? ""));

  test("all of them are searched, on whichever page, from disk and from a host", async () => {
    assert.ok(all > 5000, "there is more than one script");
    for (const base of [disk, server.base]) {
      for (const path of ["register/index.html", "register/7/index.html"]) {
        const { context, tab, wrong } = await start(path, base);
        await tab.locator(".find input").fill("tel-2025-0004");
        await says(tab, `30 of ${count(all)} changes.`);
        assert.equal((await ids(tab)).length, 30);
        assert.ok((await ids(tab)).every((id) => id.startsWith("TEL-2025-0004")));
        assert.equal(await tab.locator(".pages").isVisible(), false);
        await tab.locator(".find input").fill("no such change anywhere");
        await says(tab, "None of");
        await tab.locator(".find input").fill("");
        await says(tab, `of ${count(all)}, newest first.`);
        assert.equal((await ids(tab)).length, 500);
        assert.deepEqual(wrong, [], base);
        await context.close();
      }
    }
  });

  test("what is chosen adds up, and comes to the numbers stated", async () => {
    const { context, tab, wrong } = await start();
    for (const select of await tab.locator(".find select").all()) {
      let sum = 0;
      for (const option of await select.locator("option:not(:first-child)").all()) {
        const stated = (await option.textContent()).match(/\(([\d,]+)\)$/)[1];
        await select.selectOption(await option.getAttribute("value"));
        await says(tab, `${stated} of ${count(all)} changes`);
        assert.equal((await ids(tab)).length, Math.min(100, Number(stated.replace(",", ""))));
        sum += Number(stated.replace(",", ""));
      }
      assert.equal(sum, all);
      await select.selectOption("");
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("the list of those that broke a rule holds no others", async () => {
    const { context, tab, wrong } = await start("register/broken/index.html");
    const broken = (await tab.locator(".lede").textContent()).match(/of ([\d,]+), /)[1];
    await tab.locator(".find input").fill("20");
    await says(tab, `${broken} changes, the first 100 shown.`);
    assert.deepEqual([...new Set(await column(tab, 6))], ["fail"]);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("columns sort, both ways and back, by keyboard alone", async () => {
    const { context, tab, wrong } = await start();
    const newest = await ids(tab);
    const head = tab.locator(".register thead th").first();
    await tab.locator(".find input").focus();
    for (let stops = 0; stops < 12; stops += 1) {
      await tab.keyboard.press("Tab");
      if (await head.evaluate((cell) => cell.contains(document.activeElement))) break;
    }
    await tab.keyboard.press("Enter");
    await says(tab, `${count(all)} changes, the first 100 shown.`);
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    const key = (id) => id.replace(/\d+/g, (digits) => digits.padStart(12, "0"));
    const rising = (await ids(tab)).map(key);
    assert.deepEqual(rising, rising.toSorted());
    assert.ok(rising[0] < key(newest[0]));
    await tab.keyboard.press("Enter");
    await tab.waitForFunction(() => document.querySelector("[aria-sort=descending]"));
    const falling = (await ids(tab)).map(key);
    assert.deepEqual(falling, falling.toSorted().reverse());
    assert.ok(falling[0] > rising.at(-1));
    await tab.keyboard.press("Enter");
    await says(tab, "newest first");
    assert.deepEqual(await ids(tab), newest);
    await tab.getByRole("button", { name: "Verdict" }).click();
    await says(tab, "the first 100 shown");
    assert.deepEqual([...new Set(await column(tab, 6))], ["fail"]);
    await tab.getByRole("button", { name: "Day" }).click();
    await tab.waitForFunction(() => document.querySelectorAll("thead th")[4].ariaSort === "ascending");
    const days = await tab.locator(".register tbody time").evaluateAll((times) => times.map((time) => time.dateTime));
    assert.deepEqual(days, days.toSorted());
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("more are shown when asked for, and the keyboard goes on there", async () => {
    const { context, tab } = await start();
    await tab.locator(".find input").fill("2026");
    await says(tab, "the first 100 shown");
    const before = await ids(tab);
    await tab.locator(".further button").focus();
    await tab.keyboard.press("Enter");
    await says(tab, "the first 600 shown");
    const after = await ids(tab);
    assert.deepEqual(after.slice(0, 100), before);
    assert.equal(after.length, 600);
    assert.equal(new Set(after).size, 600);
    assert.equal(await tab.evaluate(() => document.activeElement.textContent), after[100]);
    await context.close();
  });

  test("the way back from a change leads to the same list", async () => {
    for (const base of [disk, server.base]) {
      const { context, tab, wrong } = await start("register/index.html", base);
      await tab.locator(".find input").fill("payments");
      await tab.locator(".find select").first().selectOption("fail");
      await tab.getByRole("button", { name: "Change" }).click();
      await tab.waitForURL(/by=id/);
      const listed = await ids(tab);
      assert.ok(listed.length > 1);
      await tab.locator(".register tbody a").first().click();
      await tab.waitForURL(/changes\//);
      await tab.goBack();
      await says(tab, "changes");
      await tab.waitForFunction((first) => document.querySelector(".register .id").textContent === first, listed[0]);
      assert.deepEqual(await ids(tab), listed);
      assert.equal(await tab.locator(".find input").inputValue(), "payments");
      assert.deepEqual(wrong, []);
      await context.close();
    }
  });

  test("a title is text, and a row of a script looks as one of the page", async () => {
    const { context, tab, wrong } = await start();
    const title = await tab.title();
    await tab.locator(".find input").fill("onerror");
    await says(tab, `1 of ${count(all)} changes`);
    assert.equal(await tab.locator(".register bdi").textContent(), HOSTILE);
    assert.equal(await tab.locator(".register tbody img").count(), 0);
    assert.equal(await tab.title(), title);
    // Rows of a page are marked for the filters that work without scripts.
    const shape = (html) => html.replace(/^<tr[^>]*>/, "<tr>");
    await tab.locator(".find input").fill("");
    const own = (await tab.locator(".register tbody tr").evaluateAll((rows) => rows.map((row) => row.outerHTML))).map(shape);
    await tab.locator(".find input").fill("20");
    await says(tab, "the first 100 shown");
    const made = (await tab.locator(".register tbody tr").evaluateAll((rows) => rows.map((row) => row.outerHTML))).map(shape);
    const other = made.findIndex((row, n) => row !== own[n]);
    assert.equal(made[other], own[other]);
    assert.equal(made.length, 100);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("a script that is missing is said", async () => {
    const { context, tab } = await start("register/index.html", server.base);
    await tab.route(/data\/1\.js$/, (route) => route.abort());
    await tab.locator(".find input").fill("tel");
    await says(tab, "Not all changes could be read");
    await context.close();
  });

  test("every width, colour and stop of the keyboard, with a list and without", async () => {
    const found = [];
    for (const colorScheme of SCHEMES) {
      for (const words of ["", "emergency"]) {
        const { context, tab, wrong } = await start("register/2/index.html", disk, { colorScheme, viewport: { width: 1280, height: 900 } });
        await tab.locator(".find input").fill(words);
        if (words) await says(tab, "the first 100 shown");
        found.push(...wrong, ...(await barriers(tab)), ...(await tooWide(tab)));
        await tab.setViewportSize({ width: 390, height: 844 });
        found.push(...(await barriers(tab)), ...(await unseenFocus(tab, 30)).found);
        await context.close();
      }
    }
    assert.ok(WIDTHS.includes(390));
    assert.deepEqual(found, []);
  });

  test("without scripts every page is a plain table, and together they hold every change once", async () => {
    const pages = pagesOf(join(folder, ".."), "internal").filter((page) => /^register\/(\d+\/)?index\.html$/.test(page.path));
    const listed = pages.flatMap((page) => [...page.html.matchAll(/<a class="id" href="[^"]*">([^<]+)</g)].map(([, id]) => id));
    assert.equal(listed.length, all);
    assert.equal(new Set(listed).size, all);
    assert.deepEqual(await mistakes(pages[0]), []);
    const { context, tab, wrong } = await start("register/index.html", disk, { javaScriptEnabled: false });
    assert.equal(await tab.locator(".find").isVisible(), false);
    assert.equal(await tab.locator(".filters").isVisible(), true);
    assert.equal((await ids(tab)).length, 500);
    await tab.locator(".pages a", { hasText: /^2$/ }).click();
    await tab.waitForURL(/register\/2\//, { waitUntil: "load" });
    assert.equal((await ids(tab)).length, 500);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("the scripts hold what the pages hold, in the same order", () => {
    const rows = [];
    const call = (_, words, list) => rows.push(...list.map((row) => [row[0], words[row[6]]]));
    for (const part of [0, 1]) new Function("tickmarkRegister", readFileSync(join(folder, "register", "data", `${part}.js`), "utf8"))(call);
    assert.equal(rows.length, all);
    const first = readFileSync(join(folder, "register", "index.html"), "utf8");
    const listed = [...first.matchAll(/<a class="id" href="[^"]*">([^<]+)<[^]*?<b class="m ([^"]+)"/g)].map(([, id, verdict]) => [id, verdict]);
    assert.deepEqual(rows.slice(0, 500), listed);
  });
});
