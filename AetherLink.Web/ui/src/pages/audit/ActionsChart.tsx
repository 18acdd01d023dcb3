import { axes, Chart } from '../../components/Chart';
import { wordOfAction } from './audit';

/** As many rows as fit a panel. */
const mostActions = 8;

export function ActionsChart({ byAction }: { byAction: Readonly<Record<string, number>> }) {
  const all = Object.entries(byAction).sort(([, one], [, other]) => other - one);
  const shown = all.slice(0, mostActions).reverse();
  return (
    <Chart
      label="Changes of the last 7 days by what was done"
      height={44 + 26 * shown.length}
      of={byAction}
      table={{ heads: ['Done', 'Times'], rows: all.map(([action, count]) => ({ key: action, head: wordOfAction(action), cells: [count.toLocaleString()] })) }}
      option={(colours) => {
        const { x, y, tooltip } = axes(colours);
        return {
          grid: { left: 170, right: 60, top: 6, bottom: 28 },
          tooltip: { ...tooltip, trigger: 'axis', axisPointer: { type: 'shadow' } },
          xAxis: { ...y, type: 'value', minInterval: 1, splitNumber: 4, name: 'times', nameLocation: 'end', nameTextStyle: { ...y.nameTextStyle, align: 'left' } },
          yAxis: { ...x, type: 'category', data: shown.map(([action]) => wordOfAction(action)), axisLabel: { ...x.axisLabel, width: 155, overflow: 'truncate', hideOverlap: false } },
          series: [{ type: 'bar', barMaxWidth: 14, data: shown.map(([, count]) => count), itemStyle: { color: colours.accent, borderRadius: [0, 3, 3, 0] } }],
        };
      }}
    />
  );
}
