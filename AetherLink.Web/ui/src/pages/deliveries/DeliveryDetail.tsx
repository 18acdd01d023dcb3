import { Anchor, Button, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { explain } from '../../api/problem';
import type { DeliveryAttempt, DeliveryDetail as Detailed } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Actions, Detail, Payload, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Row, Rows } from '../../components/Rows';
import { formatDuration } from '../../live/events';
import type { Place } from './DeliveriesPage';
import { mayReplay, meaningOfStatus, wordOfStatus, wordOfTriage } from './deliveries';
import { deliveryQuery, newKey, useReplay } from './queries';

/** The delivery that the address names, with all that was tried. */
export function DeliveryDetail({ place: { search, go } }: { place: Place }) {
  const found = useQuery({ ...deliveryQuery(search.delivery ?? ''), enabled: search.delivery !== undefined });
  return (
    <Detail title="Delivery" opened={search.delivery !== undefined} onClose={() => go({ delivery: undefined })}>
      {found.data ? (
        <Body key={found.data.delivery.id} of={found.data} go={go} />
      ) : found.isError ? (
        <Outcome state="failed" what="The delivery" error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />
      ) : (
        <Outcome state="loading" what="The delivery" rows={8} />
      )}
    </Detail>
  );
}

const whose: Record<string, string> = { ours: 'our fault', network: "the network's fault", theirs: "the receiver's fault" };

function Body({ of: { delivery, payload, attempts, replays }, go }: { of: Detailed; go: Place['go'] }) {
  const replay = useReplay();
  // One key for as long as the drawer is open: a second press is the same wish.
  const [key] = useState(newKey);
  const other = (id: string) => (
    <Anchor component="button" type="button" size="sm" ta="left" onClick={() => go({ delivery: id })}>
      <Mono>{id}</Mono>
    </Anchor>
  );
  return (
    <div data-testid="delivery-detail">
      <Text fw={600} size="lg" lh={1.3}>
        {delivery.event_type}
      </Text>
      <Text size="sm" c="dimmed" mb="md">
        to {delivery.endpoint_url}
      </Text>
      {mayReplay(delivery) && (
        <Actions>
          <Button
            size="xs" loading={replay.isPending} data-testid="replay-one"
            onClick={() => replay.mutate({ id: delivery.id, key }, { onSuccess: ({ new_id }) => go({ delivery: new_id }) })}
          >
            Replay
          </Button>
        </Actions>
      )}
      {replay.isError && (
        <Text size="sm" c="var(--bad)" role="alert" mb="sm">
          {explain(replay.error)}
        </Text>
      )}
      <Facts
        facts={[
          ['Status', <Badge key="status" meaning={meaningOfStatus[delivery.status] ?? 'neutral'}>{delivery.in_flight === true ? 'on the way' : wordOfStatus[delivery.status]}</Badge>],
          ['Triage', delivery.triage && `${wordOfTriage[delivery.triage.label ?? 'unknown']} (${delivery.triage.score} of 100): ${delivery.triage.advice}`],
          ['Tenant', delivery.tenant_id],
          ['Made', <Moment key="made" at={delivery.created_at} seconds />],
          ['Ended', delivery.completed_at && <Moment key="ended" at={delivery.completed_at} seconds />],
          ['Next attempt', delivery.next_attempt_at && <Moment key="next" at={delivery.next_attempt_at} seconds />],
          ['Folded', delivery.folded > 0 ? `${delivery.folded} events like it` : undefined],
          ['Event id', <Mono key="event">{delivery.event_id}</Mono>],
          ['Message id', <Mono key="message">{delivery.message_id}</Mono>],
          ['Replay of', delivery.original_id && <span key="original">{other(delivery.original_id)} by {delivery.replayed_by}</span>],
          ['Replays', replays.length > 0 && <span key="replays">{replays.map((id) => <div key={id}>{other(id)}</div>)}</span>],
        ]}
      />
      <Section title={`Attempts (${attempts.length})`}>
        {attempts.length === 0 ? <Outcome state="empty" what="It was not attempted yet" /> : (
          <Rows label="Attempts">
            {attempts.map((attempt) => (
              <Attempt key={attempt.number} attempt={attempt} />
            ))}
          </Rows>
        )}
      </Section>
      <Payload value={payload} />
    </div>
  );
}

export function Attempt({ attempt }: { attempt: DeliveryAttempt }) {
  const good = attempt.error === null && !attempt.lease_lost;
  return (
    <Row
      testId="attempt-row"
      lead={<Moment at={attempt.at} seconds />}
      title={attempt.http_status === null ? (good ? 'Answered' : 'No answer') : `HTTP ${attempt.http_status}`}
      subs={[
        attempt.error,
        [attempt.fault && whose[attempt.fault], attempt.triage && wordOfTriage[attempt.triage], attempt.lease_lost && 'its process was lost on the way'].filter(Boolean).join(' · '),
        attempt.response_head && <Code key="head" style={{ whiteSpace: 'pre-wrap' }}>{attempt.response_head}</Code>,
      ]}
      end={<><Badge meaning={good ? 'good' : 'bad'}>{good ? 'taken' : 'failed'}</Badge><Text span size="xs" c="dimmed">{formatDuration(attempt.duration_ms)}</Text></>}
    />
  );
}
