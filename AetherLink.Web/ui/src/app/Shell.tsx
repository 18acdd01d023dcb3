import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Text } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useEffect, useLayoutEffect, useRef } from 'react';
import { Logo } from '../components/Logo';
import { LiveProvider } from '../live/LiveProvider';
import { isIn, maySeeOperations, sessionQuery } from '../session/session';
import { takeAheadAway } from './ahead';
import { OpenDoors } from './OpenDoors';
import styles from './Shell.module.css';

// Menus and hints are much to load, and nobody opens one before there is something to see: they are asked for once that stands.
const HeaderTools = lazy(async () => ({ default: (await import('./HeaderTools')).HeaderTools }));

const pages = [
  { to: '/', name: 'Overview' },
  { to: '/events', name: 'Events' },
  { to: '/alerts', name: 'Alerts' },
  { to: '/deliveries', name: 'Deliveries' },
  { to: '/auto-heal', name: 'Auto-Heal' },
  { to: '/ai', name: 'AI' },
  { to: '/tenants', name: 'Tenants' },
  { to: '/insights', name: 'Insights' },
  { to: '/mesh', name: 'Mesh' },
  { to: '/audit', name: 'Audit' },
] as const;

export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const stands = useDeferredValue(session !== undefined, false);
  const signedOut = session !== undefined && !isIn(session);

  useLayoutEffect(takeAheadAway, []);

  // The session may end elsewhere: in another tab, or by its time.
  useEffect(() => {
    if (signedOut) void navigate({ to: '/sign-in' });
  }, [navigate, signedOut]);

  if (!session || signedOut) return null;
  const live = maySeeOperations(session);
  const page = (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <OpenDoors session={session} />
      <header className={styles.header}>
        <div className={styles.brand}>
          <Logo />
          <Text component="span" fw={650} size="md" className={styles.name}>
            AetherLink
          </Text>
        </div>
        {live && (
          <nav className={styles.nav} aria-label="Pages">
            {pages.map(({ to, name }) => (
              <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                {({ isActive }) => (isActive ? <InSight>{name}</InSight> : name)}
              </Link>
            ))}
          </nav>
        )}
        <div className={styles.tools}>
          {stands && (
            <Suspense>
              <HeaderTools session={session} live={live} />
            </Suspense>
          )}
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
  const identity = `${session.name ?? ''}|${session.roles.join(',')}|${session.tenant_id ?? ''}`;
  return live ? <LiveProvider session={identity} from={session.live_position}>{page}</LiveProvider> : page;
}

/** Where the pages are a row that is pushed aside, the one that is open is in sight. */
function InSight({ children }: { children: string }) {
  const word = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const show = () => word.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
    show();
    // Turned over, a phone has another width.
    addEventListener('resize', show);
    return () => removeEventListener('resize', show);
  }, []);
  return <span ref={word}>{children}</span>;
}
