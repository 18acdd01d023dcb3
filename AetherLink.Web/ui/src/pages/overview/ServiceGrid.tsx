import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { eventsQuery, healsQuery, healthQuery } from '../../api/queries';
import type { Heal, ServiceHealth } from '../../api/types';
import { Badge, type Meaning } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { formatDuration } from '../../live/events';
import { beingHealed } from '../../live/patch';
import styles from './ServiceGrid.module.css';
import { isDown } from './state';

const meaningOfStatus = (status: string): Meaning =>
  status === 'up' ? 'good' : isDown(status) ? 'bad' : status === 'unknown' ? 'neutral' : 'attention';

export function ServiceGrid() {
  const health = useQuery(healthQuery);
  const { data: events } = useQuery(eventsQuery);
  const { data: heals } = useQuery(healsQuery);
  const healing = beingHealed(events ?? [], Date.now());

  if (health.isPending) return <Framed><Outcome state="loading" what="Services" rows={3} /></Framed>;
  if (health.isError && !health.data) {
    return (
      <Framed>
        <Outcome
          state="failed"
          what="The services"
          error={health.error}
          onRetry={() => void health.refetch()}
          retrying={health.isFetching}
        />
      </Framed>
    );
  }
  const services = Object.entries(health.data.services).sort(worstFirst);
  if (services.length === 0) return <Framed><Outcome state="empty" what="No services are known yet" /></Framed>;
  return (
    <ul className={styles.grid} aria-label="Services">
      {services.map(([name, service]) => (
        <ServiceCard key={name} name={name} service={service} healing={healing.includes(name)} lastHeal={heals?.find((heal) => heal.service === name)} />
      ))}
    </ul>
  );
}

interface CardProps {
  name: string;
  service: ServiceHealth;
  healing: boolean;
  lastHeal: Heal | undefined;
}

function ServiceCard({ name, service, healing, lastHeal }: CardProps) {
  const meaning = meaningOfStatus(service.status);
  return (
    <li className={styles.card} data-meaning={meaning} data-testid={`service-card-${name}`} data-status={service.status}>
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
    </li>
  );
}

const Framed = ({ children }: { children: ReactNode }) => <div className={styles.framed}>{children}</div>;

const worth: Record<Meaning, number> = { bad: 0, attention: 1, neutral: 2, good: 3 };

function worstFirst([oneName, one]: [string, ServiceHealth], [otherName, other]: [string, ServiceHealth]): number {
  return worth[meaningOfStatus(one.status)] - worth[meaningOfStatus(other.status)] || oneName.localeCompare(otherName);
}
