import { Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AuditEntry } from '../../api/types';
import { DetailOf, Payload, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import type { Asked } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { differences, wordOfAction } from './audit';
import styles from './EntryDetail.module.css';

interface Props {
  number: string | undefined;
  entry: AuditEntry | undefined;
  of: Asked;
  onClose: () => void;
}

/** Who did what to what, and what it changed. */
export const EntryDetail = ({ number, entry, of, onClose }: Props) => (
  <DetailOf
    title="Entry" opened={number !== undefined} of={of} thing={entry} onClose={onClose}
    missing={{ what: 'This entry is not among those shown', hint: 'Other filters, or older entries, may show it.' }}
  >
    {(entry) => ({ head: wordOfAction(entry.action), sub: entry.target, body: <Body entry={entry} /> })}
  </DetailOf>
);

function Body({ entry }: { entry: AuditEntry }) {
  const changed = differences(entry);
  return (
    <>
      <Facts
        facts={[
          ['Who', entry.actor],
          ['Roles', entry.roles.join(', ')],
          ['When', <Moment key="at" at={entry.at} seconds />],
          ['Tenant', entry.tenant_id ?? 'all'],
          ['From', entry.address],
          ['Trace', entry.trace_id && <Link key="trace" to="/events" search={{ trace_id: entry.trace_id }} style={{ color: 'var(--accent)' }}><Mono>{entry.trace_id}</Mono></Link>],
          ['Number', entry.sequence.toLocaleString()],
          ['Hash', <Mono key="hash">{entry.hash}</Mono>],
        ]}
      />
      <Section title="What it changed" testId="audit-changes">
        {changed.length === 0 ? (
          <Outcome state="empty" what="Nothing that is on record" />
        ) : (
          <dl className={styles.changes}>
            {changed.map(({ field, before, after }) => (
              <div key={field}>
                <dt>{field.replaceAll('_', ' ')}</dt>
                <dd>
                  {before !== '–' && <del className={styles.before}><Code>{before}</Code></del>}
                  {after !== '–' && <ins className={styles.after}><Code>{after}</Code></ins>}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Section>
      <Payload value={{ before: entry.before, after: entry.after }} />
    </>
  );
}
