// What the W3C's own checker says of every page: in one run, because its virtual machine takes longer to start than to look.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import vnu from "vnu-jar";
import { TREES, build, pagesOf, samples, scratch } from "./site.mjs";

// What it finds in files, at the level of an error.
function errors(files) {
  const options = ["-Xss4m", "-jar", vnu, "--errors-only", "--format", "json", ...files];
  const run = spawnSync("java", options, { encoding: "utf8", maxBuffer: 64 << 20 });
  if (run.error) throw run.error;
  const { messages } = JSON.parse(run.stderr);
  return messages.map((m) => `${m.url}:${m.lastLine}:${m.firstColumn ?? m.lastColumn}: ${m.message}: ${m.extract ?? ""}`);
}

describe("the W3C's checker", () => {
  test("finds no error on any page", () => {
    const site = build();
    const pages = TREES.flatMap((tree) => {
      const all = pagesOf(site, tree);
      return tree === "public" ? all : [...new Set([...all.filter((page, i) => page.kind !== "change" || i % 10 === 0), ...samples(all)])];
    });
    const found = errors(pages.map((page) => page.file));
    assert.deepEqual(found, [], found.slice(0, 400).join("\n"));
  });

  test("and finds one where there is one", () => {
    const file = join(scratch(), "bad.html");
    writeFileSync(file, "<!DOCTYPE html><html lang=en><title>x</title><p><table><tr><td colspan=0>x</table><nope>");
    assert.ok(errors([file]).length >= 2);
  });
});
