import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { TenantReport } from '../../api/types';
import { Badge } from '../../components/Badge';
import { DetailOf, Section } from '../../components/Detail';
import { Facts } from '../../components/Facts';
import type { Asked } from '../../components/Listing';
import type { Place } from '../../components/place';
import { Table } from '../../components/Table';
import { dollars, percent } from '../ai/ai';
import styles from './TenantDetail.module.css';
import { meaningOfScore, scoreText, wordOfTerm, type TenantsSearch } from './tenants';

interface Props {
  tenant: TenantReport | undefined;
  of: Asked;
  place: Pick<Place<TenantsSearch>, 'search' | 'go'>;
  hours: number;
}

/** What a tenant's health is made of: 100 less what each term costs. */
export const TenantDetail = ({ tenant, of, place: { search, go }, hours }: Props) => (
  <DetailOf
    title="Tenant" opened={search.tenant !== undefined} of={of} thing={tenant} onClose={() => go({ tenant: undefined })}
    missing={{ what: 'This tenant is not among those shown', hint: 'It did nothing in this time, or is further down the list.' }}
  >
    {(tenant) => ({ head: tenant.tenant_id, sub: `in the last ${hours} hours`, body: <Body tenant={tenant} /> })}
  </DetailOf>
);

function Body({ tenant }: { tenant: TenantReport }) {
  const { tenant_id } = tenant;
  const terms = [...tenant.health_terms].sort((one, other) => other.cost - one.cost);
  return (
    <>
      <Facts
        facts={[
          ['Health', <Badge key="health" meaning={meaningOfScore(tenant.health_score)}>{scoreText(tenant.health_score)} of 100</Badge>],
          ['Events', <Link key="events" className={styles.link} to="/events" search={{ tenant_id }}>{tenant.events.toLocaleString()}</Link>],
          ['Alerts', <Link key="alerts" className={styles.link} to="/alerts" search={{ tenant_id }}>{tenant.alerts.toLocaleString()} raised</Link>],
          ['Deliveries', <Link key="deliveries" className={styles.link} to="/deliveries" search={{ tenant_id }}>{tenant.deliveries.toLocaleString()}</Link>],
          ['Failures', tenant.failure_rate === null ? 'nothing was attempted' : `${percent(tenant.failure_rate)} of the attempts to deliver`],
          ['AI', <Link key="ai" className={styles.link} to="/ai" search={{ tenant_id }}>{tenant.ai_calls.toLocaleString()} calls, {dollars(tenant.ai_cost_usd)}</Link>],
          ['Anomalies', <Link key="anomalies" className={styles.link} to="/insights" search={{ tenant_id }}>{tenant.open_anomalies.toLocaleString()} open</Link>],
        ]}
      />
      <Section title="What its health is made of" testId="health-terms">
        <Table
          caption="The terms of the health score"
          heads={['Term', 'Costs', 'Value', 'Weight']}
          rows={terms.map(({ name, value, weight, cost }) => ({
            key: name,
            head: wordOfTerm(name),
            cells: [<b key="cost">{scoreText(cost)}</b>, value.toLocaleString(undefined, { maximumFractionDigits: 2 }), weight],
          }))}
        />
        <Text size="xs" c="dimmed" mt={8}>
          100 less what the terms cost is {scoreText(tenant.health_score)}. Each costs its weight times its value, which is between 0 and 1.
        </Text>
      </Section>
    </>
  );
}
