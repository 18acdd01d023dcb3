import type { TenantReport } from '../../api/types';
import { axes, Chart } from '../../components/Chart';
import { meaningOfScore, scoreText } from './tenants';

/** As many bars as can be told apart on a phone. */
const mostBars = 20;

export function HealthChart({ tenants }: { tenants: readonly TenantReport[] }) {
  const shown = tenants.slice(0, mostBars);
  return (
    <Chart
      label={`Health score, 0 to 100, of ${shown.length < tenants.length ? `the lowest ${shown.length} of ` : ''}${tenants.length} tenants`}
      height={170}
      of={tenants}
      table={{
        heads: ['Tenant', 'Health'],
        rows: shown.map(({ tenant_id, health_score }) => ({ key: tenant_id, head: tenant_id, cells: [scoreText(health_score)] })),
      }}
      option={(colours) => {
        const { x, y, tooltip } = axes(colours);
        return {
          grid: { left: 46, right: 14, top: 26, bottom: 26 },
          tooltip: { ...tooltip, trigger: 'axis', axisPointer: { type: 'shadow' } },
          xAxis: { ...x, type: 'category', data: shown.map(({ tenant_id }) => tenant_id), axisLabel: { ...x.axisLabel, width: 90, overflow: 'truncate' } },
          yAxis: { ...y, type: 'value', name: 'of 100', min: 0, max: 100, interval: 25 },
          series: [
            {
              type: 'bar',
              barMaxWidth: 46,
              data: shown.map(({ health_score }) => ({ value: health_score, itemStyle: { color: colours[meaningOfScore(health_score) as 'good' | 'attention' | 'bad'], borderRadius: [3, 3, 0, 0] } })),
            },
          ],
        };
      }}
    />
  );
}
