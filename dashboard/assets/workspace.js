/* The workspace: the text of the editor is asked through a store of Dash, and stopped through another.
   Fetched by that page alone (`needs.js`). */
(function () {
  "use strict";

  const DRAFT = "trigpoint-query";
  const NAMES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$([A-Za-z_]\w*)/g;
  let editor = null, place = null, running = null, last = null;

  const part = (what) => document.getElementById("query-" + what);
  const button = (what) => place.querySelector("[data-does=" + what + "]");
  const text = () => (editor ? editor.text() : part("text").value);
  const say = (id, data) => window.dash_clientside.set_props("query-" + id, { data });
  const control = (name) => place.querySelector("[name=" + name + "]");

  /* Opening the page: the plain box stands until the editor is there, and stays where it never is. */
  function begin() {
    const found = document.querySelector("section.query");
    if (!found || found === place) return;
    place = found;
    editor = running = null;
    list();
    restoreDraft();
    showParameters(JSON.parse(place.dataset.values || "{}"));
    place.querySelector("[data-does=run]").title = "Ctrl+Enter";
    place.addEventListener("focusin", fetchGrid);
    part("text").addEventListener("input", changed);
    part("text").addEventListener("keydown", function (event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
    });
    if (place.dataset.editor) fetchEditor();
    if (place.dataset.run) whenGridIsThere(() => run());
  }

  function fetchEditor() {
    const opened = place;
    const ready = () => { if (place === opened && place.isConnected) mount(); };
    if (window.trigpoint.editor) { ready(); return; }
    const script = document.createElement("script");
    script.src = place.dataset.editor;
    script.onload = ready;
    document.head.append(script);
  }

  function mount() {
    const box = part("text"), hadFocus = document.activeElement === box;
    editor = window.trigpoint.editor(box.parentElement, {
      text: box.value, label: "query-label", hint: "query-hint", run: run, changed: changed, ...known(),
    });
    box.hidden = true;
    part("label").addEventListener("click", () => editor.focus());
    if (hadFocus) editor.focus();
  }

  const aside = () => document.querySelector(".catalogue");
  const read = (what) => JSON.parse(aside().dataset[what]);

  /* What can be asked, in words for everybody, and as what the editor completes. */
  function list() {
    const { tables, measures, functions } = lists();
    tables.replaceChildren(...read("tables").map(([name, said, columns]) =>
      folded(name, said, columns.map(([column, kind, meaning]) => entry(column, kind, meaning)))));
    measures.replaceChildren(...read("measures").map(([id, name, said]) => folded(id, name + ". " + said, [])));
    functions.replaceChildren(...read("functions").map(([name, said]) => folded(name + "(timestamp)", said + ".", [])));
  }

  const lists = () => Object.fromEntries(
    [...aside().querySelectorAll("[data-lists]")].map((one) => [one.dataset.lists, one]));

  function made(kind, text, style) {
    const one = document.createElement(kind);
    one.textContent = text;
    if (style) one.className = style;
    return one;
  }

  function folded(name, said, entries) {
    const one = document.createElement("details"), inner = document.createElement("ul");
    inner.append(...entries);
    one.append(made("summary", name), made("p", said, "small"), ...(entries.length ? [inner] : []));
    one.dataset.name = name;
    return one;
  }

  function entry(column, kind, meaning) {
    const one = document.createElement("li");
    one.append(made("code", column), " ", made("span", kind, "small"));
    if (meaning) one.append(made("p", meaning, "small"));
    return one;
  }

  function known() {
    const tables = Object.fromEntries(read("tables").map(([name, info, columns]) => [name, {
      self: { label: name, type: "type", info },
      children: columns.map(([label, detail, meaning]) => ({ label, detail, type: "property", info: meaning || undefined })),
    }]));
    const named = ([label, info]) => ({ label, info });
    return { tables, measures: read("measures").map(named), macros: read("functions").map(named) };
  }

  let waiting = 0;

  function changed() {
    keepDraft();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => showParameters(values()), 200);
  }

  /* One box for each $name of the text; what was typed for it stays. */
  function showParameters(given) {
    const names = [...new Set([...text().matchAll(NAMES)].map((found) => found[1]).filter(Boolean))];
    const shown = [...part("parameters").querySelectorAll("input")].map((one) => one.name);
    if (names.join() === shown.join()) return;
    part("parameters").replaceChildren(...names.map((name) => parameter(name, given[name])));
  }

  function parameter(name, value) {
    const label = document.createElement("label"), input = document.createElement("input");
    label.textContent = "$" + name;
    input.name = name;
    input.value = value || "";
    input.autocomplete = "off";
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") run(); });
    label.append(input);
    return label;
  }

  const values = () => Object.fromEntries(
    [...part("parameters").querySelectorAll("input")].map((one) => [one.name, one.value]));

  /* The day that is chosen; the very moment that the address names while it is still that day. */
  function moment() {
    const day = control("as_of") ? control("as_of").value : "";
    return day && place.dataset.moment.startsWith(day) ? place.dataset.moment : day;
  }

  function run(isPlan) {
    if (running) return;
    stopCounting();
    showParameters(values());
    const id = crypto.randomUUID ? crypto.randomUUID().replaceAll("-", "") : random();
    last = id;
    running = { id, began: Date.now(), clock: window.setInterval(tick, 100) };
    part("results").setAttribute("aria-busy", "true");
    button("stop").disabled = false;
    button("run").disabled = button("plan").disabled = true;
    if (editor) editor.mark(null);
    tick();
    const { release, replay, query } = place.dataset;
    whenGridIsThere(() => say("asked", {
      run: id, sql: text(), parameters: values(), as_of: moment() || null, release: release || null,
      replay: replay || null, query: query || null, plan: isPlan === true,
    }));
  }

  const random = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((one) => one.toString(16).padStart(2, "0")).join("");

  function stop() {
    if (!running) return;
    say("stopped", { run: running.id, replay: place.dataset.replay || null });
    running.isStopping = true;
  }

  /* Somebody who may ask one thing at a time does not wait until the last answer was counted. */
  function stopCounting() {
    const counted = part("counted");
    if (counted && counted.textContent === "more rows") say("stopped", { run: last });
  }

  /* Dash draws nothing of a library that is not there; it is fetched when somebody begins. */
  let isGridAsked = false;

  function fetchGrid() {
    if (isGridAsked) return;
    isGridAsked = true;
    const script = document.createElement("script");
    script.src = place.dataset.grid;
    script.onerror = () => { isGridAsked = false; };
    document.head.append(script);
  }

  function whenGridIsThere(then) {
    fetchGrid();
    if (window.dash_ag_grid) then();
    else window.setTimeout(() => whenGridIsThere(then), 50);
  }

  function tick() {
    const seconds = (Date.now() - running.began) / 1000;
    if (seconds > Number(place.dataset.longest) + 30) { ended("The query has not been answered."); return; }
    if (seconds < 0.3) return;
    const what = running.isStopping ? "Stopping" : "Running";
    tell(what + "\u2026 " + Math.floor(seconds) + " s", true);
  }

  /* While it runs for everybody; how it ended stands in the answer, and is only said aloud here. */
  function tell(said, isShown) {
    if (part("clock").textContent !== said) part("clock").textContent = said;
    part("clock").className = isShown ? "small" : "unseen";
  }

  function ended(said) {
    if (!running) return;
    window.clearInterval(running.clock);
    running = null;
    tell(said || "", false);
    part("results").removeAttribute("aria-busy");
    button("stop").disabled = true;
    button("run").disabled = button("plan").disabled = false;
  }

  /* An answer is there: the address names it, and the line that is wrong is marked. */
  function answered() {
    const answer = part("results") && part("results").querySelector(".answer");
    if (!answer || answer.dataset.isSeen) return;
    answer.dataset.isSeen = "yes";
    const { query, moment, line } = answer.dataset;
    ended(answer.querySelector("h2") ? answer.querySelector("h2").textContent + "." : "");
    if (editor && line) editor.mark(Number(line));
    if (!query) return;
    place.dataset.query = query;
    keepAddress(query, moment);
  }

  function keepAddress(query, moment) {
    const url = new URL(location.href);
    url.searchParams.set("query", query);
    if (moment) url.searchParams.set("as_of", moment);
    else url.searchParams.delete("as_of");
    history.replaceState(history.state, "", url);
    place.dataset.moment = moment || "";
  }

  /* What somebody wrote and did not run is there again when they come back to this tab. */
  const person = () => (document.querySelector(".who p") || { innerText: "" }).innerText;

  function keepDraft() {
    sessionStorage.setItem(DRAFT, JSON.stringify({ person: person(), sql: text() }));
  }

  function restoreDraft() {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
    if (kept && kept.person === person() && !place.dataset.query) part("text").value = kept.sql;
  }

  function find(event) {
    const wanted = event.target.value.trim().toLowerCase();
    for (const table of lists().tables.children) {
      const columns = [...table.querySelectorAll("li")];
      const isNamed = table.dataset.name.includes(wanted);
      const found = columns.filter((one) => one.textContent.toLowerCase().includes(wanted));
      table.hidden = Boolean(wanted) && !isNamed && !found.length;
      table.open = Boolean(wanted) && !table.hidden && found.length > 0;
      columns.forEach((one) => { one.hidden = Boolean(wanted) && !isNamed && !found.includes(one); });
    }
  }

  document.addEventListener("click", function (event) {
    const pressed = event.target.closest("[data-does]");
    if (!pressed || !place || !place.contains(pressed)) return;
    if (pressed.dataset.does === "stop") stop();
    else run(pressed.dataset.does === "plan");
  });

  /* What is saved is what stands in the box. */
  document.addEventListener("submit", function (event) {
    if (!place || !place.contains(event.target)) return;
    const said = { sql: text(), parameters: JSON.stringify(values()), as_of: moment() };
    for (const [name, value] of Object.entries(said)) {
      const field = event.target.elements[name];
      if (field) field.value = value;
    }
  }, true);

  document.addEventListener("input", function (event) {
    if (event.target.name === "table" && event.target.closest(".catalogue")) find(event);
  });
  document.addEventListener("trigpoint:trouble", () => ended(""));
  document.addEventListener("trigpoint:arrived", begin);
  new MutationObserver(answered).observe(document, { subtree: true, childList: true });
  begin();

  /* A cell of the grid: a released figure opens where it comes from, a hidden one has its mark. */
  const named = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  named.TrigpointCell = function (props) {
    const { React } = window, { data, value, colDef } = props, name = colDef.headerTooltip;
    if (name === "figure_id" && data.opens)
      return React.createElement("a", { href: "/figure/" + data.opens + moments() }, value);
    if (name !== "value" || !(data.figure || data.mark)) return plain(value, name);
    const told = data.figure ? opens(React, data) : null;
    const mark = data.mark ? React.createElement("span", { className: "mark", key: "m" }, " " + data.mark) : null;
    return React.createElement("span", null, told, mark);
  };

  function opens(React, { figure, told }) {
    const more = React.createElement("span", { className: "unseen" }, " " + figure + ", where it comes from");
    return React.createElement("button", { type: "button", className: "figure", key: "f", "data-figure": figure }, told, more);
  }

  function moments() {
    const here = new URL(location.href).searchParams, kept = new URLSearchParams();
    for (const name of ["as_of", "release", "replay"]) if (here.get(name)) kept.set(name, here.get(name));
    return kept.size ? "?" + kept : "";
  }

  function plain(value, name) {
    if (value === null || value === undefined) return "no value";
    if (typeof value !== "number" || /year/i.test(name)) return String(value);
    return reckoned(value);
  }

  /* As `reckoned` of dashboard/words.py: eight digits from the first that is not 0, and all whole ones. */
  function reckoned(value) {
    const size = Math.abs(value);
    const decimals = size ? Math.max(2, 7 - Math.floor(Math.log10(size))) : 0;
    const told = decimals > 20 ? String(Number(size.toPrecision(8)))
      : size.toLocaleString("en-GB", { maximumFractionDigits: decimals });
    return (value < 0 ? "\u2212" : "") + told;
  }
})();
