// How a page of each kind looks, at four widths, light and dark, held against pictures that somebody approved:
//
//     node tests/browser/looks.mjs --approve [KIND…]
//
// takes new ones, of the kinds named or of all. Pictures are a quarter as large as the page: what is compared is where
// things stand and how dark they are, not how a machine draws a letter.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SCHEMES, launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";
import { TREES, build, kindsOf, pagesOf } from "./site.mjs";

const WIDTHS = [360, 768, 1280, 1920];
// How much of a page is looked at, from its top, and at which scale.
const HEIGHT = 2400;
const SCALE = 0.25;
// How much of a picture may look otherwise, and by how much of 255 a point must differ to do so.
const SHARE = 0.02;
const DIFFERENCE = 40;

const APPROVED = fileURLToPath(new URL("approved/", import.meta.url));
const DIFFERS = fileURLToPath(new URL("differs/", import.meta.url));

const nameOf = (tree, kind) => `${tree}-${kind.replaceAll(" ", "-")}`;
const fileOf = (name, width, scheme) => `${name}-${width}-${scheme}.webp`;

// Of each kind the page in the middle by size: neither the emptiest nor the one that any new record makes longer.
function chosen(site) {
  const found = new Map();
  for (const tree of TREES) {
    const pages = pagesOf(site, tree);
    for (const kind of kindsOf(tree)) {
      const alike = pages.filter((page) => page.kind === kind).toSorted((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1));
      if (alike.length > 0) found.set(nameOf(tree, kind), alike[Math.floor(alike.length / 2)]);
    }
  }
  return found;
}

// A page as it looks.
async function picture(browser, server, page, width, colorScheme) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
  try {
    const inside = page.kind === "not found" ? "no/such/page/" : page.path;
    const url = page.tree === "public" ? server.base + inside : pathToFileURL(page.file).href;
    const { page: tab } = await open(context, url, page.tree === "public" ? server.base : "file:");
    const height = Math.min(HEIGHT, await tab.evaluate(() => document.documentElement.scrollHeight));
    const devtools = await context.newCDPSession(tab);
    const clip = { x: 0, y: 0, width, height, scale: SCALE };
    const options = { format: "webp", quality: 50, clip, captureBeyondViewport: true };
    return Buffer.from((await devtools.send("Page.captureScreenshot", options)).data, "base64");
  } finally {
    await context.close();
  }
}

// Which share of two pictures differs; all of it where one is a twentieth longer than the other.
async function apart(tab, one, two) {
  const urls = [one, two].map((bytes) => `data:image/webp;base64,${bytes.toString("base64")}`);
  return tab.evaluate(async ([urls, difference]) => {
    const drawn = [];
    for (const url of urls) {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const surface = canvas.getContext("2d", { willReadFrequently: true });
      surface.drawImage(image, 0, 0);
      drawn.push({ width: image.width, height: image.height, surface });
    }
    const [a, b] = drawn;
    if (a.width !== b.width || Math.abs(a.height - b.height) > Math.max(a.height, b.height) / 20) return 1;
    const height = Math.min(a.height, b.height);
    const [left, right] = drawn.map(({ surface }) => surface.getImageData(0, 0, a.width, height).data);
    let differ = 0;
    for (let i = 0; i < left.length; i += 4) {
      const most = Math.max(...[0, 1, 2].map((channel) => Math.abs(left[i + channel] - right[i + channel])));
      if (most > difference) differ++;
    }
    return differ / (a.width * height);
  }, [urls, DIFFERENCE]);
}

async function approve(asked) {
  const site = build();
  const browser = await launch();
  const server = await serve(join(site, "public"));
  mkdirSync(APPROVED, { recursive: true });
  const pages = chosen(site);
  const unknown = asked.filter((name) => !pages.has(name));
  if (unknown.length > 0) throw new Error(`no kind ${unknown.join(", ")}; there are ${[...pages.keys()].join(", ")}`);
  if (asked.length === 0) for (const file of readdirSync(APPROVED)) rmSync(join(APPROVED, file));
  for (const [name, page] of pages) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        writeFileSync(join(APPROVED, fileOf(name, width, scheme)), await picture(browser, server, page, width, scheme));
      }
    }
    console.log(`${name}: ${page.path}`);
  }
  await browser.close();
  server.close();
}

function compare() {
  const site = build();
  const pages = chosen(site);
  const approved = new Set(readdirSync(APPROVED));

  describe("pages look as they were approved", { concurrency: 2 }, () => {
    let browser, server, tab;
    before(async () => {
      rmSync(DIFFERS, { recursive: true, force: true });
      browser = await launch();
      server = await serve(join(site, "public"));
      tab = await (await browser.newContext()).newPage();
    });
    after(async () => {
      await browser?.close();
      server?.close();
    });

    for (const [name, page] of pages) {
      test(name, async () => {
        const found = [];
        for (const width of WIDTHS) {
          for (const scheme of SCHEMES) {
            const file = fileOf(name, width, scheme);
            if (!approved.has(file)) {
              found.push(`${file}: nobody approved one`);
              continue;
            }
            const now = await picture(browser, server, page, width, scheme);
            const share = await apart(tab, readFileSync(join(APPROVED, file)), now);
            if (share <= SHARE) continue;
            mkdirSync(DIFFERS, { recursive: true });
            writeFileSync(join(DIFFERS, file), now);
            found.push(`${file}: ${(100 * share).toFixed(1)} % of it looks otherwise`);
          }
        }
        const help = `now in tests/browser/differs/; if it is as it should be: node tests/browser/looks.mjs --approve ${name}`;
        assert.deepEqual(found, [], `${page.path}\n${found.join("\n")}\n${help}`);
      });
    }

    test("every approved picture is of a kind that there is", () => {
      const known = new Set([...pages.keys()].flatMap((name) => WIDTHS.flatMap((width) => SCHEMES.map((scheme) => fileOf(name, width, scheme)))));
      assert.deepEqual([...approved].filter((file) => !known.has(file)), []);
    });

    test("what stands elsewhere is seen, and what is drawn a little otherwise is not", async () => {
      const shot = async (html) => {
        await tab.setContent(`<body style="margin:0;background:#fff">${html}</body>`);
        return tab.screenshot({ type: "jpeg", quality: 90 });
      };
      const block = (top, colour) => `<p style="position:absolute;top:${top}px;left:0;margin:0;width:400px;height:200px;background:${colour}"></p>`;
      const [one, same, moved, darker] = [await shot(block(0, "#aaa")), await shot(block(0, "#b0b0b0")), await shot(block(300, "#aaa")), await shot(block(0, "#333"))];
      assert.ok((await apart(tab, one, same)) <= SHARE);
      assert.ok((await apart(tab, one, moved)) > SHARE);
      assert.ok((await apart(tab, one, darker)) > SHARE);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === "--approve") await approve(process.argv.slice(3));
else compare();
