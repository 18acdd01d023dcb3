import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useDeferredValue } from 'react';
import { healthQuery } from '../../api/queries';
import { Forbidden } from '../../components/Forbidden';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import { mayRunAi, maySeeOperations, sessionQuery } from '../../session/session';
import styles from './OverviewPage.module.css';
import { ServiceGrid } from './ServiceGrid';
import { StateBanner } from './StateBanner';

const rest = () => import('./Rest');
const TimelinePanel = lazy(async () => ({ default: (await rest()).TimelinePanel }));
const Panels = lazy(async () => ({ default: (await rest()).Panels }));
const TryIntentPanel = lazy(async () => ({ default: (await rest()).TryIntentPanel }));

const timelineAhead = (
  <Panel title="Timeline" className={styles.ahead ?? ''}>
    <Outcome state="loading" what="The timeline" rows={6} />
  </Panel>
);

export function OverviewPage() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (!maySeeOperations(session)) {
    return (
      <div className={styles.narrow}>
        {mayRunAi(session) ? (
          <Suspense fallback={<Outcome state="loading" what="The panel" />}>
            <TryIntentPanel tenant={session.tenant_id ?? null} />
          </Suspense>
        ) : (
          <Forbidden what="The state of the mesh" who="operators and admins" session={session} />
        )}
      </div>
    );
  }
  return <Operations tenant={session.tenant_id ?? null} />;
}

/** What is read first is drawn first: the sentence and the services. All else is loaded, asked for and drawn once these stand. */
function Operations({ tenant }: { tenant: string | null }) {
  const { isPending, failureCount } = useQuery(healthQuery);
  const stands = useDeferredValue(!isPending || failureCount > 0, false);
  return (
    <>
      <StateBanner />
      {stands ? (
        <Suspense fallback={timelineAhead}>
          <TimelinePanel />
        </Suspense>
      ) : (
        timelineAhead
      )}
      <ServiceGrid />
      {stands && (
        <Suspense>
          <Panels tenant={tenant} />
        </Suspense>
      )}
    </>
  );
}
