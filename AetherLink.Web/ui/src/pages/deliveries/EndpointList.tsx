import { Button, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { explain } from '../../api/problem';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { formatDuration } from '../../live/events';
import { mayConfigure } from '../../session/session';
import type { Place } from './DeliveriesPage';
import { stateOfEndpoint } from './deliveries';
import { cooldownsQuery, useClearCooldown, useTestSend, webhooksQuery } from './queries';

/** Endpoints hold secrets, so that they are an admin's; an operator sees which of them are cooling down. */
export const EndpointList = ({ place }: { place: Place }) => (mayConfigure(place.session) ? <Webhooks place={place} /> : <Cooldowns />);

function Webhooks({ place: { go } }: { place: Place }) {
  const found = useInfiniteQuery(webhooksQuery);
  const test = useTestSend();
  const clear = useClearCooldown();
  const webhooks = found.data?.pages.flatMap((page) => page.webhooks) ?? [];
  return (
    <Panel
      title="Endpoints" note="how each is doing"
      actions={<Button size="compact-xs" onClick={() => go({ edit: 'new' })} data-testid="endpoint-new">New endpoint</Button>}
    >
      <Listing of={found} what="The endpoints" count={found.data && webhooks.length} empty={{ what: 'No endpoints yet', hint: 'Make one, and alerts are told to it.' }}>
        <Rows label="Endpoints">
          {webhooks.map((webhook) => {
            const state = stateOfEndpoint(webhook);
            const tested = test.data?.id === webhook.id ? test.data : undefined;
            return (
              <Row
                key={webhook.id}
                testId="endpoint-row"
                meaning={state.meaning === 'good' ? undefined : state.meaning}
                lead={<Badge meaning={state.meaning}>{state.word}</Badge>}
                title={webhook.url}
                onOpen={() => go({ edit: webhook.id })}
                subs={[
                  state.why,
                  <>
                    {webhook.kind} · {webhook.event_types.join(', ')} · {webhook.severity} or worse · {webhook.tenant_id ?? 'all tenants'}
                  </>,
                  <>
                    last taken {webhook.last_success_at ? <Moment at={webhook.last_success_at} /> : 'never'}, last failed{' '}
                    {webhook.last_failure_at ? <Moment at={webhook.last_failure_at} /> : 'never'}
                  </>,
                  tested && (
                    <Text span size="xs" c={tested.status === 'delivered' ? 'var(--good)' : 'var(--bad)'} role="status" data-testid="test-result">
                      The test was {tested.status === 'delivered' ? 'taken' : 'not taken'} in {formatDuration(tested.attempt.duration_ms)}
                      {tested.attempt.http_status !== null && `, HTTP ${tested.attempt.http_status}`}
                      {tested.attempt.error && `: ${tested.attempt.error}`}
                    </Text>
                  ),
                  test.isError && test.variables === webhook.id && <Text span size="xs" c="var(--bad)" role="alert">{explain(test.error)}</Text>,
                  clear.isError && clear.variables === webhook.id && <Text span size="xs" c="var(--bad)" role="alert">{explain(clear.error)}</Text>,
                ]}
                end={
                  <>
                    {webhook.cooldown_until && (
                      <Button size="compact-xs" variant="default" loading={clear.isPending && clear.variables === webhook.id} onClick={() => clear.mutate(webhook.id)}>
                        End the cooldown
                      </Button>
                    )}
                    <Button
                      size="compact-xs" variant="default" loading={test.isPending && test.variables === webhook.id}
                      aria-label={`Send a test to ${webhook.url}`} onClick={() => test.mutate(webhook.id)} data-testid="test-send"
                    >
                      Send a test
                    </Button>
                    <Button size="compact-xs" variant="default" onClick={() => go({ view: undefined, endpoint_id: webhook.id })}>
                      Deliveries
                    </Button>
                  </>
                }
              />
            );
          })}
        </Rows>
        <Older of={found} what="endpoints" />
      </Listing>
    </Panel>
  );
}

function Cooldowns() {
  const found = useInfiniteQuery(cooldownsQuery);
  const cooldowns = found.data?.pages.flatMap((page) => page.cooldowns) ?? [];
  return (
    <Stack gap="sm">
      <Panel title="Cooling down" note="endpoints that are left alone for a while">
        <Listing of={found} what="The cooldowns" count={found.data && cooldowns.length} empty={{ what: 'No endpoint is cooling down', good: true }}>
          <Rows label="Cooldowns">
            {cooldowns.map((cooldown) => (
              <Row
                key={cooldown.endpoint_id}
                testId="cooldown-row"
                meaning="attention"
                lead={<Badge meaning="attention">cooling down</Badge>}
                title={cooldown.endpoint_url}
                subs={[
                  cooldown.reason,
                  <>
                    until <Moment at={cooldown.until} seconds /> · {cooldown.failures} failures in a row · {cooldown.tenant_id ?? 'all tenants'}
                  </>,
                ]}
              />
            ))}
          </Rows>
          <Older of={found} what="cooldowns" />
        </Listing>
      </Panel>
      <Text size="xs" c="dimmed">
        Endpoints themselves, their tests and the ends of cooldowns are for admins.
      </Text>
    </Stack>
  );
}
