/* Every figure is a button: it opens the drawer with its passport, and the address says so. */
(function () {
  "use strict";

  function keep(figure) {
    const url = new URL(location.href);
    if (figure) url.searchParams.set("figure", figure);
    else url.searchParams.delete("figure");
    history.replaceState(history.state, "", url);
  }

  function show(figure) {
    const drawer = document.getElementById("drawer");
    const { as_of, release, replay } = Object.fromEntries(new URL(location.href).searchParams);
    const say = window.dash_clientside.set_props;
    say("drawer-body", { children: "Looking it up\u2026" });
    say("figure-asked", { data: { figure, as_of, release, replay, at: Date.now() } });
    keep(figure);
    if (!drawer.open) drawer.showModal();
  }

  function close() {
    const drawer = document.getElementById("drawer");
    if (drawer && drawer.open) drawer.close();
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-figure]");
    if (button) show(button.dataset.figure);
    else if (event.target.closest("[data-close]") || event.target.id === "drawer") close();
    else if (event.target.closest("dialog a[href]")) close();
  }, true);

  document.addEventListener("close", function (event) {
    if (event.target.id === "drawer") keep(null);
  }, true);

  document.addEventListener("trigpoint:arrived", function () {
    const figure = new URL(location.href).searchParams.get("figure");
    const drawer = document.getElementById("drawer");
    if (figure && drawer && !drawer.open) show(figure);
    else if (!figure) close();
  });
})();
