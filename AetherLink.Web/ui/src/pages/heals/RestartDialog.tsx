import { Checkbox, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { explain } from '../../api/problem';
import { Confirm } from '../../components/Confirm';
import { forecastQuery, useRestart } from './queries';

/** Asks for a reason, and says beforehand whether the governor would allow it. */
export function RestartDialog({ target, onClose }: { target: string | undefined; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [force, setForce] = useState(false);
  const forecast = useQuery({ ...forecastQuery(target ?? ''), enabled: target !== undefined });
  const restart = useRestart();
  useEffect(() => {
    setReason('');
    setForce(false);
    restart.reset();
    // Another target is another decision.
  }, [target]);
  const refused = forecast.data?.would_restart === false;
  return (
    <Confirm
      opened={target !== undefined}
      title={`Restart ${target ?? ''}`}
      action="Restart"
      danger
      disabled={reason.trim() === '' || (refused && !force)}
      pending={restart.isPending}
      error={restart.error}
      onClose={onClose}
      onConfirm={() => target !== undefined && restart.mutate({ target, reason: reason.trim(), force }, { onSuccess: onClose })}
    >
      <Text size="sm" role="status" data-testid="restart-forecast">
        {forecast.isError
          ? explain(forecast.error)
          : !forecast.data
            ? 'Asking the governor …'
            : refused
              ? `The governor would refuse: ${forecast.data.why}`
              : 'The governor would allow it. Whoever uses it now is cut off until it is back.'}
      </Text>
      <Textarea
        label="Reason" description="It goes into the history, the events and the audit." value={reason} autosize minRows={2} maxLength={500} data-autofocus
        onChange={(event) => setReason(event.currentTarget.value.replaceAll('\n', ' '))} data-testid="restart-reason"
      />
      {refused && <Checkbox size="sm" label="All the same, against the governor. That is on record." checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />}
    </Confirm>
  );
}
