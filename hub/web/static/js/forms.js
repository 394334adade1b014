// Makes a form of a service lighter; everything works without it. Hides what is not asked given the
// answers so far (its "only if" is said in words otherwise), and keeps a press from sending twice.

/** @param {HTMLFormElement} form */
function answersOf(form, name) {
  return new FormData(form).getAll(name).map(String);
}

/** Hide what hangs on an answer that was not given; a hidden one hides what hangs on it. */
function refresh(form) {
  const hidden = new Set();
  for (const part of form.querySelectorAll("[data-only-if]")) {
    const wanted = part.dataset.onlyValues.split(" ");
    const given = hidden.has(part.dataset.onlyIf) ? [] : answersOf(form, part.dataset.onlyIf);
    part.hidden = !given.some((value) => wanted.includes(value));
    if (part.hidden) for (const control of part.querySelectorAll("[name]")) hidden.add(control.name);
    for (const words of part.querySelectorAll(".form-only")) words.hidden = true;
  }
}

for (const form of document.querySelectorAll("form[data-service-form]")) {
  form.addEventListener("change", () => refresh(form));
  form.addEventListener("submit", (event) => {
    if (form.dataset.isSent) event.preventDefault();
    form.dataset.isSent = "1";
  });
  // Back from the page after: the form may be sent again.
  window.addEventListener("pageshow", () => delete form.dataset.isSent);
  refresh(form);
}
document.getElementById("periksa")?.focus();
