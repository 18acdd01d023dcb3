// What must not wait for the application. A file of its own, because the page's content security policy allows no inline script.
(function () {
  // Before the first paint, so that nobody sees a white flash in the dark. The key and the attribute are Mantine's.
  var chosen = null;
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value');
  } catch (refused) {
    console.debug('no storage', refused);
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');

  // Every page asks who looks, and every operator's how the mesh stands: both are answered while the application is still being
  // loaded (src/api/asked.ts). Whoever may not see it is not asked for, which would be a denial.
  function ask(path) {
    return fetch(path, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
  }
  function mayLook(who) {
    return !who.rbac_enabled || who.roles.indexOf('operator') >= 0 || who.roles.indexOf('admin') >= 0;
  }
  var session = ask('/api/session');
  var health = session
    .then(function (answer) {
      return answer.clone().json();
    })
    .then(function (who) {
      return mayLook(who) ? ask('/api/command-center/ops/health') : undefined;
    });
  // What fails here is asked again by the application, which says so.
  function quiet(failure) {
    console.debug('asked too early', failure);
  }
  session.catch(quiet);
  health.catch(quiet);
  window.aetherlinkAsked = { '/api/session': session, '/api/command-center/ops/health': health };
})();
