import { SegmentedControl } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AiUsage } from '../../api/types';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { Stacks } from '../../components/Stacks';
import { dollars, groupingOf, groupings, hoursUpTo, stacksOf, type Grouping } from './ai';
import styles from './AiPage.module.css';
import type { Place } from './AiPage';

const names: Record<Grouping, string> = { provider: 'Provider', intent: 'Intent', tenant: 'Tenant' };
const nothing = { what: 'No calls in the last 24 hours' };
const count = (calls: number): string => calls.toLocaleString();

/** Calls and what they cost, hour by hour, told apart by provider, intent or tenant. */
export function UsageOverTime({ usage, place: { search, tenant, go } }: { usage: UseQueryResult<AiUsage>; place: Place }) {
  const by = groupingOf(search);
  // Drawn anew when the answer is another one, and not each time that the page is.
  const { hours, calls, cost } = useMemo(() => {
    const [series, hours] = [usage.data?.series ?? [], hoursUpTo(Date.now())];
    return { hours, calls: stacksOf(series, hours, (sum) => sum.calls), cost: stacksOf(series, hours, (sum) => sum.cost_usd) };
  }, [usage.data]);
  const note = by === 'provider' ? 'answered, by hour' : 'by hour';
  // Somebody of one tenant has no others to compare.
  const choices = groupings.filter((grouping) => grouping !== 'tenant' || tenant === null).map((value) => ({ value, label: names[value] }));
  return (
    <div className={styles.columns}>
      <Panel
        title="Calls" note={note}
        actions={<SegmentedControl size="xs" aria-label="Told apart by" data={choices} value={by} onChange={(chosen) => go({ by: chosen === 'provider' ? undefined : chosen })} data-testid="usage-by" />}
      >
        <Listing of={usage} what="The calls" count={usage.data && calls.length} empty={nothing}>
          <Stacks label={`calls by hour and ${by}`} unit="calls" hours={hours} stacks={calls} told={count} />
        </Listing>
      </Panel>
      <Panel title="Cost" note="by hour, of the last 24">
        <Listing of={usage} what="The cost" count={usage.data && cost.length} empty={nothing}>
          <Stacks label={`cost in USD by hour and ${by}`} unit="USD" hours={hours} stacks={cost} told={dollars} fractions />
        </Listing>
      </Panel>
    </div>
  );
}
