// Pictures of a page of each kind, light and dark, wide and narrow, and each as it prints:
//
//     node tests/browser/screenshots.mjs FOLDER [KIND…]
//
// Builds the demonstration with the release program. A kind is `public/policy`, `internal/change` and so on; all of
// them where none is named. The largest page of each kind is taken.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SCHEMES, launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";
import { TREES, build, pagesOf } from "./site.mjs";

const WIDTHS = [1280, 390];
const [folder, ...asked] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node tests/browser/screenshots.mjs FOLDER [KIND…]");
  process.exit(2);
}

// The largest page of each kind that was asked for.
function chosen(site) {
  const largest = new Map();
  for (const page of TREES.flatMap((tree) => pagesOf(site, tree))) {
    const kind = `${page.tree}/${page.kind}`;
    const wanted = asked.length === 0 || asked.includes(kind);
    if (wanted && (largest.get(kind)?.size ?? -1) < page.size) largest.set(kind, page);
  }
  return largest;
}

const site = build();
const browser = await launch();
const server = await serve(join(site, "public"));
mkdirSync(folder, { recursive: true });
for (const [kind, page] of chosen(site)) {
  const inside = page.kind === "not found" ? "no/such/page/" : page.path;
  const url = page.tree === "public" ? server.base + inside : pathToFileURL(page.file).href;
  const name = join(folder, kind.replace("/", "-").replace(" ", "-"));
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const { page: tab, wrong } = await open(context, url, page.tree === "public" ? server.base : "file:");
      await tab.screenshot({ path: `${name}-${width}-${colorScheme}.png`, fullPage: true });
      if (colorScheme === "light" && width === WIDTHS[0]) await tab.pdf({ path: `${name}.pdf`, format: "A4" });
      if (wrong.length > 0) console.error(`${kind}: ${wrong.join("\n")}`);
      await context.close();
    }
  }
  console.log(`${kind}: ${page.path}`);
}
await browser.close();
server.close();
