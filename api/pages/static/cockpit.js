// The meeting's page: how long the item takes, counted by the server's clock, and what is still needed
// before it can be recorded. What another records shows at once: the agenda, the progress and who is
// there are fetched anew when the server says that something changed.
"use strict";
(() => {
  const clock = document.querySelector("[data-clock]");
  const form = document.querySelector("[data-quick]");

  if (clock) {
    const offset = Date.parse(clock.dataset.now) - Date.now();
    // Of the first item nobody recorded when it began: since this tab first showed it.
    const store = `kdt.item.${location.pathname}`;
    const since = Date.parse(clock.dataset.since || (sessionStorage[store] ??= clock.dataset.now));
    const shown = clock.querySelector("[data-item]");
    const tick = () => {
      const seconds = Math.max(0, Math.floor((Date.now() + offset - since) / 1000));
      const two = String(seconds % 60).padStart(2, "0");
      shown.textContent = `${Math.floor(seconds / 60)}:${two} van ${clock.dataset.minutes} min`;
      shown.classList.toggle("late", seconds > clock.dataset.minutes * 60);
    };
    tick();
    setInterval(tick, 1000);
  }

  const live = document.querySelector("[data-live]")?.dataset.live;
  if (live) {
    const source = new EventSource(live);
    source.addEventListener("changed", async () => {
      const address = new URL(location.href);
      address.searchParams.set("following", "1");
      const answer = await fetch(address);
      if (!answer.ok) return;
      const now = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["progress", "attendance", "following"]) {
        const [here, there] = [document.getElementById(id), now.getElementById(id)];
        // Whoever is at work there is left alone.
        if (here && there && !here.contains(document.activeElement)) here.replaceWith(there);
      }
      document.dispatchEvent(new Event("kdt:followed"));
    });
    addEventListener("pagehide", () => source.close());
  }

  if (form) {
    const needs = form.querySelector("[data-needs]");
    const tell = () => {
      const chosen = form.querySelector("input[name=outcome]:checked");
      for (const reason of form.querySelectorAll("input[name=ready]:checked")) {
        reason.checked = chosen !== null && reason.closest(".choice:has([name=outcome])").contains(chosen);
      }
      const reasoned = form.querySelector("input[name=ready]:checked") || form.elements.reasons.value.trim();
      needs.textContent = needs.dataset[!chosen ? "needsOutcome" : reasoned ? "needsNothing" : "needsReasons"];
    };
    form.addEventListener("input", tell);
    form.addEventListener("change", tell);
    tell();
  }
})();
