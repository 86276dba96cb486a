// The site under test: built by the release program into a folder of its own, and the pages that are in it.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(repository, "target");
export const program = process.env.TICKMARK ?? join(target, "release", "tickmark");

// What a site consists of; the repository holds more.
const INPUTS = ["tickmark.yaml", "people.yaml", "policies", "changes", "waivers", "content"];

// The day the demonstration is judged on, so that the pages are the same on any other.
const AS_OF = "2026-11-21";

// A page's kind by its path. A page that fits none is a mistake here or there.
const KINDS = {
  public: [
    ["home", /^index\.html$/],
    ["policies", /^policies\/index\.html$/],
    ["policy", /^policies\/[^/]+\/index\.html$/],
    ["version", /^policies\/[^/]+\/versions\/[^/]+\/index\.html$/],
    ["redline", /^policies\/[^/]+\/changes\/[^/]+\.\.[^/]+\/index\.html$/],
    ["controls", /^controls\/index\.html$/],
    ["sub-processors", /^subprocessors\/index\.html$/],
    ["certifications", /^certifications\/index\.html$/],
    ["questions", /^faq\/index\.html$/],
    ["updates", /^updates\/index\.html$/],
    ["contact", /^contact\/index\.html$/],
    ["search", /^search\/index\.html$/],
    ["not found", /^404\.html$/],
    ["page", /^[^/]+(\/[^/]+)*\/index\.html$/],
  ],
  internal: [
    ["overview", /^index\.html$/],
    ["register", /^register\/(broken\/)?(\d+\/)?index\.html$/],
    ["change", /^changes\/[^/]+\/index\.html$/],
    ["report", /^reports\/[^/]+\/index\.html$/],
    ["records", /^reports\/[^/]+\/records\/index\.html$/],
    ["due", /^due\/index\.html$/],
    ["emergencies", /^(reports\/[^/]+\/)?emergencies\/index\.html$/],
    ["emergency", /^emergencies\/[^/]+\/index\.html$/],
    ["waivers", /^waivers\/index\.html$/],
    ["coverage", /^coverage\/index\.html$/],
    ["policies", /^policies\/index\.html$/],
    ["policy", /^policies\/[^/]+\/index\.html$/],
    ["version", /^policies\/[^/]+\/versions\/[^/]+\/index\.html$/],
    ["redline", /^policies\/[^/]+\/changes\/[^/]+\.\.[^/]+\/index\.html$/],
    ["reference", /^reference\/index\.html$/],
    ["reference page", /^reference\/(checks|counting)\/[^/]+\/index\.html$/],
    ["codes", /^reference\/codes\/index\.html$/],
  ],
};

export const TREES = Object.keys(KINDS);

// A folder that goes away when the process ends.
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "tickmark-browser-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// The demonstration in a repository of its own, in which one policy had an earlier version and has one to come, so that
// there are pages of versions and of what changed, however this clone was made.
function withHistory() {
  const root = scratch();
  for (const input of INPUTS) cpSync(join(repository, input), join(root, input), { recursive: true });
  const git = (day, ...args) =>
    execFileSync("git", ["-c", "gc.auto=0", ...args], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: root,
        GIT_CONFIG_NOSYSTEM: "1",
        ...Object.fromEntries(["AUTHOR", "COMMITTER"].flatMap((who) => [[`GIT_${who}_NAME`, "A"], [`GIT_${who}_EMAIL`, "a@e.test"], [`GIT_${who}_DATE`, `${day}T09:00:00Z`]])),
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  const commit = (day, message) => {
    git(day, "add", "--all");
    git(day, "commit", "--quiet", "--message", message);
  };
  const file = join(root, "policies", "five-stage.md");
  const now = readFileSync(file, "utf8");
  const at = (text, changes) =>
    changes.reduce((all, [from, to]) => {
      if (!all.includes(from)) throw new Error(`policies/five-stage.md says ${from} no more`);
      return all.replaceAll(from, to);
    }, text);
  git("2024-05-30", "init", "--quiet", "--initial-branch=main");
  // Earlier: five days for the review, another owner, two sections the other way round.
  const older = at(now, [['version: "2.1"', 'version: "2.0"'], ["effective: 2025-06-01", "effective: 2024-06-03"], ["at: 2025-05-20", "at: 2024-05-20"], ["two business days", "five business days"], ["within: 2 business days", "within: 5 business days"], ["\nowner: engineering-lead", "\nowner: head-of-engineering"]]);
  const [head, ...sections] = older.split("\n## ");
  writeFileSync(file, [head, sections[1], sections[0], ...sections.slice(2)].join("\n## "));
  commit("2024-05-30", "The policy");
  writeFileSync(file, now);
  commit("2025-05-28", "Version 2.1\n\nReviewed-by: Somebody <s@e.test>");
  writeFileSync(file, at(now, [['version: "2.1"', 'version: "3.0"'], ["effective: 2025-06-01", "effective: 2027-01-01"], ["at: 2025-05-20", "at: 2026-10-20"], ["two business days", "three business days"]]));
  commit("2026-11-01", "Version 3.0");
  return root;
}

// Builds the site in `root` into a new folder, and answers with that folder.
export function build(root = withHistory()) {
  const output = scratch();
  execFileSync(program, ["-C", root, "build", "--quiet", "--as-of", AS_OF, "--output", output], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return output;
}

// A site as `tickmark init` makes it, built.
export function buildNew() {
  const root = join(scratch(), "my-site");
  execFileSync(program, ["init", root], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync(program, ["-C", root, "build", "--strict"], { stdio: ["ignore", "ignore", "inherit"] });
  return root;
}

// The same site as it is published below a path.
export function buildBelow(path) {
  const root = scratch();
  for (const input of INPUTS) cpSync(join(repository, input), join(root, input), { recursive: true });
  const file = join(root, "tickmark.yaml");
  const before = readFileSync(file, "utf8");
  const after = before.replace(/base_url: (https:\/\/[^/\s]+)\/\S*/, `base_url: $1${path}`);
  if (after === before) throw new Error("tickmark.yaml has no base_url that could be changed");
  writeFileSync(file, after);
  return build(root);
}

// The demonstration with so many copies of each of its records, among them one by whose title somebody attacks.
export function buildCopies(copies, title) {
  const root = scratch();
  for (const input of INPUTS) cpSync(join(repository, input), join(root, input), { recursive: true });
  const ids = /^id: (\S+)$/gm;
  let all = 0;
  for (const path of filesOf(join(root, "changes")).filter((path) => path.endsWith(".yaml"))) {
    const file = join(root, "changes", path);
    const text = readFileSync(file, "utf8");
    all += text.match(ids).length * (copies + 1);
    for (let n = 1; n <= copies; n += 1) writeFileSync(file.replace(/\.yaml$/, `-${n}.yaml`), text.replace(ids, `id: $1-${n}`));
    if (path.endsWith("TEL-2025-0004.yaml")) writeFileSync(file, text.replace(/^title: .*$/m, `title: '${title}'`));
  }
  return { site: build(root), all };
}

// The demonstration in another language. `words` is a language file of the site's own theme, if there is one.
export function buildIn(language, words) {
  const root = scratch();
  for (const input of INPUTS) cpSync(join(repository, input), join(root, input), { recursive: true });
  const file = join(root, "tickmark.yaml");
  const before = readFileSync(file, "utf8");
  const after = before.replace(/language: \S+/, `language: ${language}`);
  if (after === before) throw new Error("tickmark.yaml has no language that could be changed");
  writeFileSync(file, after);
  if (words) cpSync(words, join(root, "themes", "ledger", "lang", `${language}.yaml`), { recursive: true });
  return build(root);
}

// Every file of a tree, by its path from the tree's root.
export function filesOf(folder) {
  const found = [];
  const walk = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) walk(path);
      else found.push(relative(folder, path).split(sep).join("/"));
    }
  };
  walk(folder);
  return found.sort();
}

// Every page of a tree: path, kind, size and text.
export function pagesOf(site, tree) {
  const folder = join(site, tree);
  return filesOf(folder)
    .filter((path) => path.endsWith(".html"))
    .map((path) => {
      const file = join(folder, path);
      const html = readFileSync(file, "utf8");
      // What leads on from an old path can stand anywhere.
      const moved = html.includes('http-equiv="refresh"') && "moved";
      const kind = moved || KINDS[tree].find(([, shape]) => shape.test(path))?.[0];
      if (!kind) throw new Error(`${tree}/${path} is a page of no kind that the tests know`);
      return { tree, path, file, kind, size: statSync(file).size, html };
    });
}

// The kinds that a tree should have a page of.
export function kindsOf(tree) {
  return KINDS[tree].map(([kind]) => kind);
}

// The pages that can be opened from the disk: the one for missing addresses names its style from the host's root, search
// reads its index from a host, and an old path does not stay where it is.
export function fromDisk(pages) {
  return pages.filter((page) => !["not found", "search", "moved"].includes(page.kind));
}

// Of each kind the smallest and the largest page: what fits these fits the others.
export function samples(pages) {
  const chosen = new Map();
  for (const kind of new Set(pages.map((page) => page.kind))) {
    const all = pages.filter((page) => page.kind === kind).sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1));
    for (const page of [all.at(0), all.at(-1)]) chosen.set(page.path, page);
  }
  return [...chosen.values()];
}
