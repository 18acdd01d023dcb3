import { Button, Checkbox, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReplayRecommendation } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { useAhead } from '../../components/useAhead';
import { useLive } from '../../live/LiveProvider';
import type { Wish } from '../deliveries/queries';
import { ReplayDialog } from '../deliveries/ReplayDialog';
import { idsOf, withTick } from '../deliveries/search';
import type { Place } from './InsightsPage';
import { recommendationsQuery } from './queries';
import { meaningOf, recommendations, replayFilterOf, sidesOf, wordOf } from './replays';
import styles from './ReplayList.module.css';

/** As many as one replay takes by their ids. */
const mostAtOnce = 10_000;

/** Which deliveries are safe to send again, and why. They are counted, sent and followed as on their own page. */
export function ReplayList({ place: { search, tenant, go } }: { place: Place }) {
  const filter = replayFilterOf(search);
  const found = useInfiniteQuery(recommendationsQuery(filter));
  const { blindSince } = useLive();
  const navigate = useNavigate();
  const ahead = useAhead(search.left ?? '', (left) => go({ left }));
  const left = idsOf(ahead.text);
  const [wish, setWish] = useState<Wish>();
  const all = found.data?.pages.flatMap((page) => page.recommendations) ?? [];
  const ids = all.flatMap(({ recommendation, delivery_id: id }) => (recommendation === 'retry_now' && !left.includes(id) ? [id] : [])).slice(0, mostAtOnce);
  const set = Object.keys(filter).length;
  const tick = (id: string, on: boolean) => {
    const next = withTick(ahead.text, id, !on);
    ahead.setText(next);
    ahead.ask(next);
  };
  return (
    <Stack gap="sm">
      <Filters label="Filter the recommendations" set={set} onClear={() => go({ tenant_id: undefined, recommendation: undefined })}>
        <Select
          size="xs" label="What to do" placeholder={wordOf('retry_now')} clearable data={recommendations.map((value) => ({ value, label: wordOf(value) }))} value={search.recommendation ?? null}
          onChange={(recommendation) => go({ recommendation: recommendation ?? undefined })} data-testid="filter-recommendation"
        />
        {tenant === null && <Typed label="Tenant" value={search.tenant_id ?? ''} onChange={(tenant_id) => go({ tenant_id })} />}
      </Filters>
      <Panel
        title="Replay recommendations" note={blindSince === undefined ? 'what failed in the last three days, newest first' : 'behind: nothing live arrives just now'}
        actions={
          ids.length > 0 && (
            <Button size="compact-xs" onClick={() => setWish({ ids })} data-testid="replay-recommended">
              Replay {ids.length.toLocaleString()}
            </Button>
          )
        }
      >
        <Listing
          of={found} what="The recommendations" count={found.data && (found.hasNextPage ? all.length || 1 : all.length)}
          empty={set > 0 ? { what: 'No delivery is like that', hint: 'Take a filter away to see more.' } : { what: 'Nothing is to be sent again', hint: 'What failed and has become safe to send again appears here.', good: true }}
        >
          <Rows label="Recommendations">
            {all.map((one) => (
              <Recommended key={one.delivery_id} one={one} ticked={!left.includes(one.delivery_id)} onTick={(on) => tick(one.delivery_id, on)} />
            ))}
          </Rows>
          <Older of={found} what="deliveries" />
        </Listing>
      </Panel>
      <ReplayDialog wish={wish} onClose={() => setWish(undefined)} onStarted={(job) => void navigate({ to: '/deliveries', search: { job } })} />
    </Stack>
  );
}

function Recommended({ one, ticked, onTick }: { one: ReplayRecommendation; ticked: boolean; onTick: (on: boolean) => void }) {
  const { against, pro } = sidesOf(one.reasons);
  const recommendation = one.recommendation ?? 'ask';
  return (
    <Row
      testId="recommendation-row"
      lead={
        recommendation === 'retry_now' ? (
          <Checkbox size="xs" checked={ticked} onChange={(event) => onTick(event.currentTarget.checked)} aria-label={`Choose ${one.event_type} to ${one.endpoint_url}`} />
        ) : (
          <Moment at={one.given_up_at ?? one.created_at} />
        )
      }
      title={
        <Link to="/deliveries" search={{ delivery: one.delivery_id }} className={styles.link}>
          {one.event_type} to {one.endpoint_url}
        </Link>
      }
      subs={[
        <>
          {one.cause?.replaceAll('_', ' ') ?? 'unknown'}{one.http_status !== null && `, HTTP ${one.http_status}`} · {one.tenant_id} · made <Moment at={one.created_at} />
          {one.until !== null && <> · until <Moment at={one.until} /></>}
        </>,
        against.length > 0 && <span className={styles.against}>{against.join(' ')}</span>,
        pro.join(' '),
      ]}
      end={<><Badge meaning={meaningOf(recommendation)}>{wordOf(recommendation)}</Badge><Text span size="xs" c="dimmed">{Math.round(one.score)} of 100</Text></>}
    />
  );
}
