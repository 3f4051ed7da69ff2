// Keyboard shortcuts, switchable off (WCAG 2.1.4): j and k walk the rows, / goes to the search field,
// 1 to 9 choose in the sets of choices, Ctrl+Enter sends the form one is typing in. What has a
// data-key is chosen or gone to by that letter, and pressed where it has a data-press. In a form
// with data-quick a digit chooses among the reasons of what was chosen, s goes to its text, and Enter
// alone sends it.
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

  const check = (choice) => {
    if (!choice) return false;
    choice.checked = true;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  const choose = (digit) => {
    const quick = document.querySelector("[data-quick]");
    if (!quick) return check(document.querySelectorAll("[data-digits] input[type=radio]")[digit - 1]);
    const chosen = quick.querySelector("input[name=outcome]:checked")?.closest(".choice");
    return check(chosen?.querySelector(`[data-digit="${digit}"]`));
  };

  const letter = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target?.matches("input[type=radio]")) return check(target);
    target?.focus();
    if (target?.matches("[data-press]")) target.click();
    return Boolean(target);
  };

  const write = () => {
    const text = document.querySelector("[data-quick] textarea");
    text?.focus();
    return text !== null;
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
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("[data-quick] :is(textarea, [type=radio])")) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    const done =
      event.key === "j" ? walk(1)
      : event.key === "k" ? walk(-1)
      : event.key === "/" ? search()
      : event.key === "s" ? write()
      : /^[1-9]$/.test(event.key) ? choose(Number(event.key))
      : /^[a-z]$/.test(event.key) && letter(event.key);
    if (done) event.preventDefault();
  });
})();
