// Search, filters and sorting over the whole register, from disk too: the rows of a large one stand in scripts, which are
// read once somebody asks. Without this, each page filters its own rows. What is asked stands in the address, so that
// the way back from a change leads to the same list.
(() => {
  const box = document.querySelector(".find");
  if (!box) return;
  const table = document.querySelector(".register table");
  const body = table.tBodies[0];
  const own = [...body.rows];
  const lede = document.querySelector(".lede");
  const newest = lede.textContent;
  const more = document.querySelector(".further");
  const pages = document.querySelector(".pages");
  const input = box.querySelector("input");
  const selects = [...box.querySelectorAll("select")];
  const columns = [...table.tHead.rows[0].cells];
  const { root, only } = box.dataset;
  const parts = Number(box.dataset.parts);
  const FIRST = 100, MORE = 500;
  const VERDICTS = ["fail", "unknown", "pending", "waived", "pass", "not applicable"];
  let sorted = { key: "", down: false };
  let limit = FIRST;
  let found = [];
  let isRead = false;

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  // A row of the page, and one of a script, as data.
  const fromPage = (row, at) => {
    const cell = (n) => row.cells[n].firstChild?.textContent ?? "";
    const iso = row.cells[4].querySelector("time")?.dateTime ?? "";
    const rules = row.cells[5].querySelector(".sub")?.textContent ?? "";
    const title = row.cells[0].querySelector("bdi").textContent;
    return { at, row, id: cell(0), title, t: cell(1), p: cell(2), q: cell(3), iso, day: cell(4), v: cell(5), rules };
  };
  const fromScript = (words, [id, title, t, p, q, day, v, rules]) => {
    const [iso, shown] = [words[day].slice(0, 10), words[day].slice(11)];
    const verdict = words[v].replace("-", " ");
    return { at: 0, row: null, id, title, t: words[t], p: words[p], q: words[q], iso, day: shown, v: verdict, rules: words[rules] };
  };

  const drawn = (data) => {
    const row = element("tr", "");
    const head = element("th", "");
    head.scope = "row";
    const link = element("a", data.id, "id");
    link.href = `${root}changes/${data.id}/index.html`;
    const title = element("span", "", "sub");
    title.append(element("bdi", data.title));
    head.append(link, title);
    const day = element("td", "", "nowrap");
    if (data.iso) {
      day.append(element("time", data.day));
      day.firstChild.dateTime = data.iso;
    }
    const verdict = element("td", "");
    verdict.append(element("b", data.v, `m ${data.v.replace(" ", "-")}`));
    if (data.rules) verdict.append(element("span", data.rules, "sub"));
    row.append(head, element("td", data.t, "opt"), element("td", data.p, "opt nowrap"), element("td", data.q, "opt nowrap"), day, verdict);
    return row;
  };

  // All rows, in the register's order; what is searched is put together once.
  const ready = (rows) => {
    isRead = true;
    const listed = only ? rows.filter((data) => data.v === only) : rows;
    listed.forEach((data, at) => {
      data.at = at;
      data.text = [data.id, data.title, data.t, data.p, data.q, data.iso, data.day, data.v, data.rules].join("\n").toLowerCase();
    });
    return listed;
  };

  const part = (number, into) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${root}register/data/${number}.js`;
    script.onload = () => (into[number] ? done() : failed(new Error(script.src)));
    script.onerror = () => failed(new Error(script.src));
    document.head.append(script);
  });

  let loading = null;
  const load = () => {
    if (loading) return loading;
    if (!parts) return (loading = Promise.resolve(ready(own.map(fromPage))));
    const read = [];
    window.tickmarkRegister = (number, words, rows) => { read[number] = rows.map((row) => fromScript(words, row)); };
    loading = Promise.all(Array.from({ length: parts }, (_, number) => part(number, read))).then(() => ready(read.flat()));
    loading.catch(() => { loading = null; });
    return loading;
  };

  // Sorted once per column; digits count as numbers.
  const orders = new Map();
  const order = (rows, key) => {
    if (!key) return rows;
    if (!orders.has(key)) {
      const rank = {
        id: (data) => data.id.replace(/\d+/g, (digits) => digits.padStart(12, "0")),
        day: (data) => -data.at,
        v: (data) => VERDICTS.indexOf(data.v),
      }[key] ?? ((data) => data[key].toLowerCase());
      const keyed = rows.map((data) => [rank(data), data]);
      keyed.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x.at - y.at));
      orders.set(key, keyed.map(([, data]) => data));
    }
    return orders.get(key);
  };

  const asked = () => ({
    words: input.value.toLowerCase().split(/\s+/).filter(Boolean),
    chosen: selects.filter((select) => select.value).map((select) => [select.dataset.key, select.value]),
  });
  const isAsked = ({ words, chosen }) => words.length > 0 || chosen.length > 0 || sorted.key !== "";

  const draw = () => {
    const listed = parts ? found.slice(0, limit) : found;
    body.replaceChildren(...listed.map((data) => (data.row ??= drawn(data))));
    more.hidden = listed.length === found.length;
  };

  const show = (rows) => {
    const now = asked();
    const narrowed = isAsked(now);
    if (pages) pages.hidden = narrowed;
    if (!narrowed) {
      body.replaceChildren(...own);
      lede.textContent = newest;
      more.hidden = true;
      return;
    }
    const fits = (data) => now.words.every((word) => data.text.includes(word)) && now.chosen.every(([key, value]) => (data[key] || "none") === value);
    found = order(rows, sorted.key).filter(fits);
    if (sorted.down) found.reverse();
    draw();
    const count = (n) => n.toLocaleString("en");
    const all = `${count(rows.length)} changes`;
    const first = more.hidden ? "" : `, the first ${count(limit)} shown`;
    lede.textContent = found.length === 0 ? `None of ${all} fits.` : found.length === rows.length ? `${all}${first}.` : `${count(found.length)} of ${all}${first}.`;
  };

  let told = 0;
  const tell = () => {
    const state = new URLSearchParams();
    if (input.value) state.set("s", input.value);
    for (const select of selects) if (select.value) state.set(select.dataset.key, select.value);
    if (sorted.key) state.set("by", (sorted.down ? "-" : "") + sorted.key);
    history.replaceState(history.state, "", `${location.pathname}${location.search}${state.size ? `#${state}` : ""}`);
  };

  const update = () => {
    clearTimeout(told);
    told = setTimeout(tell, 300);
    if (!isAsked(asked())) return show([]);
    if (!isRead) lede.textContent = "Reading all changes…";
    return load().then(show, (error) => { lede.textContent = `Not all changes could be read: ${error.message} is missing.`; });
  };
  const anew = () => { limit = FIRST; return update(); };

  const mark = () => {
    for (const column of columns) {
      if (column.dataset.key === sorted.key) column.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      else column.removeAttribute("aria-sort");
    }
  };
  const turn = (key) => {
    sorted = sorted.key !== key ? { key, down: false } : sorted.down ? { key: "", down: false } : { key, down: true };
    mark();
    anew();
  };
  for (const column of columns) {
    const button = element("button", column.textContent, "sort");
    button.type = "button";
    button.addEventListener("click", () => turn(column.dataset.key));
    column.replaceChildren(button);
  }
  table.classList.add("sorts");

  // What a browser kept of the filters that stand in for this is undone.
  const filters = document.querySelector(".filters");
  if (filters) {
    for (const all of filters.querySelectorAll("legend + label input")) all.checked = true;
    filters.hidden = true;
  }
  document.querySelector(".register .shown").hidden = true;
  box.hidden = false;
  box.addEventListener("focusin", () => { load().catch(() => undefined); }, { once: true });
  input.addEventListener("input", anew);
  for (const select of selects) select.addEventListener("change", anew);
  more.querySelector("button").addEventListener("click", () => {
    const at = body.rows.length;
    limit += MORE;
    update().then(() => body.rows[at]?.querySelector("a").focus());
  });

  const state = new URLSearchParams(location.hash.slice(1));
  input.value = state.get("s") ?? "";
  for (const select of selects) select.value = [...select.options].some((o) => o.value === state.get(select.dataset.key)) ? state.get(select.dataset.key) : "";
  const by = state.get("by") ?? "";
  const key = by.replace(/^-/, "");
  if (columns.some((column) => column.dataset.key === key)) sorted = { key, down: by !== key };
  mark();
  if (isAsked(asked())) anew();
})();
