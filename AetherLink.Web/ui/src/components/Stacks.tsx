import { axes, Chart, type Colours } from './Chart';
import { clock } from './clock';
import styles from './Stacks.module.css';

export interface Stack {
  /** Undefined for what all that have no name of their own come to. */
  name: string | undefined;
  /** One for each hour. */
  values: readonly number[];
}

interface Props {
  /** What it shows, as in "calls by hour and provider". */
  label: string;
  unit: string;
  hours: readonly string[];
  stacks: readonly Stack[];
  told: (value: number) => string;
  /** Values have parts. */
  fractions?: boolean;
}

const rest = 'all others';
const colourOf = ({ name }: Stack, index: number): keyof Colours => (name === undefined ? 'series-rest' : `series-${index + 1}` as keyof Colours);

/** Sums by hour, of several things on top of one another; which is which stands below. */
export function Stacks({ label, unit, hours, stacks, told, fractions = false }: Props) {
  const names = stacks.map(({ name }) => name ?? rest);
  return (
    <>
      <Chart
        label={label}
        height={168}
        of={stacks}
        table={{
          heads: ['Hour', ...names],
          rows: hours.map((hour, index) => ({ key: hour, head: clock(Date.parse(hour)), cells: stacks.map(({ values }) => told(values[index] ?? 0)) })),
        }}
        option={(colours) => {
          const { x, y, tooltip } = axes(colours);
          return {
            grid: { left: 58, right: 14, top: 28, bottom: 24 },
            tooltip: { ...tooltip, trigger: 'axis', valueFormatter: (value: unknown) => told(Number(value)) },
            xAxis: { ...x, type: 'category', data: hours.map((hour) => clock(Date.parse(hour), Date.parse(hour))) },
            yAxis: { ...y, type: 'value', name: unit, ...(!fractions && { minInterval: 1 }), splitNumber: 3 },
            series: stacks.map((stack, index) => ({
              type: 'bar', stack: 'all', name: names[index], data: [...stack.values], itemStyle: { color: colours[colourOf(stack, index)] }, barCategoryGap: '15%',
            })),
          };
        }}
      />
      <ul className={styles.legend} aria-label={`${label}, in all`}>
        {stacks.map((stack, index) => (
          <li key={names[index]} data-testid="stack">
            <span className={styles.mark} style={{ background: `var(--${colourOf(stack, index)})` }} aria-hidden />
            <span className={styles.name}>{names[index]}</span>
            <span className={styles.sum}>{told(stack.values.reduce((sum, value) => sum + value, 0))}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
