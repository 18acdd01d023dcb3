import type { Annotations } from '../../api/types';
import { clock } from '../../components/clock';
import { Lanes } from '../../components/Lanes';
import { many, type Lane } from '../../components/lanes';
import { annotationsOf, type Timeline } from './timeline';

interface Props {
  timeline: Timeline;
  /** What Grafana holds of the time; undefined where none runs. */
  annotations: Annotations | undefined;
  /** What the timeline was made of. */
  of: unknown;
  from: number;
  to: number;
  at: number | undefined;
  onPick: (at: number) => void;
}

/** Services that were down, alerts, anomalies, heals, versions and Grafana's annotations, one below another on one axis. */
export function TimelineChart({ timeline: { down, alerts, anomalies, heals, versions }, annotations, of, from, to, at, onPick }: Props) {
  const noted = annotations && annotationsOf(annotations.annotations, from);
  const lanes: Lane[] = [
    { name: 'Down', one: 'Down', colour: 'bad', intervals: down },
    { name: 'Alerts', one: 'Alert', colour: 'bad', intervals: alerts },
    { name: 'Anomalies', one: 'Anomaly', colour: 'attention', intervals: anomalies },
    { name: 'Heals', one: 'Heal', colour: 'good', marks: heals },
    { name: 'Versions', one: 'Version', colour: 'accent', marks: versions, symbol: 'triangle' },
    ...(noted ? [{ name: 'Annotations', one: 'Annotation', colour: 'neutral', ...noted, symbol: 'roundRect' } as const] : []),
  ];
  const counts = [
    many(down.length, 'outage'), many(alerts.length, 'alert'), many(heals.length, 'heal'), many(versions.length, 'version change'),
    anomalies.length === 1 ? '1 anomaly' : `${anomalies.length.toLocaleString()} anomalies`, ...(noted ? [many(noted.intervals.length + noted.marks.length, 'annotation')] : []),
  ];
  return (
    <Lanes
      label={`What happened from ${clock(from)} to now: ${counts.join(', ')}`} lanes={lanes} from={from} to={to} at={at} onPick={onPick}
      of={[of, annotations]}
    />
  );
}
