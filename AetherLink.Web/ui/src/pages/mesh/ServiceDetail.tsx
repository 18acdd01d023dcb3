import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { endpoints } from '../../api/generated/endpoints';
import { Badge } from '../../components/Badge';
import { DetailOf, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Typed } from '../../components/fields';
import { Listing, type Asked } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Row, Rows } from '../../components/Rows';
import { formatDuration, text } from '../../live/events';
import { careOf, isWeb, meaningOfStatus, statusOf, type Known } from './mesh';
import { versionsQuery } from './queries';
import styles from './ServiceDetail.module.css';

interface Props {
  name: string | undefined;
  known: Known | undefined;
  of: Asked;
  /** What is looked for among the endpoints. */
  part: string;
  onPart: (part: string) => void;
  onClose: () => void;
}

/** A service: where it is, how it does, what it answers, and the versions that it had. */
export const ServiceDetail = ({ name, known, of, part, onPart, onClose }: Props) => (
  <DetailOf
    title="Service" opened={name !== undefined} of={of} thing={known} onClose={onClose}
    missing={{ what: 'There is no such service', hint: 'Its lease may have ended.' }}
  >
    {(known) => ({ head: known.entry.name, sub: known.entry.url, body: <Body key={known.entry.name} known={known} part={part} onPart={onPart} /> })}
  </DetailOf>
);

function Body({ known, part, onPart }: Pick<Props, 'part' | 'onPart'> & { known: Known }) {
  const { entry, health } = known;
  return (
    <>
      <Facts
        facts={[
          ['Status', <Badge key="status" meaning={meaningOfStatus(statusOf(known))}>{statusOf(known)}</Badge>],
          ['Since', health?.since && <Moment key="since" at={health.since} seconds />],
          ['Fault', health?.error],
          ['Latency', typeof health?.latency_ms === 'number' && formatDuration(health.latency_ms)],
          ['Version', entry.version],
          ['Looked at', health && <Moment key="checked" at={health.last_checked} seconds />],
          ['By way of', <Mono key="health">{entry.health_url}</Mono>],
          ['Source', entry.source === 'aspire' ? 'the mesh itself' : 'registered from outside'],
          ['Last seen', entry.last_seen && <Moment key="seen" at={entry.last_seen} seconds />],
          ['Looked after', careOf(known)],
          ['Roles', entry.roles_required.join(', ')],
          ['Tags', entry.tags.join(', ')],
        ]}
      />
      <Section title="Links">
        <ul className={styles.links}>
          <li><Link to="/events" search={{ source: entry.name }}>Its events</Link></li>
          <li><Link to="/auto-heal" search={{ target: entry.name }}>Its heals</Link></li>
          {isWeb(entry.url) && (
            <>
              <li><a href={entry.url} target="_blank" rel="noreferrer">The service itself</a></li>
              <li><a href={new URL('/docs', entry.url).href} target="_blank" rel="noreferrer">Its documentation</a></li>
              <li><a href={new URL('/metrics', entry.url).href} target="_blank" rel="noreferrer">Its metrics</a></li>
            </>
          )}
        </ul>
      </Section>
      <Endpoints service={entry.name} part={part} onPart={onPart} />
      <Versions service={entry.name} />
    </>
  );
}

function Endpoints({ service, part, onPart }: Pick<Props, 'part' | 'onPart'> & { service: string }) {
  const all = endpoints[service] ?? [];
  const shown = all.filter(({ path, summary, method }) => `${method} ${path} ${summary}`.toLowerCase().includes(part.trim().toLowerCase()));
  return (
    <Section
      title={`Endpoints (${all.length})`}
      testId="service-endpoints"
      actions={all.length > 0 && <Typed name="Find an endpoint" placeholder="find" value={part} onChange={onPart} testId="find-endpoint" />}
    >
      {shown.length === 0 ? (
        <Outcome state="empty" what={all.length === 0 ? 'Its endpoints are not known here' : 'No endpoint is like that'} />
      ) : (
        <ul className={styles.endpoints}>
          {shown.map(({ method, path, summary }) => (
            <li key={`${method} ${path}`}>
              <code className={styles.method}>{method}</code>
              <span>
                <code>{path}</code>
                {summary && <span className={styles.summary}>{summary}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Versions({ service }: { service: string }) {
  const found = useQuery(versionsQuery);
  const changes = found.data?.filter((event) => (text(event, 'name') ?? text(event, 'service')) === service) ?? [];
  return (
    <Section title="Versions that it had" testId="service-versions">
      <Listing of={found} what="The versions" count={found.data && changes.length} empty={{ what: 'It has not changed its version', hint: 'As far back as events are kept.' }}>
        <Rows label="Versions that it had">
          {changes.map((event) => (
            <Row
              key={event.event_id}
              testId="version-row"
              lead={<Moment at={event.timestamp} seconds />}
              title={`${text(event, 'from') ?? '?'} → ${text(event, 'to') ?? '?'}`}
              subs={[]}
            />
          ))}
        </Rows>
      </Listing>
    </Section>
  );
}
