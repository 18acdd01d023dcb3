import { Button, Drawer, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { OpsEvent } from '../../api/types';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { keyOf, summarise } from '../../live/events';
import { Details } from '../overview/EventDetail';
import detail from '../overview/EventDetail.module.css';
import styles from './EventsPage.module.css';
import { traceQuery } from './queries';

interface Props {
  eventKey: string | undefined;
  event: OpsEvent | undefined;
  isPending: boolean;
  onClose: () => void;
  onTrace: (traceId: string) => void;
}

export function TraceDetail({ eventKey, event, isPending, onClose, onTrace }: Props) {
  return (
    <Drawer
      opened={eventKey !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      classNames={{ content: detail.drawer ?? '', header: detail.drawer ?? '' }}
      title={<Text fw={600}>Event</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {event ? (
        <>
          <Details event={event} />
          {event.trace_id && <SameTrace event={event} traceId={event.trace_id} onTrace={onTrace} />}
        </>
      ) : isPending ? (
        <Outcome state="loading" what="The event" />
      ) : (
        <Outcome state="empty" what="This event is not among those shown" hint="Other filters, or older events, may show it." />
      )}
    </Drawer>
  );
}

function SameTrace({ event, traceId, onTrace }: { event: OpsEvent; traceId: string; onTrace: (traceId: string) => void }) {
  const trace = useQuery(traceQuery(traceId));
  const others = trace.data?.filter((other) => keyOf(other) !== keyOf(event)) ?? [];
  return (
    <section aria-label="The same trace" className={styles.trace} data-testid="same-trace">
      <div className={styles.traceHead}>
        <Text fw={600} size="sm">
          The same trace
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => onTrace(traceId)}>
          Show alone
        </Button>
      </div>
      {trace.isPending && <Outcome state="loading" what="The trace" rows={2} />}
      {trace.isError && <Outcome state="failed" what="The trace" error={trace.error} onRetry={() => void trace.refetch()} />}
      {trace.isSuccess && others.length === 0 && (
        <Text size="xs" c="dimmed">
          No other event is of this trace.
        </Text>
      )}
      <ol className={styles.traceList}>
        {others.map((other) => (
          <li key={keyOf(other)}>
            <Moment at={other.timestamp} seconds className={styles.traceTime} />
            <span>{summarise(other)}</span>
            <Text span size="xs" c="dimmed">
              {other.event_type}
            </Text>
          </li>
        ))}
      </ol>
    </section>
  );
}
