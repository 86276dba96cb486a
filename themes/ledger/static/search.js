// Search in the public site. It reads the index beside the page, a file at a time as a query needs it, and asks the pages
// themselves for the passages it shows. Without it the page lists everything. How the files are written, and how words
// are read, says src/site/search.
(() => {
  const box = document.getElementById("seek");
  if (!box) return;
  const input = document.getElementById("query");
  const status = document.getElementById("tally");
  const list = document.getElementById("results");
  const everything = document.getElementById("everything");
  const { index: folder, root } = box.dataset;
  const SHOWN = 20, PASSAGES = 12;

  // Files, each asked for once.
  const files = new Map();
  const get = (name, read) => {
    if (!files.has(name)) {
      const asked = fetch(folder + name).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${name}`);
        return answer.text();
      });
      files.set(name, asked.then(read));
      asked.catch(() => files.delete(name));
    }
    return files.get(name);
  };
  const head = () => get("index.json", JSON.parse);

  // Words, as the index has them.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const JOINED = /[\p{L}\p{N}]+(?:[.\-\u2010\u2011'\u2019_][\p{L}\p{N}]+)*/gu;
  const wordsOf = (text) =>
    (fold(text).match(JOINED) ?? []).flatMap((run) => {
      if (!/[^\p{L}\p{N}]/u.test(run)) return [run];
      if (/\p{N}/u.test(run)) return [run.replace(/[\u2010\u2011]/g, "-")];
      return run.split(/[^\p{L}\p{N}]/u).filter((part) => part.length > 1);
    });

  // Growing numbers as letters, capitals first.
  const numbers = (text) => {
    const out = [];
    let next = 0, gap = 0, place = 1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 32) continue;
      if (code < 97) {
        gap += (code - 65) * place;
        place *= 26;
      } else {
        out.push((next += gap + (code - 97) * place));
        next += 1;
        gap = 0;
        place = 1;
      }
    }
    return out;
  };
  const shard = (text) => {
    let before = [];
    return text.split("\n").slice(0, -1).map((line) => {
      const at = line.lastIndexOf("=");
      before = before.slice(0, line.charCodeAt(0) - 65).concat([...line.slice(1, at)]);
      return { word: before.join(""), places: line.slice(at + 1) };
    });
  };

  // Strings are compared as the index sorts them: by code point.
  const before = (a, b) => {
    const x = [...a], y = [...b];
    for (let i = 0; i < x.length && i < y.length; i++) if (x[i] !== y[i]) return x[i].codePointAt(0) < y[i].codePointAt(0);
    return x.length < y.length;
  };
  const near = (a, b) => {
    // One letter more, less or other, or two that changed places.
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const rest = (x, y) => a.slice(i + x) === b.slice(i + y);
    return rest(1, 1) || rest(1, 0) || rest(0, 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(2, 2));
  };

  // The words of the index that a word of the query may mean, each with how much it counts.
  const meant = async (asked) => {
    const firsts = (await head()).words.map((word) => word.slice(1));
    let last = firsts.length - 1;
    while (last > 0 && before(asked, firsts[last])) last--;
    const known = (await get(`words-${last}.txt`, shard)).slice();
    for (let n = last + 1; n < firsts.length && n < last + 3 && firsts[n].startsWith(asked); n++) {
      known.push(...(await get(`words-${n}.txt`, shard)));
    }
    const exact = known.filter(({ word }) => word === asked).map((entry) => ({ ...entry, factor: 1 }));
    const single = asked.length > 3 && asked.endsWith("s") && !asked.endsWith("ss") ? asked.slice(0, -1) : null;
    const begun = asked.length < 2 ? [] : known
      .filter(({ word }) => word !== asked && (word.startsWith(asked) || word === single))
      .map((entry) => ({ ...entry, factor: entry.word === single ? 0.9 : 0.3 + (0.5 * asked.length) / entry.word.length }));
    const found = exact.concat(begun);
    if (found.length > 0 || asked.length < 4) return found;
    return known.filter(({ word }) => near(word, asked)).map((entry) => ({ ...entry, factor: 0.25 }));
  };

  // A word with signs in it that nobody wrote so may have been written as several.
  const resolved = async (asked) => {
    const found = await meant(asked);
    const parts = asked.split(/[^\p{L}\p{N}]/u).filter(Boolean);
    if (found.length > 0 || parts.length < 2) return [found];
    return Promise.all(parts.map(meant));
  };

  const ranked = async (query) => {
    const words = [...new Set(wordsOf(query))].slice(0, 12);
    const { entries } = await head();
    const groups = (await Promise.all(words.map(resolved))).flat();
    const totals = new Map();
    for (const group of groups) {
      const best = new Map();
      for (const { places, factor } of group) {
        const [text, heading = ""] = places.split("~");
        for (const [list, weight] of [[numbers(text), 1], [numbers(heading), 3]]) {
          const score = weight * factor * Math.log(1 + entries / (1 + list.length));
          for (const n of list) best.set(n, Math.max(best.get(n) ?? 0, score));
        }
      }
      for (const [n, score] of best) {
        const total = totals.get(n) ?? { n, words: 0, score: 0 };
        total.words += 1;
        total.score += score;
        totals.set(n, total);
      }
    }
    const all = [...totals.values()];
    const most = all.reduce((most, { words }) => Math.max(most, words), 0);
    // Of a long question, one word may be missing.
    const enough = most > 3 ? most - 1 : most;
    const best = all.filter(({ words }) => words >= enough).sort((a, b) => b.words - a.words || b.score - a.score || a.n - b.n);
    return { best, marks: groups.flat().map(({ word }) => word) };
  };

  // GitHub's way of making an anchor of a heading's words, where the index leaves it out.
  const slug = (title) => {
    const name = title.toLowerCase().replace(/[^\p{Alphabetic}\p{N}\-_ ]/gu, "").replace(/ /g, "-");
    return /[\p{Alphabetic}\p{N}]/u.test(name) ? name : "section";
  };
  const block = (text) => {
    const found = [];
    let page, above;
    for (const line of text.split("\n").slice(0, -1)) {
      const [title, anchor] = line.slice(1).split("\t");
      if (line[0] === "=") found.push((page = above = { kind: "p", href: title, title: anchor, page: anchor, anchor: "" }));
      else if (line[0] === "h") found.push((above = { kind: "h", href: page.href, title, page: page.title, anchor: anchor ?? slug(title) }));
      else found.push({ kind: line[0], href: page.href, title: above.title, page: page.title, anchor: anchor ?? slug(title) });
    }
    return found;
  };
  const entry = async (n) => {
    const { blocks } = await head();
    let at = blocks.length - 1;
    while (blocks[at] > n) at--;
    return (await get(`entries-${at}.txt`, block))[n - blocks[at]];
  };

  // The passage that a result is about, from its page.
  const pages = new Map();
  const passage = async ({ href, anchor, kind }) => {
    const address = root + href;
    if (!pages.has(address)) {
      pages.set(address, fetch(address).then((answer) => answer.text()).then((html) => new DOMParser().parseFromString(html, "text/html")));
    }
    const page = await pages.get(address);
    const start = anchor ? page.getElementById(anchor) : page.querySelector("main h1");
    if (!start) return "";
    const bare = (element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll("details.v, .anchor").forEach((beside) => beside.remove());
      copy.querySelectorAll("th, td, li, p, dt, dd").forEach((part) => part.append(" "));
      return copy.textContent;
    };
    if (kind === "c" || kind === "t") return bare(start);
    let text = "";
    let next = start.closest(".head") ?? start;
    while ((next = next.nextElementSibling) && !next.matches("h1, h2, h3, h4, h5, h6, .head") && text.length < 4000) {
      if (!next.matches("details, dl, .v, .types")) text += ` ${bare(next)}`;
    }
    return text;
  };
  const asked = (marks) => (word) => wordsOf(word).some((part) => marks.includes(part));
  // Puts words into an element, those that were asked for marked.
  const put = (out, words, is) =>
    words.forEach((word, i) => {
      const mark = is(word) ? document.createElement("mark") : null;
      mark?.append(word);
      out.append(i > 0 ? " " : "", mark ?? word);
    });
  const cut = (text, marks) => {
    const plain = text.replace(/\s+/g, " ").trim();
    const is = asked(marks);
    const words = plain.split(" ");
    const hit = Math.max(0, words.findIndex(is));
    const from = Math.max(0, Math.min(hit - 8, words.length - 34));
    const shown = words.slice(from, from + 34);
    const out = document.createElement("p");
    if (from > 0) out.append("… ");
    put(out, shown, is);
    if (from + 34 < words.length) out.append(" …");
    return plain === "" ? null : out;
  };

  const item = (found, marks) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = root + found.href + (found.anchor ? `#${encodeURIComponent(found.anchor)}` : "");
    put(link, found.title.split(" "), asked(marks));
    line.append(link);
    if (found.kind !== "p" && found.page !== found.title) {
      const where = document.createElement("span");
      where.className = "sub";
      where.append(found.page);
      line.append(where);
    }
    line.classList.toggle("ticked", found.kind === "t");
    return line;
  };

  let turn = 0;
  const search = async () => {
    const own = ++turn;
    const query = input.value.trim();
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    everything.hidden = query !== "";
    if (query === "") {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      const { best, marks } = await ranked(query);
      const found = await Promise.all(best.slice(0, SHOWN).map(({ n }) => entry(n)));
      if (own !== turn) return;
      const said = best.length === 0 ? "none" : best.length <= SHOWN ? "found" : "best";
      status.textContent = box.dataset[said].replace("[m]", SHOWN).replace("[n]", best.length);
      everything.hidden = best.length > 0;
      const lines = found.map((result) => item(result, marks));
      list.replaceChildren(...lines);
      found.slice(0, PASSAGES).forEach(async (result, i) => {
        const text = await passage(result).catch(() => "");
        const shown = own === turn ? cut(text, marks) : null;
        if (shown) lines[i].append(shown);
      });
    } catch {
      if (own !== turn) return;
      everything.hidden = false;
      list.replaceChildren();
      status.textContent = box.dataset.failed;
    }
  };

  const links = () => [...list.querySelectorAll("a")];
  const go = (step) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = at + step;
    if (next < 0) input.focus();
    else all[Math.min(next, all.length - 1)]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target === input;
    const inside = typing || list.contains(event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "/" && !typing) input.focus(), input.select();
    else if (event.key === "ArrowDown" && inside) go(1);
    else if (event.key === "ArrowUp" && list.contains(event.target)) go(-1);
    else if (event.key === "Enter" && typing) links()[0]?.click();
    else if (event.key === "Escape" && inside) (input.value = ""), input.focus(), search();
    else return;
    event.preventDefault();
  });
  let wait;
  input.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(search, 60);
  });
  box.hidden = false;
  input.value = new URL(location.href).searchParams.get("q") ?? "";
  if (input.value) search();
  else head().catch(() => {});
})();
