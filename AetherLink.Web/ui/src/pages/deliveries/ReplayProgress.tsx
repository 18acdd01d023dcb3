import { Button, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import type { Place } from './DeliveriesPage';
import { outcomeOf, progress } from './deliveries';
import { jobQuery } from './queries';

/** The replay that the address names: a page that is loaded again goes on showing it. */
export function ReplayProgress({ place: { search, go } }: { place: Place }) {
  const job = useQuery({ ...jobQuery(search.job ?? ''), enabled: search.job !== undefined });
  if (search.job === undefined) return null;
  return (
    <Panel
      title="Replay"
      note={job.data && `by ${job.data.requested_by}`}
      actions={
        <Button size="compact-xs" variant="default" onClick={() => go({ job: undefined })}>
          Hide
        </Button>
      }
    >
      {job.isPending && <Outcome state="loading" what="The replay" rows={1} />}
      {job.isError && !job.data && <Outcome state="failed" what="The replay" error={job.error} onRetry={() => void job.refetch()} retrying={job.isFetching} />}
      {job.data && (
        <div style={{ padding: '12px 14px' }} data-testid="replay-progress" data-status={job.data.status}>
          <Progress
            value={progress(job.data)} size="lg" animated={job.data.status === 'running'} aria-label="Sent again"
            {...(job.data.status !== 'running' && { color: 'var(--good)' })}
          />
          <Text size="sm" mt={8} role="status">
            {outcomeOf(job.data)}
          </Text>
        </div>
      )}
    </Panel>
  );
}
