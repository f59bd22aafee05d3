// Reading progress, kept in this browser only: a page read to its end gets a mark in the sidebar.
(function () {
  "use strict";

  const KEY = "course-read";
  const PAGES = /\/book\/(?:gradients|optimization|regularization|cnn|detection|faces|rnn|generative|beyond)\/[\w-]+\.html$/;

  function read() {
    try {
      return new Set(JSON.parse(localStorage.getItem(KEY)) || []);
    } catch {
      return new Set(); // storage is off, or holds something else
    }
  }

  function place(address) {
    const path = new URL(address, window.location.href).pathname;
    const found = path.match(PAGES);
    return found && !path.endsWith("-solutions.html") ? found[0] : null;
  }

  function mark() {
    const done = read();
    for (const link of document.querySelectorAll(".bd-sidebar-primary nav a.reference.internal")) {
      const here = link.getAttribute("href") === "#" ? window.location.href : link.href;
      const known = done.has(place(here));
      link.classList.toggle("is-read", known);
      const told = link.querySelector(".read-told");
      if (known && !told) {
        const words = document.createElement("span");
        words.className = "read-told visually-hidden";
        words.textContent = " (read)";
        link.append(words);
      }
    }
  }

  function remember() {
    const here = place(window.location.href);
    if (here) {
      const done = read().add(here);
      try {
        localStorage.setItem(KEY, JSON.stringify([...done].sort()));
      } catch {
        return; // nothing can be kept here
      }
      mark();
    }
  }

  function watch() {
    mark();
    const end = document.querySelector("#summary, #exercises") || document.querySelector(".prev-next-footer");
    if (end && "IntersectionObserver" in window) {
      const observer = new IntersectionObserver((seen) => {
        if (seen.some((entry) => entry.isIntersecting)) {
          observer.disconnect();
          remember();
        }
      });
      observer.observe(end.querySelector("h2") || end);
    }
  }

  window.addEventListener("DOMContentLoaded", watch);
})();
