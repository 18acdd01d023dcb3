import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { AiUsage } from '../../api/types';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { Table } from '../../components/Table';
import { dollars, duration, percent, sumsOf } from './ai';
import styles from './AiPage.module.css';
import { usageQuery } from './queries';

const nothing = { what: 'No calls in the last 24 hours' };

/** What was asked, how it went and what it cost, by intent, provider and tenant. */
export function UsagePanels({ usage, tenant }: { usage: UseQueryResult<AiUsage>; tenant: string | undefined }) {
  const tenants = useQuery(usageQuery(tenant, 'tenant'));
  const { by_intent: intents = {}, by_provider: providers = {} } = usage.data ?? {};
  const byTenant = sumsOf(tenants.data?.series ?? []);
  const rows = (figures: AiUsage['by_intent']) =>
    Object.entries(figures).map(([name, one]) => ({
      key: name,
      head: name,
      // What a phone shows first is what was used.
      cells: [one.calls.toLocaleString(), dollars(one.cost_usd), percent(one.success_rate), duration(one.latency_ms.p50), duration(one.latency_ms.p95)],
    }));
  const heads = ['Calls', 'Cost', 'Successful', 'p50', 'p95'];
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <Panel title="By intent">
          <Listing of={usage} what="The use" count={usage.data && Object.keys(intents).length} empty={nothing}>
            <Table caption="By intent" heads={['Intent', ...heads]} rows={rows(intents)} />
          </Listing>
        </Panel>
        <Panel title="By provider">
          <Listing of={usage} what="The use" count={usage.data && Object.keys(providers).length} empty={nothing}>
            <Table caption="By provider" heads={['Provider', ...heads]} rows={rows(providers)} />
          </Listing>
        </Panel>
      </div>
      <Panel title="By tenant" note="in the last 24 hours">
        <Listing of={tenants} what="The use" count={tenants.data && byTenant.length} empty={nothing}>
          <Table
            caption="By tenant"
            heads={['Tenant', 'Calls', 'Cost', 'Tokens']}
            rows={byTenant.map(({ name = 'all others', calls, tokens, cost }) => ({ key: name, head: name, cells: [calls.toLocaleString(), dollars(cost), tokens.toLocaleString()] }))}
          />
        </Listing>
      </Panel>
    </div>
  );
}
