// Before the first paint. The cookie holds the wish and, where that is the system's, what it was last: the server renders by it.
// "dark", "light", "system-dark", "system-light".
(() => {
  const root = document.documentElement, system = matchMedia('(prefers-color-scheme: light)');
  const read = () => /(?:^|; )theme=([a-z-]+)/.exec(document.cookie)?.[1] ?? 'system';
  function show(wish) {
    const now = wish.startsWith('system') ? (system.matches ? 'light' : 'dark') : wish;
    root.dataset.theme = now;
    root.dataset.themeWish = wish.startsWith('system') ? 'system' : wish;
    document.cookie = `theme=${wish.startsWith('system') ? `system-${now}` : now}; path=/; max-age=31536000; samesite=lax`;
  }
  system.addEventListener('change', () => show(read()));
  globalThis.ssaTheme = { set: show, get wish() { return root.dataset.themeWish; } };
  show(read());
  try {
    root.dataset.rail = localStorage.getItem('rail') ?? '';
  } catch {
    root.dataset.rail = ''; // Storage is closed to this page: the rail is wide.
  }
})();
