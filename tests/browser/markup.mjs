// What can be said of pages without a browser: valid HTML, links that lead somewhere, words that must be there.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    "long-title": "off", // a change's title is the record's own
    "valid-id": ["error", { relaxed: true }], // anchors are the policies' own words, some begin with a digit
  },
});

// What html-validate says of a page.
export async function mistakes(page) {
  const report = await validator.validateString(page.html, page.file);
  const messages = report.results.flatMap((result) => result.messages);
  return messages.map((m) => `${page.tree}/${page.path}:${m.line}:${m.column}: ${m.ruleId}: ${m.message}`);
}

const decode = (text) =>
  text.replace(/&(amp|lt|gt|quot|#x27|#39|#x2F);/g, (_, name) =>
    ({ amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'", "#x2F": "/" })[name]);

function* attributes(html, names) {
  for (const [tag] of html.matchAll(/<[a-z][^<>]*>/gi)) {
    for (const [, name, value] of tag.matchAll(/\s([a-z-]+)="([^"]*)"/gi)) if (names.includes(name)) yield decode(value);
  }
}

const anchors = new Map();

// The anchors of a file, read once.
function anchorsOf(file) {
  if (!anchors.has(file)) anchors.set(file, new Set(attributes(readFileSync(file, "utf8"), ["id"])));
  return anchors.get(file);
}

// The links of a page that lead nowhere. A tree that is read from files (`whole`) must name the file, not its folder.
export function deadLinks(folder, page, { whole, base = "/" }) {
  const dead = [];
  for (const link of attributes(page.html, ["href", "src"])) {
    if (/^(https?|mailto):/.test(link)) continue;
    const [address, anchor = ""] = link.split("#");
    const [path] = address.split("?");
    const from = path.startsWith(base) ? path.slice(base.length) : posix.join(dirname(page.path), path);
    let file = path === "" ? page.file : join(folder, decodeURIComponent(from));
    const outside = !whole && path.startsWith("/") && !path.startsWith(base);
    if (!whole && existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (outside || posix.normalize(from).startsWith("..") || !existsSync(file) || statSync(file).isDirectory()) {
      dead.push(`${page.tree}/${page.path}: ${link} leads nowhere`);
    } else if (anchor !== "" && !anchorsOf(file).has(decodeURIComponent(anchor))) {
      dead.push(`${page.tree}/${page.path}: ${link} names an anchor that is not there`);
    }
  }
  const own = anchorsOf(page.file);
  for (const names of attributes(page.html, ["aria-labelledby", "aria-describedby", "aria-controls", "for"])) {
    const lost = names.split(/\s+/).filter((name) => !own.has(name));
    dead.push(...lost.map((name) => `${page.tree}/${page.path}: no element is called ${name}`));
  }
  return dead;
}

// What on a page the content security policy would have to be loosened for, or what is fetched from elsewhere.
export function foreign(page) {
  const found = [];
  if (!/http-equiv="Content-Security-Policy" content="default-src 'none'/.test(page.html)) found.push("has no policy of content");
  if (/<[^<>]+\s(style|on[a-z]+)="/i.test(page.html)) found.push("styles or handles something in an attribute");
  if (/<style|<script(?![^>]*\ssrc=)/i.test(page.html)) found.push("holds a style or a script");
  if (page.tree === "public" && !["search", "moved"].includes(page.kind) && /<script|script-src/i.test(page.html)) found.push("is public and runs a script");
  const loaded = [...page.html.matchAll(/<(link|script|img|iframe|source|video|audio)\b[^<>]*>/gi)].map(([tag]) => tag);
  const elsewhere = loaded.filter((tag) => /\s(href|src)="(https?:)?\/\//i.test(tag) && !/\srel="(canonical|alternate)"/.test(tag));
  found.push(...elsewhere.map((tag) => `loads from elsewhere: ${tag}`));
  return found.map((what) => `${page.tree}/${page.path}: ${what}`);
}
