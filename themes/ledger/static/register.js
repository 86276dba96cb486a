// Search, filter and sort over the whole register, from disk too: its rows stand in scripts that are loaded when asked for.
// Everything else on the page works without this.
(() => {
  const box = document.querySelector(".find");
  if (!box) return;
  const input = box.querySelector("input");
  const table = document.querySelector(".register table");
  const body = table.tBodies[0];
  const own = [...body.rows];
  const said = document.querySelector(".register .found");
  const more = document.querySelector(".register .further");
  const parts = Number(box.dataset.parts);
  const root = box.dataset.root;
  const STEP = 500;
  // Of a row of data: id, title, type, policy, quarter, day as sorted, day as shown, verdict, rules.
  const KEYS = [0, 2, 3, 4, 5, 7];
  const CHOICES = [[7, "Verdict"], [2, "Type"], [3, "Policy"], [4, "Quarter"]];
  const selects = [];
  let rows = null;
  let sorted = { column: -1, down: false };
  let limit = STEP;

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  // A row of the page as data.
  const read = (row) => {
    const cell = (n) => row.cells[n].firstChild?.textContent ?? "";
    const title = row.cells[0].querySelector("bdi").textContent;
    const day = row.cells[4].querySelector("time")?.dateTime ?? "";
    const rules = row.cells[5].querySelector(".sub")?.textContent ?? "";
    return [cell(0), title, cell(1), cell(2), cell(3), day, cell(4), cell(5), rules];
  };

  const draw = (data) => {
    const row = element("tr");
    const head = element("th");
    head.scope = "row";
    const link = element("a", data[0], "id");
    link.href = `${root}changes/${data[0]}/index.html`;
    const sub = element("span", "", "sub");
    sub.append(element("bdi", data[1]));
    head.append(link, sub);
    const day = element("td", "", "nowrap");
    const time = element("time", data[6]);
    time.dateTime = data[5];
    day.append(time);
    const verdict = element("td");
    verdict.append(element("b", data[7], `m ${data[7].replace(" ", "-")}`));
    if (data[8]) verdict.append(element("span", data[8], "sub"));
    row.append(head, element("td", data[2], "opt"), element("td", data[3], "opt nowrap"), element("td", data[4], "opt nowrap"), day, verdict);
    return row;
  };

  const ready = (all) => {
    const kept = box.dataset.only ? all.filter((data) => data[7] === box.dataset.only) : all;
    rows = kept.map((data, at) => ({ data, at, text: data.join(" ").toLowerCase(), row: parts ? null : own[at] }));
    for (const [key, select] of selects) {
      const words = [...new Set(kept.map((data) => data[key]))].sort();
      if (key === 4) words.reverse();
      for (const word of words) select.append(new Option(word, word));
    }
  };

  let loading = null;
  const load = () => {
    loading ??= new Promise((done) => {
      if (!parts) return done(own.map(read));
      const found = [];
      let left = parts;
      window.tickmarkRegister = (part, list) => { found[part] = list; };
      for (let part = 0; part < parts; part += 1) {
        const script = element("script");
        script.src = `${root}register/data/${part}.js`;
        script.onload = script.onerror = () => { left -= 1; if (!left) done(found.flat()); };
        document.head.append(script);
      }
    }).then(ready);
    return loading;
  };

  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = selects.filter(([, select]) => select.value);
    const asked = words.length || chosen.length || sorted.column >= 0;
    const pages = document.querySelector("nav .pages");
    if (parts && pages) pages.hidden = Boolean(asked);
    const filters = document.querySelector(".filters");
    if (parts && filters) {
      filters.hidden = Boolean(asked);
      if (asked) for (const all of filters.querySelectorAll("legend + label input")) all.checked = true;
    }
    document.querySelector(".register .shown").hidden = Boolean(asked);
    if (!asked) {
      body.replaceChildren(...own);
      for (const row of own) row.hidden = false;
      said.textContent = "";
      more.hidden = true;
      return;
    }
    const found = rows.filter(({ data, text }) => words.every((word) => text.includes(word)) && chosen.every(([key, select]) => data[key] === select.value));
    if (sorted.column >= 0) {
      const key = KEYS[sorted.column];
      const order = (a, b) => (a.data[key] < b.data[key] ? -1 : a.data[key] > b.data[key] ? 1 : 0) * (sorted.down ? -1 : 1) || a.at - b.at;
      found.sort(order);
    }
    body.replaceChildren(...found.slice(0, limit).map((item) => { item.row ??= draw(item.data); item.row.hidden = false; return item.row; }));
    const count = (n) => n.toLocaleString("en");
    const listed = Math.min(limit, found.length);
    said.textContent = `${count(found.length)} of ${count(rows.length)} changes${listed < found.length ? `, the first ${count(listed)} shown` : ""}`;
    more.hidden = listed === found.length;
  };

  const ask = () => (rows ? show() : load().then(show));
  const anew = () => { limit = STEP; ask(); };

  if (!parts) ready(own.map(read));
  else for (const [key, name] of CHOICES) {
    const select = element("select");
    select.append(new Option("all", ""));
    const label = element("label", `${name} `);
    label.append(select);
    box.append(label);
    selects.push([key, select]);
    select.addEventListener("change", anew);
  }
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    const button = element("button", cell.textContent, "sort");
    button.type = "button";
    cell.replaceChildren(button);
    button.addEventListener("click", () => {
      if (sorted.column !== column) sorted = { column, down: false };
      else if (!sorted.down) sorted = { column, down: true };
      else sorted = { column: -1, down: false };
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      if (sorted.column >= 0) cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      anew();
    });
  });
  more.querySelector("button").addEventListener("click", () => {
    const at = body.rows.length;
    limit += STEP;
    show();
    body.rows[at]?.querySelector("a").focus();
  });
  box.hidden = false;
  if (parts) box.addEventListener("focusin", load, { once: true });
  input.addEventListener("input", anew);
  if (input.value) ask();
})();
