import { useSearch } from '@tanstack/react-router';
import { AiCallsPanel } from './AiCallsPanel';
import { AlertsPanel } from './AlertsPanel';
import { DeliveriesPanel } from './DeliveriesPanel';
import { EventsPanel } from './EventsPanel';
import { HealsPanel } from './HealsPanel';
import { OpenEvent } from './OpenEvent';
import styles from './OverviewPage.module.css';
import { ProvidersPanel } from './ProvidersPanel';
import { TryIntentPanel } from './TryIntentPanel';

export { TimelinePanel } from './TimelinePanel';
export { TryIntentPanel };

/** What stands below the services: what is to be done, what happens, and what can be tried. */
export function Panels({ tenant }: { tenant: string | null }) {
  const { at } = useSearch({ from: '/signed-in/' });
  return (
    <>
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
          <TryIntentPanel tenant={tenant} />
        </div>
      </div>
      <OpenEvent />
    </>
  );
}
