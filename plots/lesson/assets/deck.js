"use strict";
(() => {
  const slides = [...document.querySelectorAll(".slide")], body = document.body, root = document.documentElement;
  const narrow = matchMedia("(max-width: 700px)");
  let at = 0;
  const show = (n, push) => {
    at = Math.max(0, Math.min(slides.length - 1, n));
    slides.forEach((s, i) => s.classList.toggle("on", i === at));
    document.getElementById("place").textContent = (at + 1) + " / " + slides.length;
    if (push) {
      history.replaceState(null, "", "#" + (at + 1));
      if (narrow.matches) slides[at].scrollIntoView();
    }
  };
  const notes = on => {
    body.classList.toggle("with-notes", on);
    document.getElementById("notes").setAttribute("aria-pressed", String(body.classList.contains("with-notes")));
  };
  const theme = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  };
  const keys = {
    ArrowRight: () => show(at + 1, true), ArrowDown: () => show(at + 1, true), PageDown: () => show(at + 1, true), " ": () => show(at + 1, true),
    ArrowLeft: () => show(at - 1, true), ArrowUp: () => show(at - 1, true), PageUp: () => show(at - 1, true), Backspace: () => show(at - 1, true),
    Home: () => show(0, true), End: () => show(slides.length - 1, true), n: () => notes(), d: theme,
    f: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen(),
  };
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || narrow.matches && e.key.length > 1) return;
    if (e.target.tagName === "BUTTON" && (e.key === " " || e.key === "Enter")) return;
    const act = keys[e.key];
    if (act) { e.preventDefault(); act(); }
  });
  document.getElementById("back").onclick = () => show(at - 1, true);
  document.getElementById("on").onclick = () => show(at + 1, true);
  document.getElementById("notes").onclick = () => notes();
  document.getElementById("theme").onclick = theme;
  addEventListener("hashchange", () => show((parseInt(location.hash.slice(1), 10) || 1) - 1));
  let from = null;
  addEventListener("touchstart", e => { from = e.touches.length === 1 && !narrow.matches ? e.touches[0].clientX : null; }, {passive: true});
  addEventListener("touchend", e => {
    if (from === null) return;
    const moved = e.changedTouches[0].clientX - from;
    if (Math.abs(moved) > 60) show(at + (moved < 0 ? 1 : -1), true);
  }, {passive: true});
  body.classList.add("live");
  notes(new URLSearchParams(location.search).has("notes"));
  show((parseInt(location.hash.slice(1), 10) || 1) - 1);
})();
