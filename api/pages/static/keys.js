// Keyboard shortcuts, switchable off (WCAG 2.1.4): j and k walk the rows, / goes to the search field,
// 1 to 9 choose in the sets of choices, a letter what it is written at (data-key), Ctrl+Enter sends the form one is typing in. In a form with
// data-quick a choice leads on to the text that goes with it, and there Enter alone sends.
"use strict";
(() => {
  const STORE = "kdt.keys";
  const button = document.getElementById("keys-toggle");
  const help = document.getElementById("keys-help");
  if (!button || !help) return;

  const on = () => localStorage.getItem(STORE) !== "off";
  const show = () => {
    button.hidden = false;
    button.textContent = on() ? "Sneltoetsen uitzetten" : "Sneltoetsen aanzetten";
    help.hidden = !on();
    document.documentElement.classList.toggle("keys", on());
  };
  button.addEventListener("click", () => {
    localStorage.setItem(STORE, on() ? "off" : "on");
    show();
  });
  show();

  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-rows] > *")];
    const links = rows.map((row) => row.querySelector("a")).filter(Boolean);
    if (links.length === 0) return false;
    const here = links.findIndex((link) => link.closest("tr, li") === document.activeElement.closest("tr, li"));
    links[Math.min(Math.max(here + step, 0), links.length - 1)].focus();
    return true;
  };

  const choose = (digit) => {
    return chosen(document.querySelectorAll("[data-digits] input[type=radio]")[digit - 1]);
  };

  const chosen = (choice) => {
    if (!choice) return false;
    choice.checked = true;
    (choice.closest("[data-quick]")?.querySelector("textarea") ?? choice).focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  const letter = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target?.matches("input[type=radio]")) return chosen(target);
    target?.focus();
    return Boolean(target);
  };

  const search = () => {
    const field = document.querySelector("input[type=search]");
    field?.focus();
    return field !== null;
  };

  document.addEventListener("keydown", (event) => {
    if (!on() || event.altKey || event.metaKey || event.isComposing) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") event.target.closest("form")?.requestSubmit();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("[data-quick] textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    const done =
      event.key === "j" ? walk(1)
      : event.key === "k" ? walk(-1)
      : event.key === "/" ? search()
      : /^[1-9]$/.test(event.key) ? choose(Number(event.key))
      : /^[a-z]$/.test(event.key) && letter(event.key);
    if (done) event.preventDefault();
  });
})();
