import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../components/Confirm';
import { Actions, Detail } from '../../components/Detail';
import { Outcome } from '../../components/Outcome';
import type { Webhook } from '../../api/types';
import { mayConfigure } from '../../session/session';
import type { Place } from './DeliveriesPage';
import { EndpointForm, Secret } from './EndpointForm';
import { useDeleteWebhook, useRotateSecret } from './endpoints';
import { webhooksQuery } from './queries';

/** The endpoint that the address names, or a new one. */
export function EndpointEditor({ place: { search, session, tenant, go } }: { place: Place }) {
  const { edit: id } = search;
  const isNew = id === 'new';
  const opened = id !== undefined && mayConfigure(session);
  const found = useInfiniteQuery({ ...webhooksQuery, enabled: opened && !isNew });
  const webhook = found.data?.pages.flatMap((page) => page.webhooks).find((one) => one.id === id);
  const close = () => go({ edit: undefined });
  return (
    <Detail title={isNew ? 'New endpoint' : 'Endpoint'} opened={opened} onClose={close}>
      {isNew || webhook ? (
        <Editing key={id} webhook={webhook} tenant={tenant} onClose={close} />
      ) : found.isPending ? (
        <Outcome state="loading" what="The endpoint" />
      ) : found.isError ? (
        <Outcome state="failed" what="The endpoint" error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />
      ) : (
        <Outcome state="empty" what="There is no such endpoint" hint="It may have been deleted." />
      )}
    </Detail>
  );
}

function Editing({ webhook, tenant, onClose }: { webhook: Webhook | undefined; tenant: string | null; onClose: () => void }) {
  const rotate = useRotateSecret();
  const remove = useDeleteWebhook();
  const [asking, setAsking] = useState<'rotate' | 'delete'>();
  if (rotate.data) return <Secret value={rotate.data.secret} onClose={onClose} />;
  return (
    <>
      {webhook && (
        <>
          {webhook.configured && (
            <Text size="sm" c="dimmed" mb="sm">
              It comes from the configuration, which has the last word when the service starts.
            </Text>
          )}
          <Actions>
            <Button size="xs" variant="default" onClick={() => setAsking('rotate')} data-testid="endpoint-rotate">
              New secret
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsking('delete')} data-testid="endpoint-delete">
              Delete
            </Button>
          </Actions>
          <Confirm
            opened={asking === 'rotate'} title="A new secret" action="Make it" pending={rotate.isPending} error={rotate.error} onClose={() => setAsking(undefined)}
            onConfirm={() => rotate.mutate(webhook.id)}
          >
            <Text size="sm">The receiver has a day to change over: so long both are good.</Text>
          </Confirm>
          <Confirm
            opened={asking === 'delete'} title="Delete the endpoint" action="Delete" danger pending={remove.isPending} error={remove.error} onClose={() => setAsking(undefined)}
            onConfirm={() => remove.mutate(webhook.id, { onSuccess: onClose })}
          >
            <Text size="sm">What waits for {webhook.url} is not sent any more, and the endpoint cannot be brought back. Switched off, it would be kept.</Text>
          </Confirm>
        </>
      )}
      <EndpointForm webhook={webhook} tenant={tenant} onClose={onClose} />
    </>
  );
}
