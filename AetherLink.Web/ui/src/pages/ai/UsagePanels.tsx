import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AiUsage } from '../../api/types';
import { Bars } from '../../components/Bars';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { Table } from '../../components/Table';
import { dollars, duration, everyHour, percent } from './ai';
import styles from './AiPage.module.css';
import { tenantsQuery } from './queries';

const nothing = { what: 'No calls in the last 24 hours' };

/** What was asked and what it cost: over time, and by intent, provider and tenant. */
export function UsagePanels({ usage, tenant }: { usage: UseQueryResult<AiUsage>; tenant: string | undefined }) {
  const tenants = useQuery(tenantsQuery(tenant));
  const { by_hour: hours = [], by_intent: intents = {}, by_provider: providers = {} } = usage.data ?? {};
  // Drawn anew when the answer is another one, and not each time that the page is.
  const byHour = useMemo(() => {
    const [told, now] = [usage.data?.by_hour ?? [], Date.now()];
    return { calls: everyHour(told, now, ({ calls }) => calls), cost: everyHour(told, now, ({ cost_usd }) => cost_usd) };
  }, [usage.data]);
  const byTenant = Object.entries(tenants.data ?? {});
  const rows = (figures: AiUsage['by_intent']) =>
    Object.entries(figures).map(([name, one]) => ({
      key: name,
      head: name,
      cells: [one.calls.toLocaleString(), percent(one.success_rate), duration(one.latency_ms.p50), duration(one.latency_ms.p95), dollars(one.cost_usd)],
    }));
  const heads = ['Calls', 'Successful', 'p50', 'p95', 'Cost'];
  return (
    <>
      <div className={styles.columns}>
        <Panel title="Calls" note="by hour, of the last 24">
          <Listing of={usage} what="The calls" count={usage.data && hours.length} empty={nothing}>
            <Bars unit="calls" hours={byHour.calls} />
          </Listing>
        </Panel>
        <Panel title="Cost" note="by hour, of the last 24">
          <Listing of={usage} what="The cost" count={usage.data && hours.length} empty={nothing}>
            <Bars unit="USD" hours={byHour.cost} told={dollars} />
          </Listing>
        </Panel>
      </div>
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
              heads={['Tenant', 'Calls', 'Tokens', 'Cost']}
              rows={byTenant.map(([name, one]) => ({
                key: name,
                head: name,
                cells: [one.calls.toLocaleString(), (one.input_tokens + one.output_tokens).toLocaleString(), dollars(one.cost_usd)],
              }))}
            />
          </Listing>
        </Panel>
      </div>
    </>
  );
}
