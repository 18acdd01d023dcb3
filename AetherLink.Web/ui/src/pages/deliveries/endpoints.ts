import { useMutation, useQueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { deliveriesKey } from '../../live/askAgain';
import type { bodyOf } from './endpoint';

export function useSaveWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, body }: { id: string | undefined; body: ReturnType<typeof bodyOf> }): Promise<{ secret: string | null }> => {
      if (id === undefined) return { secret: unwrap(await commandCenter.POST('/alerts/webhooks', { body })).secret };
      unwrap(await commandCenter.PUT('/alerts/webhooks/{id}', { params: { path: { id } }, body }));
      return { secret: null };
    },
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesKey }),
  });
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
