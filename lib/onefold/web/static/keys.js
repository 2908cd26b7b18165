// Shortcuts, shown at the foot of every page. Without this file everything works by pointer and by Tab.
"use strict";
(() => {
  const on = document.getElementById("keys-on");
  const form = document.querySelector("form.answer");
  const reason = document.getElementById("reason");
  let chosen = null;

  if (on) {
    on.parentElement.hidden = false;
    on.checked = localStorage.getItem("onefold-keys") !== "off";
    on.addEventListener("change", () => localStorage.setItem("onefold-keys", on.checked ? "on" : "off"));
  }

  function choose(button) {
    for (const each of form.querySelectorAll("[data-answer]")) each.classList.toggle("chosen", each === button);
    chosen = button;
  }

  function answer(button) {
    if (button.formNoValidate || reason.value.trim()) button.click();
    else { choose(button); reason.focus(); }
  }

  if (form) {
    reason.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { choose(null); reason.blur(); }
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        if (chosen && reason.value.trim()) chosen.click();
        else if (!chosen) form.querySelector("[data-answer]").focus();
      }
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", () => { delete form.dataset.sent; });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || (on && !on.checked)) return;
    const key = event.key.toLowerCase();
    if (key.length !== 1 || !/[a-z]/.test(key)) return;
    const target = document.querySelector(`[data-answer="${key}"], [data-key="${key}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.dataset.answer) answer(target);
    else target.click();
  });
})();
