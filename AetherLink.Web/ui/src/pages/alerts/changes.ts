import { useMutation, useQueryClient } from '@tanstack/react-query';
import { commandCenter, unwrap } from '../../api/client';
import { silencesKey } from '../../live/askAgain';
import { putAlert, refetchAlerts, rulesKey, templatesKey } from './queries';

/** Takes an alert on. Whoever was first stays the one that did. */
export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.POST('/alerts/{id}/ack', { params: { path: { id } } })).alert,
    onSuccess: (alert) => putAlert(client, alert),
    // It may have ended meanwhile: what is shown was old then.
    onError: () => refetchAlerts(client),
  });
}

export interface NewSilence {
  matchers: { label: string; op: string; value: string }[];
  ends_at: string | null;
  until_resolved: boolean;
  reason: string;
  tenant_id: string | null;
}

export function useSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (silence: NewSilence) => unwrap(await commandCenter.POST('/alerts/silences', { body: silence })).silence,
    onSuccess: () => client.invalidateQueries({ queryKey: silencesKey }),
  });
}

export function useEndSilence() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.DELETE('/alerts/silences/{id}', { params: { path: { id } } })).silence,
    onSuccess: () => client.invalidateQueries({ queryKey: silencesKey }),
  });
}

export function useSwitchRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, enabled }: { id: string; enabled: boolean }) =>
      unwrap(await commandCenter.PATCH('/alerts/rules/{id}/enabled', { params: { path: { id } }, body: { enabled } })).rule,
    onSettled: () => client.invalidateQueries({ queryKey: rulesKey }),
  });
}

export function useDeleteRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.DELETE('/alerts/rules/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesKey }),
  });
}

export function useDeleteTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(await commandCenter.DELETE('/alerts/templates/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: templatesKey }),
  });
}
