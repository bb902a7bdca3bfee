/* The big screen: ten rows a page, arrows or a remote turn it, Esc leaves, and every minute it asks
   for what is new. Focus never moves. */
(function () {
  "use strict";

  const ROWS = 10, EVERY_MS = 60000;
  const TURNS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  let page = 0, held = null;

  const wall = () => document.querySelector(".wall");

  function show() {
    const rows = [...wall().querySelectorAll("tbody tr")];
    const pages = Math.max(Math.ceil(rows.length / ROWS), 1);
    page = Math.min(Math.max(page, 0), pages - 1);
    rows.forEach((row, place) => { row.hidden = Math.floor(place / ROWS) !== page; });
    const said = wall().querySelector(".turned");
    const text = "Page " + (page + 1) + " of " + pages + ".";
    if (said && said.textContent !== text) said.textContent = text;
  }

  /* What is brought up to date is made anew; who stood on a figure stands on it again. */
  function keep() {
    const isLost = held && document.activeElement === document.body;
    const again = isLost && [...wall().querySelectorAll("button, a")].find((one) => name(one) === held);
    if (again) again.focus({ preventScroll: true });
  }

  const name = (one) => one.dataset.figure || one.getAttribute("href");

  document.addEventListener("focusin", function (event) {
    held = event.target.closest(".wall") ? name(event.target) : null;
  });

  document.addEventListener("pointerdown", function () { held = null; });

  function ask() {
    if (!wall()) return;
    const { area, moment, release, replay } = wall().dataset;
    const data = { area, as_of: moment || null, release: release || null, replay: replay || null, at: Date.now() };
    window.dash_clientside.set_props("screen-asked", { data });
  }

  document.addEventListener("keydown", function (event) {
    if (!wall() || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      const leave = wall().dataset.leave;
      page = 0;
      window.trigpoint.go(leave);
    } else if (event.key in TURNS) {
      event.preventDefault();
      page += TURNS[event.key];
      show();
    }
  });

  new MutationObserver(function () {
    if (!wall()) return;
    show();
    keep();
  }).observe(document, {
    subtree: true,
    childList: true,
  });
  window.setInterval(ask, EVERY_MS);
})();
