// Before the first paint: on the first visit take the system's theme, and remember it for the server.
(() => {
  if (/(?:^|; )theme=/.test(document.cookie)) return;
  const theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
})();
