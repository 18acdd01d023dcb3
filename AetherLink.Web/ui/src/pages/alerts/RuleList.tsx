import { Button, Stack, Switch, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { explain } from '../../api/problem';
import type { AlertRule, AlertTemplate } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Confirm } from '../../components/Confirm';
import { Listing } from '../../components/Listing';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { meaningOf } from '../../components/severity';
import { span } from '../../components/span';
import type { Place } from './AlertsPage';
import { useDeleteRule, useSwitchRule } from './changes';
import { rulesQuery } from './queries';

type Counted = Pick<AlertTemplate['rule'], 'threshold' | 'window_seconds' | 'event_type' | 'severity' | 'source' | 'group_by'>;

const words = (list: string): string => list.split(',').join(' or ');

/** What a rule counts, as a sentence. */
export function sentence(rule: Counted): string {
  const events = [
    rule.severity ? words(rule.severity) : undefined,
    rule.threshold === 1 ? 'event' : 'events',
    rule.event_type ? `of ${words(rule.event_type)}` : undefined,
    rule.source ? `from ${rule.source}` : undefined,
  ].filter((part) => part !== undefined);
  return `Fires at ${rule.threshold.toLocaleString()} ${events.join(' ')} within ${span(rule.window_seconds)}${rule.group_by ? `, for each ${rule.group_by}` : ''}`;
}

export function RuleList({ place: { go } }: { place: Place }) {
  const found = useInfiniteQuery(rulesQuery);
  const turn = useSwitchRule();
  const remove = useDeleteRule();
  const [deleting, setDeleting] = useState<AlertRule>();
  const rules = found.data?.pages.flatMap((page) => page.rules) ?? [];
  return (
    <Stack gap="sm">
      <Panel
        title="Rules"
        note={rules.length > 0 ? `${rules.filter((rule) => rule.enabled).length} of ${rules.length}${found.hasNextPage ? ' or more' : ''} are on` : undefined}
        actions={<Button size="compact-xs" onClick={() => go({ rule: 'new' })} data-testid="rule-new">New rule</Button>}
      >
        {turn.isError && <Text size="sm" c="var(--bad)" role="alert" p="sm">{explain(turn.error)}</Text>}
        <Listing of={found} what="The rules" count={found.data && rules.length} empty={{ what: 'No rules yet', hint: 'Make one, or begin with a template.' }}>
          <Rows label="Rules">
            {rules.map((rule) => (
              <Row
                key={rule.rule_id}
                testId="rule-row"
                lead={<Badge meaning={meaningOf(rule.alert_severity ?? 'critical')}>{rule.alert_severity}</Badge>}
                title={rule.name}
                onOpen={() => go({ rule: rule.rule_id })}
                subs={[
                  sentence(rule),
                  `${rule.tenant_id ?? 'each tenant by itself'} · by ${rule.updated_by}${(rule.overflowed ?? 0) > 0 ? ` · ${rule.overflowed?.toLocaleString()} events of too many groups were not counted` : ''}`,
                ]}
                end={
                  <>
                    <Switch
                      size="sm"
                      checked={turn.isPending && turn.variables.id === rule.rule_id ? turn.variables.enabled : (rule.enabled ?? true)}
                      onChange={(event) => turn.mutate({ id: rule.rule_id, enabled: event.currentTarget.checked })}
                      aria-label={`${rule.name} is on`}
                    />
                    <Button size="compact-xs" variant="default" onClick={() => go({ view: undefined, state: undefined, rule_id: rule.rule_id })}>
                      Alerts
                    </Button>
                    <Button size="compact-xs" variant="default" onClick={() => setDeleting(rule)} aria-label={`Delete ${rule.name}`} data-testid="rule-delete">
                      Delete
                    </Button>
                  </>
                }
              />
            ))}
          </Rows>
          <Older of={found} what="rules" />
        </Listing>
      </Panel>
      <Confirm
        opened={deleting !== undefined}
        title={`Delete ${deleting?.name ?? 'the rule'}`}
        action="Delete"
        danger
        pending={remove.isPending}
        error={remove.error}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => deleting && remove.mutate(deleting.rule_id, { onSuccess: () => setDeleting(undefined) })}
      >
        <Text size="sm">Its alerts are resolved, and the rule cannot be brought back. Switched off, it would be kept.</Text>
      </Confirm>
    </Stack>
  );
}
