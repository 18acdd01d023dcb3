import { clock, clockWithSeconds } from './clock';

/** A time, local; the exact one on hover and for machines. */
export function Moment({ at, seconds = false, className }: { at: string | number; seconds?: boolean; className?: string | undefined }) {
  const time = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(time)) return <span className={className}>–</span>;
  const iso = new Date(time).toISOString();
  return (
    <time dateTime={iso} title={iso} className={className}>
      {seconds ? clockWithSeconds(time) : clock(time)}
    </time>
  );
}
