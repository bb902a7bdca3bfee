/* Keeps the page "Export" up to date while a file is written, and lets the server know that somebody
   looks: without that it is given up. When the file is there its links appear, and it is said once. */
(function () {
  "use strict";

  const EACH_MS = 1000;

  function look(place) {
    fetch("/exports/" + place.dataset.export + "/state.json")
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((now) => { if (now) show(place, now); })
      .catch(() => { /* the next look may reach the server */ });
  }

  function show(place, now) {
    const progress = place.querySelector("progress");
    place.querySelector("span").textContent = now.said;
    progress.max = now.of || 1;
    progress.value = now.rows || 0;
    if (now.state === "making" || place.dataset.state !== "making") return;
    place.dataset.state = now.state;
    progress.hidden = true;
    end(place.dataset.export, now);
  }

  function end(id, now) {
    const ways = document.querySelector('[data-of="' + id + '"]');
    for (const part of ["file", "note"]) {
      const link = ways.querySelector('[data-part="' + part + '"]');
      if (now[part]) link.href = now[part];
      link.hidden = !now[part];
    }
    ways.querySelector("button").textContent = "Delete";
    document.querySelector(".export-said").textContent = now.said;
  }

  setInterval(function () {
    document.querySelectorAll('[data-export][data-state="making"]').forEach(look);
  }, EACH_MS);
})();
