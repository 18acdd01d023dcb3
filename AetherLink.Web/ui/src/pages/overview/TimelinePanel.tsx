import { SegmentedControl, Slider } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { clock } from '../../components/clock';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { minuteMs, useMinute } from '../../components/useMinute';
import { useLive } from '../../live/LiveProvider';
import { annotationsQuery, timelineQuery } from './queries';
import type { OverviewSearch } from './search';
import { TimelineChart } from './TimelineChart';
import styles from './TimelinePanel.module.css';
import { hoursOf, spans, timelineOf } from './timeline';

const hourMs = 60 * minuteMs;

/** What happened in the last hours, on one axis; any minute of it is shown again by sliding to it. */
export function TimelinePanel() {
  const search = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  const hours = hoursOf(search.hours);
  const told = useQuery(timelineQuery(hours));
  const { data: annotations } = useQuery(annotationsQuery(hours));
  const { blindSince } = useLive();
  // The end of the axis follows the clock by the minute, which is as fine as it can be scrubbed.
  const now = useMinute();
  const from = now - hours * hourMs;
  const chosen = Math.min(now, Math.max(from, search.at === undefined ? now : Date.parse(search.at) || now));
  const [sliding, setSliding] = useState(chosen);
  useEffect(() => setSliding(chosen), [chosen]);
  const go = (at: number) =>
    void navigate({
      search: ({ at: _, ...rest }: OverviewSearch) => (at >= now - minuteMs / 2 ? rest : { ...rest, at: new Date(Math.round(at / minuteMs) * minuteMs).toISOString() }),
      replace: true,
    });
  return (
    <Panel
      title="Timeline"
      note={search.at !== undefined ? `shown as of ${clock(chosen)}` : blindSince === undefined ? 'slide back to see a past minute again' : 'behind: nothing live arrives just now'}
      actions={
        <SegmentedControl
          size="xs" aria-label="Hours of the timeline" data={spans.map((value) => ({ value, label: `${value} h` }))} value={String(hours)}
          onChange={(value) => void navigate({ search: ({ hours: _, at: __, ...rest }: OverviewSearch) => (value === '6' ? rest : { ...rest, hours: value }) })}
        />
      }
      className={styles.panel ?? ''}
    >
      <Listing of={told} what="The timeline" count={told.data && 1} empty={{ what: 'Nothing happened' }}>
        {told.data && (
          <>
            {told.data.partial && (
              <p className={styles.partial}>More happened than is shown: this begins at {clock(told.data.since)}.</p>
            )}
            <TimelineChart
              timeline={timelineOf(told.data.events, from)} annotations={annotations?.available ? annotations : undefined} of={told.data} from={from} to={now}
              at={search.at === undefined ? undefined : chosen} onPick={go}
            />
            <div className={styles.slider}>
              <Slider
                thumbLabel="The minute that is shown" label={(value) => (value >= now - minuteMs / 2 ? 'now' : clock(value))} min={from} max={now} step={minuteMs} size="sm"
                value={sliding} onChange={setSliding} onChangeEnd={go} thumbProps={{ 'aria-valuetext': sliding >= now - minuteMs / 2 ? 'now' : clock(sliding) }} data-testid="timeline-slider"
              />
            </div>
          </>
        )}
      </Listing>
    </Panel>
  );
}
