/* Long tables: <tbody data-rows="[[cell, …], …]">, the first cell of a row its head. A cell is a text, or
   {text, mark, href} or {text, mark, figure, about}. */
(function () {
  "use strict";

  const make = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  function said(cell) {
    if (cell.href) return make("a", { href: cell.href }, cell.text);
    if (!cell.figure) return cell.text;
    const about = make("span", { class: "unseen" }, " " + cell.about + ", where it comes from");
    return make("button", { class: "figure", type: "button", "data-figure": cell.figure }, cell.text, about);
  }

  function content(cell) {
    if (typeof cell === "string") return cell;
    if (!cell.mark) return said(cell);
    return make("span", {}, said(cell), " ", make("span", { class: "mark" }, "[" + cell.mark + "]"));
  }

  function row([first, ...others], heads) {
    const cells = others.map(function (cell, i) {
      const head = heads[i + 1];
      return make("td", { role: "cell", class: head.className, "data-head": head.textContent }, content(cell));
    });
    return make("tr", { role: "row" }, make("th", { scope: "row", role: "rowheader" }, content(first)), ...cells);
  }

  function lay(body) {
    const heads = [...body.closest("table").tHead.rows[0].cells];
    body.replaceChildren(...JSON.parse(body.dataset.rows).map((cells) => row(cells, heads)));
  }

  window.trigpoint.onEach("tbody[data-rows]", ["data-rows"], lay);
})();
