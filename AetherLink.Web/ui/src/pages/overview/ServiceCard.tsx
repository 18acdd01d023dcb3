import { memo } from 'react';
import type { Heal, ServiceHealth } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { formatDuration } from '../../live/events';
import styles from './ServiceGrid.module.css';
import { meaningOfStatus } from './services';

interface Props {
  name: string;
  service: ServiceHealth;
  healing: boolean;
  lastHeal: Heal | undefined;
}

/** Of a thousand the one is drawn anew that has changed. */
export const ServiceCard = memo(function ServiceCard({ name, service, healing, lastHeal }: Props) {
  const meaning = meaningOfStatus(service.status);
  return (
    <div className={styles.card} data-meaning={meaning} data-testid={`service-card-${name}`} data-status={service.status}>
      <div className={styles.head}>
        <span className={styles.name} title={service.url}>
          {name}
        </span>
        {healing ? <Badge meaning="attention">healing</Badge> : <Badge meaning={meaning}>{service.status}</Badge>}
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>Latency</dt>
          <dd>{typeof service.latency_ms === 'number' ? formatDuration(service.latency_ms) : '–'}</dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>{service.since ? <Moment at={service.since} /> : '–'}</dd>
        </div>
        <div>
          <dt>Last heal</dt>
          <dd>{lastHeal ? <Moment at={lastHeal.timestamp * 1000} /> : '–'}</dd>
        </div>
      </dl>
      {service.error && (
        <p className={styles.error} title={service.error}>
          {service.error}
        </p>
      )}
    </div>
  );
});
