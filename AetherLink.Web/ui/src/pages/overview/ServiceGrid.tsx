import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useMemo, type ReactNode } from 'react';
import { Outcome } from '../../components/Outcome';
import { ManyServices } from './ManyServices';
import { ServiceCard } from './ServiceCard';
import styles from './ServiceGrid.module.css';
import { narrow } from './services';
import { useMesh } from './useMesh';

// Its fields are much to load, and nobody filters what is not there yet.
const ServiceFilters = lazy(async () => ({ default: (await import('./ServiceFilters')).ServiceFilters }));

const filtersAhead = <div className={styles.ahead} />;

/** Up to so many all are shown at once; more are grouped and filtered, and only what is in sight is drawn. */
const fewServices = 24;

export function ServiceGrid() {
  const { asked, health, healing, heals } = useMesh();
  const { service, status } = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  // The sentence is drawn first, and a thousand right after it, with what filters them.
  const drawn = useDeferredValue(true, false);
  // A thousand are put in order once for an answer, and not each time that something is drawn.
  const shown = useMemo(() => narrow(health?.services ?? {}, { service, status }), [health?.services, service, status]);

  if (asked.isPending) return <Framed><Outcome state="loading" what="Services" rows={3} /></Framed>;
  if (!health) {
    return (
      <Framed>
        <Outcome state="failed" what="The services" error={asked.error} onRetry={() => void asked.refetch()} retrying={asked.isFetching} />
      </Framed>
    );
  }
  const count = Object.keys(health.services).length;
  if (count === 0) return <Framed><Outcome state="empty" what="No services are known yet" /></Framed>;
  const many = count > fewServices;
  const card = (name: string) => ({ healing: healing.includes(name), lastHeal: heals?.find((heal) => heal.service === name) });
  return (
    <section aria-label="Services">
      {(many || service !== undefined || status !== undefined) && (drawn ? (
        <Suspense fallback={filtersAhead}>
          <ServiceFilters
            service={service} status={status} shown={shown.length} count={count}
            onSet={(change) =>
              void navigate({ search: (before) => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)), replace: true })
            }
          />
        </Suspense>
      ) : filtersAhead)}
      {shown.length === 0 ? (
        <Framed><Outcome state="empty" what="No service is like that" hint="Take a filter away to see more." /></Framed>
      ) : many ? (
        drawn ? <ManyServices services={shown} card={card} /> : <div className={styles.soon} />
      ) : (
        <ul className={styles.grid} aria-label="Services">
          {shown.map(([name, one]) => (
            <li key={name} className={styles.item}>
              <ServiceCard name={name} service={one} {...card(name)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const Framed = ({ children }: { children: ReactNode }) => <div className={styles.framed}>{children}</div>;
