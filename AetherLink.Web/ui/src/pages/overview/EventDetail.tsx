import { Code, CopyButton, Drawer, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { aiCallsQuery, eventsQuery } from '../../api/queries';
import type { OpsEvent } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { meaningOf } from '../../components/severity';
import { keyOf, summarise } from '../../live/events';
import type { OverviewSearch } from '../../app/router';
import styles from './EventDetail.module.css';

export function EventDetail() {
  const { event: key } = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  const { data: events, isPending } = useQuery(eventsQuery);
  const { data: calls } = useQuery(aiCallsQuery);
  const event = events?.find((one) => keyOf(one) === key) ?? calls?.find((call) => call.key === key)?.event;
  const close = () => void navigate({ search: ({ event: _, ...rest }: OverviewSearch) => rest });

  return (
    <Drawer
      opened={key !== undefined}
      onClose={close}
      position="right"
      size="lg"
      classNames={{ content: styles.drawer ?? '', header: styles.drawer ?? '' }}
      title={<Text fw={600}>Event</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {event ? (
        <Details event={event} />
      ) : isPending ? (
        <Outcome state="loading" what="The event" />
      ) : (
        <Outcome state="empty" what="This event is not among the newest" hint="It is still in the event history." />
      )}
    </Drawer>
  );
}

export function Details({ event }: { event: OpsEvent }) {
  const payload = JSON.stringify(event.payload, null, 2);
  const facts: [string, ReactNode][] = [
    ['Severity', <Badge key="severity" meaning={meaningOf(event.severity)}>{event.severity}</Badge>],
    ['Happened', <Moment key="at" at={event.timestamp} seconds />],
    ['Source', event.source],
    ['Tenant', event.tenant_id],
    ['Event id', <span key="id" className={styles.mono}>{event.event_id}</span>],
    ...(event.trace_id ? [['Trace', <span key="trace" className={styles.mono}>{event.trace_id}</span>] as [string, ReactNode]] : []),
  ];
  return (
    <div data-testid="event-detail">
      <Text fw={600} size="lg" lh={1.3}>
        {summarise(event)}
      </Text>
      <Text size="sm" c="dimmed" mb="md">
        {event.event_type}
      </Text>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.payloadHead}>
        <Text fw={600} size="sm">
          Payload
        </Text>
        <CopyButton value={payload}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
      <Code block className={styles.payload} tabIndex={0}>
        {payload}
      </Code>
    </div>
  );
}
