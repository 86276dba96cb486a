// The checks themselves, on a page that has everything wrong: a check that was never seen to fail is none.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { barriers, launch, open, tooWide, unseenFocus } from "./browser.mjs";
import { deadLinks, foreign, mistakes } from "./markup.mjs";
import { serve } from "./server.mjs";
import { scratch } from "./site.mjs";

const BAD = `<!DOCTYPE html>
<html lang="en"><head><title>Bad</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'">
<link rel="stylesheet" href="bad.css"></head>
<body><main><h1 id="a">Bad</h1><h1 id="a">Worse</h1>
<p style="color: red">Styled</p><script>document.title = "x"</script>
<a href="gone.html">gone</a> <a href="#nowhere">nowhere</a> <a href="../up.html">up</a> <a href="#a">fine</a>
<a href="https://example.com/">elsewhere</a> <label for="lost">Lost</label>
<img src="missing.png"><img src="https://example.com/x.png" alt="far away">
<div class="wide">wide</div></main></body></html>`;

const STYLE = ".wide { width: 1000px; height: 1px } a { outline: none; color: #ccc; background: #ddd }";

describe("the checks see what is wrong", () => {
  const folder = scratch();
  const page = { tree: "public", path: "bad.html", file: join(folder, "bad.html"), html: BAD };
  let browser, server, context;
  before(async () => {
    writeFileSync(page.file, BAD);
    writeFileSync(join(folder, "bad.css"), STYLE);
    browser = await launch();
    server = await serve(folder);
    context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  const sees = (found, ...fragments) => {
    for (const fragment of fragments) assert.ok(found.some((f) => f.includes(fragment)), `${fragment} in\n${found.join("\n")}`);
  };

  test("links", () => {
    const found = deadLinks(folder, page, { whole: false });
    sees(found, "gone.html leads nowhere", "#nowhere names an anchor", "../up.html leads nowhere", "missing.png", "called lost");
    assert.equal(found.length, 5);
  });

  test("markup", async () => sees(await mistakes(page), "no-dup-id", "no-inline-style"));

  test("content policy", () => sees(foreign(page), "in an attribute", "holds a style or a script", "runs a script", "loads from elsewhere"));

  test("console, requests, accessibility, width, focus", async () => {
    const { page: tab, wrong } = await open(context, `${server.base}bad.html`, server.base);
    sees(wrong, "console: ", "404: ", "leaves the site: https://example.com/x.png");
    sees(wrong, "Content Security Policy");
    sees(await barriers(tab), "image-alt", "color-contrast");
    assert.deepEqual((await tooWide(tab)).length, 3);
    await tab.setViewportSize({ width: 800, height: 600 });
    const { found } = await unseenFocus(tab);
    assert.equal(found.length, 5);
  });
});
