// Marks, for a moment, the rows that changed since this tab last showed them. Rows carry data-version.
"use strict";
(() => {
  const STORE = "kdt.versions";

  const mark = (root) => {
    const seen = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    for (const row of root.querySelectorAll("[data-version][id]")) {
      const before = seen[row.id];
      if (before !== undefined && before !== row.dataset.version) {
        row.classList.add("changed");
        setTimeout(() => row.classList.remove("changed"), 2500);
      }
      seen[row.id] = row.dataset.version;
    }
    sessionStorage.setItem(STORE, JSON.stringify(seen));
  };

  mark(document);
  for (const swapped of ["htmx:after:swap", "kdt:followed"]) {
    document.addEventListener(swapped, () => mark(document));
  }
})();
