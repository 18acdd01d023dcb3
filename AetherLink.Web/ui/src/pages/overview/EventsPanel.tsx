import { ActionIcon, SegmentedControl, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { OpsEvent } from '../../api/types';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import { keyOf, summarise } from '../../live/events';
import type { OverviewSearch } from './search';
import { EventRow } from './EventRow';
import styles from './EventsPanel.module.css';
import { useEvents } from './useEvents';

/** Rows that are drawn; the cache keeps more, for what is derived from it. */
const shownEvents = 80;

const severities = [
  { value: 'all', label: 'All' },
  { value: 'warning', label: 'Warning +' },
  { value: 'error', label: 'Error +' },
];
const severityFloor: Record<string, readonly string[]> = {
  warning: ['warning', 'error', 'critical'],
  error: ['error', 'critical'],
};

export function EventsPanel() {
  const { at, asked: events } = useEvents();
  const { severity = 'all' } = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  const [held, setPaused] = useState<OpsEvent[]>();
  // What is past stands still by itself.
  const paused = at === undefined ? held : undefined;

  const floor = severityFloor[severity];
  const all = paused ?? events.data ?? [];
  const shown = (floor ? all.filter((event) => floor.includes(event.severity)) : all).slice(0, shownEvents);
  const waiting = paused ? newSince(events.data ?? [], paused[0]) : 0;

  return (
    <Panel
      title="Events"
      note={at !== undefined ? <>up to <Moment at={at} />, newest first</> : paused ? `paused${waiting > 0 ? `, ${waiting} waiting` : ''}` : 'newest first'}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Severity"
            data={severities}
            value={severity in severityFloor ? severity : 'all'}
            onChange={(value) =>
              void navigate({
                search: ({ severity: _, ...rest }: OverviewSearch) => (value === 'all' ? rest : { ...rest, severity: value }),
                replace: true,
              })
            }
          />
          {at === undefined && (
            <Tooltip label={paused ? 'Go on' : 'Pause'}>
              <ActionIcon
                variant="default"
                size={30}
                aria-label={paused ? 'Go on showing new events' : 'Pause the events'}
                aria-pressed={paused !== undefined}
                onClick={() => setPaused(paused ? undefined : (events.data ?? []))}
                data-testid="events-pause"
              >
                {paused ? <IconPlayerPlay size={16} stroke={1.7} /> : <IconPlayerPause size={16} stroke={1.7} />}
              </ActionIcon>
            </Tooltip>
          )}
        </>
      }
    >
      <VisuallyHidden aria-live="polite">{shown[0] && !paused && at === undefined ? `${shown[0].severity}: ${summarise(shown[0])}` : ''}</VisuallyHidden>
      {events.isPending && <Outcome state="loading" what="Events" rows={8} />}
      {events.isError && !events.data && (
        <Outcome
          state="failed"
          what="The events"
          error={events.error}
          onRetry={() => void events.refetch()}
          retrying={events.isFetching}
        />
      )}
      {events.data && shown.length === 0 && (
        <Outcome
          state="empty"
          what={floor ? 'No events of this severity' : at === undefined ? 'No events yet' : 'No events until then'}
          hint={floor ? 'Choose All to see the others.' : at === undefined ? 'They appear here as they are committed.' : 'None that are kept are older.'}
        />
      )}
      {shown.length > 0 && (
        <ol className={styles.list}>
          {shown.map((event) => (
            <EventRow
              key={keyOf(event)}
              event={event}
              onOpen={() => void navigate({ search: (search) => ({ ...search, event: keyOf(event) }) })}
            />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function newSince(events: readonly OpsEvent[], newest: OpsEvent | undefined): number {
  if (!newest) return events.length;
  const place = events.findIndex((event) => keyOf(event) === keyOf(newest));
  return place < 0 ? events.length : place;
}
