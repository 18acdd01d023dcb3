import { axes, Chart } from './Chart';
import { clock } from './clock';

interface Props {
  /** What is counted, as in "7 events". */
  unit: string;
  hours: readonly { hour: string; count: number }[];
}

/** Sums by hour. */
export function Bars({ unit, hours }: Props) {
  return (
    <Chart
      label={`${unit} by hour`}
      height={138}
      of={hours}
      table={{
        heads: ['Hour', unit],
        rows: hours.map(({ hour, count }) => ({ key: hour, head: clock(Date.parse(hour)), cells: [count.toLocaleString()] })),
      }}
      option={(colours) => {
        const { x, y, tooltip } = axes(colours);
        return {
          grid: { left: 58, right: 14, top: 28, bottom: 24 },
          tooltip: { ...tooltip, trigger: 'axis', valueFormatter: (value: unknown) => `${Number(value).toLocaleString()} ${unit}` },
          xAxis: { ...x, type: 'category', data: hours.map(({ hour }) => clock(Date.parse(hour), Date.parse(hour))) },
          yAxis: { ...y, type: 'value', name: unit, minInterval: 1, splitNumber: 3 },
          series: [{ type: 'bar', data: hours.map(({ count }) => count), itemStyle: { color: colours.accent, borderRadius: [2, 2, 0, 0] }, barCategoryGap: '15%' }],
        };
      }}
    />
  );
}
