import { useInfiniteQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Choice, Typed } from '../../components/fields';
import { Figures } from '../../components/Figures';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { many } from '../../components/lanes';
import { OperatorsPage } from '../../components/OperatorsPage';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import type { Place } from '../../components/place';
import { Row, Rows } from '../../components/Rows';
import { dollars, percent } from '../ai/ai';
import { HealthChart } from './HealthChart';
import { tenantsQuery } from './queries';
import { TenantDetail } from './TenantDetail';
import { figuresOf, hoursOf, meaningOfScore, scoreText, spans, worstFirst, type TenantsSearch } from './tenants';

export const TenantsPage = () => (
  <OperatorsPage<TenantsSearch> title="Tenants" what="How tenants do">{(place) => <Tenants place={place} />}</OperatorsPage>
);

function Tenants({ place: { search, tenant, go } }: { place: Place<TenantsSearch> }) {
  const hours = hoursOf(search);
  const found = useInfiniteQuery(tenantsQuery(hours, search.tenant_id));
  const tenants = found.data && worstFirst(found.data.pages.flatMap((page) => page.tenants));
  const open = tenants?.find(({ tenant_id }) => tenant_id === search.tenant);
  return (
    <>
      <Figures figures={figuresOf(tenants, found.hasNextPage)} />
      <Filters label="Filter the tenants" set={search.tenant_id === undefined ? 0 : 1} onClear={() => go({ tenant_id: undefined })}>
        <Choice label="Of the last" data={spans} value={String(hours)} onChange={(value) => go({ hours: value === '24' ? undefined : value })} testId="tenant-hours" />
        {tenant === null && <Typed label="Tenant" value={search.tenant_id ?? ''} onChange={(tenant_id) => go({ tenant_id })} testId="filter-tenant" />}
      </Filters>
      {tenants && tenants.length > 0 && (
        <Panel title="Health" note="100 is without fault; the lowest first">
          <HealthChart tenants={tenants} />
        </Panel>
      )}
      <Panel title="Tenants" note={`of the last ${spans.find(({ value }) => value === String(hours))?.label ?? ''}, the lowest health first`}>
        <Listing
          of={found} what="The tenants" count={tenants?.length}
          empty={search.tenant_id === undefined ? { what: 'No tenant did anything', hint: 'A tenant is known by its first event.' } : { what: 'No tenant of this name did anything' }}
        >
          <Rows label="Tenants">
            {(tenants ?? []).map((one) => {
              const meaning = meaningOfScore(one.health_score);
              return (
                <Row
                  key={one.tenant_id}
                  testId="tenant-row"
                  meaning={meaning === 'good' ? undefined : meaning}
                  lead={<Badge meaning={meaning}>{scoreText(one.health_score)}</Badge>}
                  title={one.tenant_id}
                  onOpen={() => go({ tenant: one.tenant_id })}
                  subs={[
                    `${many(one.events, 'event')} · ${many(one.alerts, 'alert')} · ${many(one.deliveries, 'delivery', 'deliveries')}, ${one.failure_rate === null ? 'none attempted' : `${percent(one.failure_rate)} of the attempts failed`}`,
                    `${many(one.ai_calls, 'AI call')}, ${dollars(one.ai_cost_usd)}${one.open_anomalies > 0 ? ` · ${many(one.open_anomalies, 'open anomaly', 'open anomalies')}` : ''}`,
                  ]}
                />
              );
            })}
          </Rows>
          <Older of={found} what="tenants" />
        </Listing>
      </Panel>
      <TenantDetail tenant={open} of={found} place={{ search, go }} hours={hours} />
    </>
  );
}
