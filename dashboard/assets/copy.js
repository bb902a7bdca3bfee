/* "Copy link" puts the address on the clipboard, with the moment and area it shows, and says that it did;
   other buttons put there the text that they carry. */
(function () {
  "use strict";

  function address(button) {
    const url = new URL(location.href);
    const isDated = (url.searchParams.get("as_of") || "now") !== "now" || url.searchParams.has("release");
    if (!isDated) url.searchParams.set("as_of", button.dataset.moment);
    const area = button.dataset.area || ofThePage();
    if (area && !url.searchParams.has("area")) url.searchParams.set("area", area);
    return url.href;
  }

  /* The drawer's own button does not know of which area the page under it is. */
  function ofThePage() {
    const own = document.querySelector(".bar [data-copy=address]");
    return own && own.dataset.area;
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const isLink = button.dataset.copy === "address";
    const said = button.parentElement.querySelector("[role=status]");
    navigator.clipboard.writeText(isLink ? address(button) : button.dataset.copy).then(
      function () { said.textContent = isLink ? "Link copied" : "Citation copied"; },
      function () { said.textContent = isLink ? "Copy it from the address bar" : "Select and copy it"; }
    );
  });
})();
