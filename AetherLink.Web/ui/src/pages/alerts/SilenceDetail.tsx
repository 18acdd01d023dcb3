import { useInfiniteQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { DetailOf, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Older } from '../../components/Page';
import { Row, Rows } from '../../components/Rows';
import { meaningOf } from '../../components/severity';
import type { Place } from './AlertsPage';
import { silenceQuery } from './queries';
import { described, meaningOfSilence } from './SilenceList';

/** A silence, and what it muted. */
export function SilenceDetail({ place: { search, go } }: { place: Place }) {
  const found = useInfiniteQuery({ ...silenceQuery(search.silence ?? ''), enabled: search.silence !== undefined });
  const silence = found.data?.pages[0]?.silence;
  const muted = found.data?.pages.flatMap((page) => page.muted) ?? [];
  return (
    <DetailOf title="Silence" opened={search.silence !== undefined} of={found} thing={silence} onClose={() => go({ silence: undefined })}>
      {(silence) => ({
        head: described(silence),
        sub: silence.reason,
        body: (
          <>
            <Facts
              facts={[
                ['State', <Badge key="state" meaning={meaningOfSilence[silence.state] ?? 'neutral'}>{silence.state}</Badge>],
                ['From', <Moment key="from" at={silence.starts_at} seconds />],
                ['Until', <Moment key="until" at={silence.ends_at} seconds />],
                ['Tenant', silence.tenant_id ?? 'all'],
                ['Author', silence.author],
                ['Ended by', silence.ended_by],
                ['Silence id', <Mono key="id">{silence.silence_id}</Mono>],
              ]}
            />
            <Section title="What it muted">
              {muted.length === 0 ? (
                <Outcome state="empty" what="It has muted nothing so far" />
              ) : (
                <Rows label="What it muted">
                  {muted.map((alert) => (
                    <Row
                      key={`${alert.alert_id} ${alert.muted_at}`}
                      testId="muted-row"
                      lead={<Badge meaning={meaningOf(alert.severity)}>{alert.severity}</Badge>}
                      title={alert.group === null ? alert.rule_name : `${alert.rule_name}: ${alert.group}`}
                      onOpen={() => go({ alert: alert.alert_id, silence: undefined })}
                      subs={[
                        <>
                          {alert.tenant_id} · muted <Moment at={alert.muted_at} />
                          {alert.unmuted_at && <> to <Moment at={alert.unmuted_at} /></>}
                          {alert.resolved_at && <> · resolved <Moment at={alert.resolved_at} /></>}
                        </>,
                      ]}
                    />
                  ))}
                </Rows>
              )}
              <Older of={found} what="alerts" />
            </Section>
          </>
        ),
      })}
    </DetailOf>
  );
}
