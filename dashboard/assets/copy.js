/* "Copy link" puts the address on the clipboard, with the moment and area it shows, and says that it did;
   other buttons put there the text that they carry. */
(function () {
  "use strict";

  function address(button) {
    const url = new URL(location.href);
    const isDated = url.searchParams.has("as_of") || url.searchParams.has("release");
    if (!isDated) url.searchParams.set("as_of", button.dataset.moment);
    if (button.dataset.area && !url.searchParams.has("area")) {
      url.searchParams.set("area", button.dataset.area);
    }
    return url.href;
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
