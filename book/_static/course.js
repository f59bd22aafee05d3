// Boxes that scroll sideways can be reached and moved with the keyboard.
(function () {
  "use strict";

  const WIDE = [
    [".pst-scrollable-table-container", "Table"],
    ["div.math", "Formula"],
    ["div.highlight pre", "Code"],
    [".cell_output", "Output"],
    [".cell_output pre", "Output"],
  ];

  function markWide() {
    for (const [selector, name] of WIDE) {
      for (const box of document.querySelectorAll(".bd-article " + selector)) {
        const wide = box.scrollWidth > box.clientWidth + 1;
        if (wide && !box.hasAttribute("tabindex")) {
          box.tabIndex = 0;
          box.setAttribute("role", "region");
          box.setAttribute("aria-label", name + ", scrolls sideways");
        }
      }
    }
  }

  function afterMaths() {
    const started = window.MathJax && window.MathJax.startup && window.MathJax.startup.promise;
    if (started) {
      started.then(markWide);
    }
    markWide();
  }

  window.addEventListener("load", () => {
    afterMaths();
    // Not on "resize": then the page may still be on its way to its new width.
    const article = document.querySelector(".bd-article");
    if (article) {
      new ResizeObserver(markWide).observe(article);
    }
  });
})();
