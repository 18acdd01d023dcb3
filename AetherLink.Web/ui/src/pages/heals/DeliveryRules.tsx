import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HealingRule } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Confirm } from '../../components/Confirm';
import { Detail } from '../../components/Detail';
import { Listing } from '../../components/Listing';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import type { Place } from '../../components/place';
import { Row, Rows } from '../../components/Rows';
import { mayConfigure } from '../../session/session';
import { sentences } from './deliveryRule';
import { DeliveryRuleForm } from './DeliveryRuleForm';
import type { HealsSearch } from './heals';
import { deliveryRulesQuery, useDeleteDeliveryRule } from './queries';

/** The rules by which failed deliveries heal; an admin changes them here. */
export function DeliveryRules({ place: { search, session, tenant, go } }: { place: Place<HealsSearch> }) {
  const rules = useQuery(deliveryRulesQuery);
  const remove = useDeleteDeliveryRule();
  const [deleting, setDeleting] = useState<HealingRule>();
  const may = mayConfigure(session);
  const editing = may ? search.rule : undefined;
  const rule = rules.data?.find(({ id }) => id === editing);
  const close = () => go({ rule: undefined });
  return (
    <Panel
      title="How deliveries heal" note={rules.data && rules.data.length > 0 ? `${rules.data.filter(({ enabled }) => enabled).length} of ${rules.data.length} are on` : undefined}
      actions={may && <Button size="compact-xs" onClick={() => go({ rule: 'new' })} data-testid="healing-rule-new">New rule</Button>}
    >
      <Listing of={rules} what="The rules" count={rules.data?.length} empty={{ what: 'No rules for deliveries', hint: may ? 'Make one, and what is safe is sent again by itself.' : 'An admin makes them.' }}>
        <Rows label="Rules for deliveries">
          {(rules.data ?? []).map((one) => (
            <Row
              key={one.id}
              testId="healing-rule-row"
              lead={<Badge meaning={one.enabled ? 'good' : 'neutral'}>{one.enabled ? 'on' : 'off'}</Badge>}
              title={one.name}
              {...(may && { onOpen: () => go({ rule: one.id }) })}
              subs={sentences(one)}
              end={
                may && (
                  <Button size="compact-xs" variant="default" onClick={() => setDeleting(one)} aria-label={`Delete ${one.name}`} data-testid="healing-rule-delete">
                    Delete
                  </Button>
                )
              }
            />
          ))}
        </Rows>
      </Listing>
      <Detail title={editing === 'new' ? 'New rule for deliveries' : 'Rule for deliveries'} opened={editing !== undefined} onClose={close}>
        {editing === 'new' || rule ? (
          <DeliveryRuleForm key={editing} rule={rule} tenant={tenant} onClose={close} />
        ) : rules.isPending ? (
          <Outcome state="loading" what="The rule" />
        ) : (
          <Outcome state="empty" what="There is no such rule" hint="It may have been deleted." />
        )}
      </Detail>
      <Confirm
        opened={deleting !== undefined} title={`Delete ${deleting?.name ?? 'the rule'}`} action="Delete" danger pending={remove.isPending} error={remove.error}
        onClose={() => setDeleting(undefined)} onConfirm={() => deleting && remove.mutate(deleting.id, { onSuccess: () => setDeleting(undefined) })}
      >
        <Text size="sm">It cannot be brought back. Switched off, it would be kept.</Text>
      </Confirm>
    </Panel>
  );
}
