import { useQuery } from '@tanstack/react-query';
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
      <div className={styles.columns}>
        <EventsPanel />
        <div className={styles.side}>
          <AlertsPanel />
          <HealsPanel />
          <DeliveriesPanel />
          <ProvidersPanel />
          <AiCallsPanel />
          <TryIntentPanel tenant={session.tenant_id ?? null} />
        </div>
      </div>
      <OpenEvent />
    </>
  );
}
