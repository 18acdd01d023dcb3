import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { explain } from '../../api/problem';
import { Confirm } from '../../components/Confirm';
import { wordOfTriage } from './deliveries';
import { dryRunQuery, newKey, useReplayMany, type Wish } from './queries';

interface Props {
  /** What is to be sent again; undefined while nobody wants that. */
  wish: Wish | undefined;
  onClose: () => void;
  onStarted: (job: string) => void;
}

/** Says first how many there are, and of which kinds; only then can they be sent. */
export function ReplayDialog({ wish, onClose, onStarted }: Props) {
  const counted = useQuery({ ...dryRunQuery(wish ?? { ids: [] }), enabled: wish !== undefined });
  const replay = useReplayMany();
  const [key, setKey] = useState('');
  useEffect(() => {
    setKey(newKey());
    replay.reset();
    // Another wish is another decision.
  }, [wish]);
  const matched = counted.data?.matched;
  const onlyGivenUp = wish !== undefined && 'filter' in wish && wish.filter.status === undefined;
  return (
    <Confirm
      opened={wish !== undefined}
      title="Send again"
      action={matched === undefined ? 'Replay' : `Replay ${matched.toLocaleString()}`}
      disabled={!matched}
      pending={replay.isPending}
      error={replay.error}
      onClose={onClose}
      onConfirm={() => wish && replay.mutate({ wish, key }, { onSuccess: ({ job }) => (job ? onStarted(job.id) : onClose()) })}
    >
      <div role="status" data-testid="replay-count">
        {counted.isError ? (
          <Text size="sm" c="var(--bad)">
            {explain(counted.error)}
          </Text>
        ) : matched === undefined || !counted.data ? (
          <Text size="sm">Counting …</Text>
        ) : (
          <Text size="sm">
            {matched.toLocaleString()} {matched === 1 ? 'delivery' : 'deliveries'}
            {onlyGivenUp && ' that were given up'} will be sent again, each with its own payload and under its first id
            {matched > 0 && `: ${Object.entries(counted.data.by_triage).map(([label, count]) => `${count.toLocaleString()} ${label === 'none' ? 'that had succeeded' : (wordOfTriage[label] ?? label)}`).join(', ')}`}.
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed">
        Left out is what is on its way already, and what is for an endpoint that is off.
      </Text>
    </Confirm>
  );
}
