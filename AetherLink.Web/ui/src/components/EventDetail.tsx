import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { traceQuery } from '../api/queries';
import type { OpsEvent } from '../api/types';
import { keyOf, summarise } from '../live/events';
import { Badge } from './Badge';
import { DetailOf, Payload, Section } from './Detail';
import styles from './EventDetail.module.css';
import { Facts, Mono } from './Facts';
import type { Asked } from './Listing';
import { Moment } from './Moment';
import { Outcome } from './Outcome';
import { meaningOf } from './severity';

interface Props {
  eventKey: string | undefined;
  event: OpsEvent | undefined;
  /** The question whose answer it is looked for in. */
  of: Asked;
  /** What is said when the event is not there: among what it was looked for, and where else it may be. */
  missing: { what: string; hint: string };
  onClose: () => void;
  onTrace: (traceId: string) => void;
}

export const EventDetail = ({ eventKey, event, of, missing, onClose, onTrace }: Props) => (
  <DetailOf title="Event" opened={eventKey !== undefined} of={of} thing={event} missing={missing} onClose={onClose}>
    {(event) => ({
      head: summarise(event),
      sub: event.event_type,
      body: (
        <>
          <Facts
            facts={[
              ['Severity', <Badge key="severity" meaning={meaningOf(event.severity)}>{event.severity}</Badge>],
              ['Happened', <Moment key="at" at={event.timestamp} seconds />],
              ['Source', event.source],
              ['Tenant', event.tenant_id],
              ['Event id', <Mono key="id">{event.event_id}</Mono>],
              ['Trace', event.trace_id && <Mono key="trace">{event.trace_id}</Mono>],
            ]}
          />
          <Payload value={event.payload} />
          {event.trace_id && <SameTrace event={event} traceId={event.trace_id} onTrace={onTrace} />}
        </>
      ),
    })}
  </DetailOf>
);

function SameTrace({ event, traceId, onTrace }: { event: OpsEvent; traceId: string; onTrace: (traceId: string) => void }) {
  const trace = useQuery(traceQuery(traceId));
  const others = trace.data?.filter((other) => keyOf(other) !== keyOf(event)) ?? [];
  return (
    <Section
      title="The same trace"
      testId="same-trace"
      actions={
        <Button size="compact-xs" variant="default" onClick={() => onTrace(traceId)}>
          Show alone
        </Button>
      }
    >
      {trace.isPending && <Outcome state="loading" what="The trace" rows={2} />}
      {trace.isError && <Outcome state="failed" what="The trace" error={trace.error} onRetry={() => void trace.refetch()} />}
      {trace.isSuccess && others.length === 0 && (
        <Text size="xs" c="dimmed">
          No other event is of this trace.
        </Text>
      )}
      <ol className={styles.trace}>
        {others.map((other) => (
          <li key={keyOf(other)}>
            <Moment at={other.timestamp} seconds className={styles.time} />
            <span>{summarise(other)}</span>
            <Text span size="xs" c="dimmed">
              {other.event_type}
            </Text>
          </li>
        ))}
      </ol>
    </Section>
  );
}
