/* What only some pages need is fetched when such a page is opened: its scripts stand in `data-needs`,
   and are loaded once, in their order. */
(function () {
  "use strict";

  const asked = new Set();

  function look() {
    for (const place of document.querySelectorAll("[data-needs]"))
      for (const address of place.dataset.needs.split(" ")) fetchOnce(address);
  }

  function fetchOnce(address) {
    if (!address || asked.has(address)) return;
    asked.add(address);
    const script = document.createElement("script");
    script.src = address;
    script.async = false;
    document.head.append(script);
  }

  document.addEventListener("trigpoint:arrived", look);
})();
