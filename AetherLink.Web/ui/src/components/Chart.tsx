import { Button, Skeleton, useComputedColorScheme } from '@mantine/core';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import styles from './Chart.module.css';
import { Table, type TableRow } from './Table';

/** The scheme's colours, as they are at the moment. */
export type Colours = Record<(typeof names)[number], string>;

const names = [
  'ink', 'ink-soft', 'line', 'panel', 'accent', 'good', 'attention', 'bad', 'neutral',
  'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-7', 'series-8', 'series-rest',
] as const;

const coloursOf = (element: Element): Colours => {
  const style = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
};

interface Props {
  /** What it shows, with its unit. */
  label: string;
  height: number;
  option: (colours: Colours) => EChartsCoreOption;
  /** What the option is made of, to be drawn anew when it changes. */
  of: unknown;
  /** The same in words, for whoever does not see it or wants the figures. */
  table: { heads: readonly string[]; rows: readonly TableRow[] };
  /** The value on the x axis, where somebody pressed. */
  onPick?: (x: number) => void;
}

/** A chart, and behind it the table of what it shows. */
export function Chart({ label, height, option, of, table, onPick }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [drawn, setDrawn] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    const element = frame.current;
    if (asTable || !element) return undefined;
    let gone = false;
    const resized = new ResizeObserver(() => chart.current?.resize());
    void import('./echarts').then(({ init }) => {
      if (gone) return;
      const made = init(element, undefined, { renderer: 'svg' });
      chart.current = made;
      made.getZr().on('click', ({ offsetX, offsetY }) => {
        if (pick.current && made.containPixel('grid', [offsetX, offsetY])) pick.current(made.convertFromPixel({ xAxisIndex: 0 }, offsetX));
      });
      resized.observe(element);
      setDrawn(true);
    });
    return () => {
      gone = true;
      resized.disconnect();
      chart.current?.dispose();
      chart.current = undefined;
      setDrawn(false);
    };
  }, [asTable]);

  useEffect(() => {
    if (!drawn || !frame.current) return;
    const colours = coloursOf(frame.current);
    chart.current?.setOption({ animation: false, textStyle: { fontFamily: getComputedStyle(frame.current).fontFamily, color: colours['ink-soft'] }, ...option(colours) }, { notMerge: true });
    // The option follows from what it is of; a function is another one each time.
  }, [drawn, scheme, of]);

  return (
    <div className={styles.chart}>
      <div className={styles.tools}>
        <Button size="compact-xs" variant="subtle" aria-pressed={asTable} onClick={() => setAsTable(!asTable)} aria-label={`${label}: ${asTable ? 'as a chart' : 'as a table'}`}>
          {asTable ? 'Chart' : 'Table'}
        </Button>
      </div>
      {asTable ? (
        <div className={styles.figures} style={{ maxHeight: Math.max(height, 240) }}>
          <Table caption={label} {...table} />
        </div>
      ) : (
        <div style={{ height, position: 'relative' }}>
          {!drawn && <Skeleton height={height - 16} radius="sm" style={{ position: 'absolute', inset: '8px 14px' }} w="auto" />}
          <div ref={frame} role="img" aria-label={label} style={{ height }} data-drawn={drawn || undefined} data-pick={onPick ? true : undefined} className={styles.frame} />
        </div>
      )}
    </div>
  );
}

/** Axes as all charts here have them. */
export const axes = (colours: Colours) => ({
  x: { axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, axisLabel: { color: colours['ink-soft'], fontSize: 11, hideOverlap: true } },
  y: {
    axisLabel: { color: colours['ink-soft'], fontSize: 11 },
    nameTextStyle: { color: colours['ink-soft'], fontSize: 11, align: 'right' },
    splitLine: { lineStyle: { color: colours.line } },
  },
  tooltip: { backgroundColor: colours.panel, borderColor: colours.line, textStyle: { color: colours.ink, fontSize: 12 }, confine: true },
});
