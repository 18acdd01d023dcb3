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
  window.aetherlinkAsked = { '/api/session': session, '/api/command-center/ops/health': health };

  // What stands in the page until the application does, and takes it away (src/app/ahead.ts).
  var isLost = false;
  function say(words) {
    var place = document.getElementById('ahead');
    if (!place) return;
    var line = document.createElement('p');
    line.setAttribute('data-testid', 'state-sentence');
    line.textContent = words;
    place.replaceChildren(line);
  }
  // An application that does not come keeps nothing up to date.
  window.addEventListener(
    'error',
    function (event) {
      if (event.target.tagName !== 'SCRIPT') return;
      isLost = true;
      say('The pages could not be loaded. Please load them again.');
    },
    true,
  );

  // The overview's sentence: in the words of src/pages/overview/state.ts, as far as the services alone decide them.
  // src/app/ahead.test.ts holds the two together.
  health
    .then(function (answer) {
      var isOverview = location.pathname === '/' && !/[?&]at=/.test(location.search);
      return isOverview && answer && answer.ok ? answer.clone().json() : undefined;
    })
    .then(function (mesh) {
      if (mesh && !isLost) say(sentenceOf(Object.values(mesh.services)));
    })
    .catch(quiet);

  function sentenceOf(services) {
    function like(status) {
      return services.filter(function (one) {
        return one.status === status;
      });
    }
    function count(some) {
      return some.toLocaleString() + ' of ' + services.length.toLocaleString() + (services.length === 1 ? ' service' : ' services');
    }
    var down = like('down').concat(like('unhealthy'));
    var up = like('up').length;
    var unknown = like('unknown').length;
    if (services.length === 0) return 'No services are known yet';
    if (down.length > 0) return count(down.length) + ' down' + since(down);
    if (up + unknown < services.length) return count(services.length - up - unknown) + ' not fully up';
    if (up === 0) return 'Nothing is known of the services';
    if (unknown > 0) return count(up) + ' up, and of the others nothing is known';
    return up === 1 ? 'The one service is up' : 'All ' + up.toLocaleString() + ' services are up';
  }

  // As src/components/clock.ts writes a time.
  function since(down) {
    var times = down
      .map(function (one) {
        return Date.parse(one.since);
      })
      .filter(function (time) {
        return !Number.isNaN(time);
      });
    if (times.length === 0) return '';
    var first = Math.min.apply(null, times);
    var parts = { hour: '2-digit', minute: '2-digit', hour12: false };
    if (Math.abs(Date.now() - first) > 24 * 60 * 60 * 1000) Object.assign(parts, { month: 'short', day: 'numeric' });
    return ' since ' + new Intl.DateTimeFormat(undefined, parts).format(first);
  }
})();
