import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Forbidden } from '../../components/Forbidden';
import { mayRunAi, maySeeOperations, sessionQuery } from '../../session/session';
import { AiCallsPanel } from './AiCallsPanel';
import { AlertsPanel } from './AlertsPanel';
import { DeliveriesPanel } from './DeliveriesPanel';
import { EventsPanel } from './EventsPanel';
import { HealsPanel } from './HealsPanel';
import { OpenEvent } from './OpenEvent';
import styles from './OverviewPage.module.css';
import { ProvidersPanel } from './ProvidersPanel';
import { ServiceGrid } from './ServiceGrid';
import { StateBanner } from './StateBanner';
import { TimelinePanel } from './TimelinePanel';
import { TryIntentPanel } from './TryIntentPanel';

export function OverviewPage() {
  const { data: session } = useQuery(sessionQuery);
  const { at } = useSearch({ from: '/signed-in/' });
  if (!session) return null;
  if (!maySeeOperations(session)) {
    return (
      <div className={styles.narrow}>
        {mayRunAi(session) ? (
          <TryIntentPanel tenant={session.tenant_id ?? null} />
        ) : (
          <Forbidden what="The state of the mesh" who="operators and admins" session={session} />
        )}
      </div>
    );
  }
  return (
    <>
      <StateBanner />
      <TimelinePanel />
      <ServiceGrid />
      <div className={styles.few}>
        <AlertsPanel />
        <HealsPanel />
        {/* Of these nobody keeps how they stood. */}
        {at === undefined && <DeliveriesPanel />}
        {at === undefined && <ProvidersPanel />}
      </div>
      <div className={styles.columns}>
        <EventsPanel />
        <div className={styles.side}>
          <AiCallsPanel />
          <TryIntentPanel tenant={session.tenant_id ?? null} />
        </div>
      </div>
      <OpenEvent />
    </>
  );
}
