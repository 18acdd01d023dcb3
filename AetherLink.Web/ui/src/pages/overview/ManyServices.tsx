import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useMemo, useRef } from 'react';
import { ServiceCard } from './ServiceCard';
import styles from './ServiceGrid.module.css';
import { rowsOf, type GridRow, type Service } from './services';

interface Props {
  services: readonly Service[];
  card: (name: string) => Pick<Parameters<typeof ServiceCard>[0], 'healing' | 'lastHeal'>;
}

/** What a card needs to be read, as in the grid of few. */
const cardPx = 228;
const gapPx = 10;
/** As the stylesheet has them: what is known needs no measuring, and the end of the list is where the scroll bar says. */
const rowPx = 104;
const tallPx = 128;
const headPx = 34;

const heightOf = (row: GridRow | undefined): number => (row === undefined || 'head' in row ? headPx : row.tall ? tallPx : rowPx);

/** The page's own greatest width, and what it and the frame leave at both sides. */
const widestPx = 1480;
const marginsPx = 62;

/** Rows above and below the sight, so that a quick hand meets cards and no gap. */
const overscan = 4;

/** Services by their status, in a frame of their own that scrolls; what is not in sight is not drawn. */
export function ManyServices({ services, card }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const { ref, width } = useElementSize();
  // Before it has been measured: as wide as the page lets it be, so that it is drawn once.
  const wide = width > 0 ? width : Math.min(document.documentElement.clientWidth, widestPx) - marginsPx;
  const columns = Math.max(1, Math.floor((wide + gapPx) / (cardPx + gapPx)));
  const rows = useMemo(() => rowsOf(services, columns), [services, columns]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => heightOf(rows[index]),
    // Another one for other rows: it keeps the heights for as long as this stays the same.
    getItemKey: useCallback((index: number) => index, [rows]),
    overscan,
  });
  return (
    <div ref={frame} className={styles.many} tabIndex={0} role="group" aria-label={`${services.length} services, by their status`} data-testid="many-services">
      <div ref={ref} role="list" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div key={key} className={styles.row} style={{ transform: `translateY(${start}px)` }} role="presentation">
              {'head' in row ? (
                <div role="listitem" className={styles.group}>
                  {row.head} <span>{row.count.toLocaleString()}</span>
                </div>
              ) : (
                <div className={styles.cards} data-tall={row.tall || undefined} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }} role="presentation">
                  {row.cards.map(([name, service]) => (
                    <div key={name} role="listitem" className={styles.item}>
                      <ServiceCard name={name} service={service} {...card(name)} />
                    </div>
                  ))}
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
