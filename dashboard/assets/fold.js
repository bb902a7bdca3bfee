/* On a phone what stands below the headlines is folded up when a page arrives; paper has all of it. */
(function () {
  "use strict";

  const phone = window.matchMedia("(max-width: 640px)");
  const set = (isOpen) => document.querySelectorAll("details.fold").forEach((one) => { one.open = isOpen; });

  document.addEventListener("trigpoint:arrived", function () { set(!phone.matches); });
  phone.addEventListener("change", function () { set(!phone.matches); });
  window.addEventListener("beforeprint", function () { set(true); });
})();
