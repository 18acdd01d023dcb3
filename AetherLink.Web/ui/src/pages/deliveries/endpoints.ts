import { useMutation, useQueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { deliveriesKey } from '../../live/askAgain';
import type { bodyOf } from './endpoint';

/** A new one, when it has no id yet: then it comes with its secret, unless somebody has chosen that. */
export async function saveWebhook(id: string | undefined, body: ReturnType<typeof bodyOf>): Promise<{ secret: string | null }> {
  if (id === undefined) return { secret: unwrap(await commandCenter.POST('/alerts/webhooks', { body })).secret };
  unwrap(await commandCenter.PUT('/alerts/webhooks/{id}', { params: { path: { id } }, body }));
  return { secret: null };
}

export function useRotateSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.POST('/alerts/webhooks/{id}/rotate-secret', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesKey }),
  });
}

export function useDeleteWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.DELETE('/alerts/webhooks/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesKey }),
  });
}
