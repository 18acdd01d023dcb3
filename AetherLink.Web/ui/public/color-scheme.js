// Before the first paint, so that nobody sees a white flash in the dark. A file of its own, because the page's content
// security policy allows no inline script. The key and the attribute are Mantine's.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value');
  } catch (refused) {
    console.debug('no storage', refused);
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
