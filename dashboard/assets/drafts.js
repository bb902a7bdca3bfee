/* What somebody was writing when their session ended is still there after they signed in again: it is
   kept in this tab alone, for the same person and form, and forgotten once it stands there again. */
(function () {
  "use strict";

  const KEPT = "trigpoint-drafts", PUTTING_DOWN = "main form[method=post i]", QUIET = ["release"];

  /* Forms that put something down, with what somebody may have written in them. */
  const forms = () => [...document.querySelectorAll(PUTTING_DOWN)].filter(written);
  const written = (form) => fields(form).length > 0;
  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");

  function name(form) {
    const carried = [...form.elements].filter((one) => one.type === "hidden" && !QUIET.includes(one.name));
    return [new URL(form.action).pathname, ...carried.map((one) => one.value)].join(" ");
  }

  function person() {
    const who = document.querySelector(".who p");
    return who ? who.innerText : "";
  }

  function keep() {
    const drafts = {};
    for (const form of forms()) {
      const said = fields(form).filter((one) => one.value !== (one.dataset.began || ""));
      if (said.length) drafts[name(form)] = Object.fromEntries(said.map((one) => [one.name, one.value]));
    }
    const isAny = Object.keys(drafts).length > 0;
    if (isAny) sessionStorage.setItem(KEPT, JSON.stringify({ person: person(), drafts }));
    return isAny;
  }

  /* Called once a page is there: its own drafts go back into their forms. Somebody else finds none. */
  function restore() {
    for (const form of forms()) for (const one of fields(form)) one.dataset.began = one.value;
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    if (!kept || !person()) return;
    const isTheirs = kept.person === person();
    const found = isTheirs ? forms().filter((form) => name(form) in kept.drafts) : [];
    found.forEach((form) => fill(form, kept.drafts[name(form)]));
    if (found.length || !isTheirs) sessionStorage.removeItem(KEPT);
  }

  function fill(form, said) {
    for (const one of fields(form)) if (one.name in said) one.value = said[one.name];
    for (let at = form.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  }

  /* A form leaves the page, so whether the session still holds is asked before it does. */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.dataset.asked === "yes" || !form.matches(PUTTING_DOWN)) return;
    event.preventDefault();
    if (form.dataset.asked) return;
    form.dataset.asked = "now";
    const pressed = event.submitter;
    fetch("/_reload-hash").then(
      function (answer) {
        form.dataset.asked = "yes";
        if (answer.status !== 401) form.requestSubmit(pressed);
        delete form.dataset.asked;
      },
      function () { delete form.dataset.asked; }
    );
  });

  document.addEventListener("trigpoint:arrived", restore);
  window.trigpoint = Object.assign(window.trigpoint || {}, { keepDrafts: keep });
})();
