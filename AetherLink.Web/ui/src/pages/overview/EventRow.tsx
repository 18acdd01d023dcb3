import { memo } from 'react';
import type { OpsEvent } from '../../api/types';
import { Dot } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { meaningOf } from '../../components/severity';
import { summarise } from '../../live/events';
import styles from './EventsPanel.module.css';

interface Props {
  event: OpsEvent;
  onOpen: () => void;
}

/** Drawn once: an event does not change. */
export const EventRow = memo(
  function EventRow({ event, onOpen }: Props) {
    return (
      <li className={styles.item} data-testid="event-row" data-event-type={event.event_type} data-severity={event.severity}>
        <button type="button" className={styles.row} onClick={onOpen}>
          <Moment at={event.timestamp} seconds className={styles.time} />
          <span className={styles.severity} data-meaning={meaningOf(event.severity)}>
            <Dot meaning={meaningOf(event.severity)} />
            {event.severity}
          </span>
          <span className={styles.what}>
            <span className={styles.summary}>{summarise(event)}</span>
            <span className={styles.type}>
              {event.event_type} · {event.source}
              {event.tenant_id !== 'default' && ` · ${event.tenant_id}`}
            </span>
          </span>
        </button>
      </li>
    );
  },
  (before, after) => before.event === after.event,
);
