import { Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Silence } from '../../api/types';
import { Badge, type Meaning } from '../../components/Badge';
import { Confirm } from '../../components/Confirm';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import type { Place } from './AlertsPage';
import { useEndSilence } from './changes';
import { silencesQuery } from './queries';
import { silenceStates } from './search';
import { SilenceForm } from './SilenceForm';

const states = [
  { value: 'active', label: 'In force' },
  { value: 'pending', label: 'To come' },
  { value: 'ended', label: 'Ended' },
];

export const meaningOfSilence: Record<string, Meaning> = { active: 'attention', pending: 'neutral', ended: 'neutral' };

const words: Record<string, string> = { '=': 'is', '!=': 'is not', glob: 'is like' };

export const described = ({ matchers }: Pick<Silence, 'matchers'>): string =>
  matchers.map(({ label, op, value }) => `${label.replace('_', ' ')} ${words[op] ?? op} ${value === '' ? 'empty' : value}`).join(' and ');

export function SilenceList({ place: { search, tenant, go } }: { place: Place }) {
  const state = silenceStates.find((known) => known === search.silence_state) ?? 'active';
  const found = useInfiniteQuery(silencesQuery({ state }));
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Silence>();
  const end = useEndSilence();
  const silences = found.data?.pages.flatMap((page) => page.silences) ?? [];
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs" aria-label="State" data={states} value={state} style={{ alignSelf: 'flex-start' }}
        onChange={(chosen) => go({ silence_state: chosen === 'active' ? undefined : chosen })}
      />
      <Panel
        title="Silences"
        note="what is muted is still recorded"
        actions={<Button size="compact-xs" onClick={() => setMaking(true)}>New silence</Button>}
      >
        <Listing of={found} what="The silences" count={found.data && silences.length} empty={{ what: state === 'active' ? 'Nothing is silenced' : 'No silence is like that', hint: 'Silence an alert from its own page, or make one here.' }}>
          <Rows label="Silences">
            {silences.map((silence) => (
              <Row
                key={silence.silence_id}
                testId="silence-row"
                lead={<Badge meaning={meaningOfSilence[silence.state] ?? 'neutral'}>{states.find(({ value }) => value === silence.state)?.label.toLowerCase()}</Badge>}
                title={described(silence)}
                onOpen={() => go({ silence: silence.silence_id })}
                subs={[
                  silence.reason,
                  <>
                    by {silence.author} · {silence.state === 'ended' ? 'ended' : 'until'} <Moment at={silence.ends_at} />
                    {silence.until_resolved && silence.state !== 'ended' && ', or when its alerts have ended'}
                    {silence.tenant_id && ` · ${silence.tenant_id}`}
                  </>,
                ]}
                end={silence.state !== 'ended' && <Button size="compact-xs" variant="default" onClick={() => setEnding(silence)}>End now</Button>}
              />
            ))}
          </Rows>
          <Older of={found} what="silences" />
        </Listing>
      </Panel>
      <SilenceForm opened={making} begin={{ matchers: [{ label: 'rule', op: '=', value: '' }], tenant_id: tenant }} tenant={tenant} onClose={() => setMaking(false)} />
      <Confirm
        opened={ending !== undefined}
        title="End this silence"
        action="End it"
        pending={end.isPending}
        error={end.error}
        onClose={() => setEnding(undefined)}
        onConfirm={() => ending && end.mutate(ending.silence_id, { onSuccess: () => setEnding(undefined) })}
      >
        <Text size="sm">Alerts that it mutes and that still fire will notify again.</Text>
      </Confirm>
    </Stack>
  );
}
