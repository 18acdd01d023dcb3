import type { AnomalyDetail } from '../../api/types';
import { axes, Chart } from '../../components/Chart';
import { clockWithSeconds } from '../../components/clock';
import { figure, unitOf, wordOfSeries } from './anomalies';

/** The series around the beginning of an anomaly, with what was expected. */
export function SeriesChart({ incident, points }: Pick<AnomalyDetail, 'incident' | 'points'>) {
  const unit = unitOf(incident.series);
  const since = Date.parse(incident.since);
  return (
    <Chart
      label={`${wordOfSeries(incident.series)}, ${unit}`}
      height={190}
      of={points}
      table={{
        heads: ['Time', unit],
        rows: points.map(({ at, value }) => ({ key: at, head: clockWithSeconds(Date.parse(at)), cells: [figure(value)] })),
      }}
      option={(colours) => {
        const { x, y, tooltip } = axes(colours);
        return {
          grid: { left: 54, right: 16, top: 28, bottom: 26 },
          tooltip: { ...tooltip, trigger: 'axis', valueFormatter: (value: unknown) => `${figure(Number(value))} ${unit}` },
          xAxis: { ...x, type: 'time', axisLabel: { ...x.axisLabel, formatter: '{HH}:{mm}' } },
          yAxis: { ...y, type: 'value', name: unit, splitNumber: 4 },
          series: [
            {
              type: 'line',
              showSymbol: false,
              data: points.map(({ at, value }) => [Date.parse(at), value]),
              lineStyle: { color: colours.accent, width: 1.5 },
              itemStyle: { color: colours.accent },
              markLine: {
                symbol: 'none',
                silent: true,
                label: { color: colours['ink-soft'], fontSize: 11 },
                data: [
                  { xAxis: since, lineStyle: { color: colours.bad }, label: { formatter: 'began', position: 'end' } },
                  { yAxis: incident.expected, lineStyle: { color: colours.neutral, type: 'dashed' }, label: { formatter: 'expected', position: 'insideEndTop' } },
                ],
              },
            },
          ],
        };
      }}
    />
  );
}
