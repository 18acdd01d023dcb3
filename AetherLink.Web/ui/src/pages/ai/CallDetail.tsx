import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RecordedCall } from '../../api/types';
import { Badge } from '../../components/Badge';
import { DetailOf, Section } from '../../components/Detail';
import { Facts, Mono } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { Row, Rows } from '../../components/Rows';
import { chainOf, dollars, duration, filterOf } from './ai';
import type { Place } from './AiPage';
import { callsQuery } from './queries';

/** The call that the address names, among those that are shown, with the chain that was tried. */
export function CallDetail({ place: { search, go } }: { place: Place }) {
  const found = useInfiniteQuery({ ...callsQuery(filterOf(search)), enabled: search.call !== undefined });
  const call = found.data?.pages.flatMap((page) => page.calls).find(({ call_id }) => call_id === search.call);
  return (
    <DetailOf
      title="Call" opened={search.call !== undefined} of={found} thing={call} onClose={() => go({ call: undefined })}
      missing={{ what: 'This call is not among those shown', hint: 'Other filters, or older calls, may show it.' }}
    >
      {(call) => ({ head: call.intent, body: <Body call={call} /> })}
    </DetailOf>
  );
}

function Body({ call }: { call: RecordedCall }) {
  return (
    <>
      <Facts
        facts={[
          ['Outcome', <Badge key="outcome" meaning={call.outcome === 'success' ? 'good' : 'bad'}>{call.outcome.replaceAll('_', ' ')}</Badge>],
          ['When', <Moment key="at" at={call.timestamp} seconds />],
          ['Answered by', call.provider && `${call.provider}${call.model ? `, ${call.model}` : ''}`],
          ['Took', `${duration(call.latency_ms)}, of it ${duration(call.overhead_ms)} our own`],
          ['Tokens', `${call.usage.input_tokens.toLocaleString()} in, ${call.usage.output_tokens.toLocaleString()} out, ${dollars(call.usage.cost_usd)}`],
          ['Tenant', call.tenant_id],
          ['Caller', call.caller],
          ['Call id', <Mono key="id">{call.call_id}</Mono>],
          ['Trace', call.trace_id && <Link key="trace" to="/events" search={{ trace_id: call.trace_id }} style={{ color: 'var(--accent)' }}><Mono>{call.trace_id}</Mono></Link>],
        ]}
      />
      <Section title="The chain that was tried">
        <Rows label="The chain that was tried">
          {chainOf(call).map((tried, index) => (
            <Row
              key={index}
              testId="tried-row"
              title={tried.provider}
              subs={[tried.why]}
              end={<><Badge meaning={tried.outcome === 'failed' ? 'bad' : tried.outcome === 'skipped' ? 'neutral' : 'good'}>{tried.outcome}</Badge><Text span size="xs" c="dimmed">{duration(tried.latencyMs)}</Text></>}
            />
          ))}
        </Rows>
      </Section>
    </>
  );
}
