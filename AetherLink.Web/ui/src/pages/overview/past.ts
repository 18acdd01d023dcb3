import type { Heal, MeshHealth, MeshState, ServiceHealth } from '../../api/types';

/** The mesh, now or as it stood. */
export interface Standing {
  health: MeshHealth | undefined;
  /** Services for which something is being done. */
  healing: string[];
  heals: Heal[] | undefined;
  /** The alerts that fire and that nobody has taken on. */
  firing: string[];
  /** There are more of them than are named. */
  more: boolean;
}

/**
 * A past minute in the words of the present one. What nobody tells of the past (latencies) is not claimed; where a service was it is
 * asked of today.
 */
export function standingOf(state: MeshState, today: MeshHealth | undefined): Standing {
  const services = Object.fromEntries(
    state.services.map(({ name, status, since, error }) => [
      name, { status, since: since ?? '', error, url: today?.services[name]?.url ?? '', latency_ms: null, last_checked: state.at } as unknown as ServiceHealth,
    ]),
  );
  const open = state.alerts.filter(({ acknowledged, silenced }) => !acknowledged && !silenced);
  const counted = Object.values(state.alerts_by_severity).reduce((sum, count) => sum + count, 0);
  return {
    health: { status: state.services.every(({ status }) => status === 'up') ? 'up' : 'degraded', services } as MeshHealth,
    healing: state.heals.filter((heal) => heal.state === 'running').map(({ service }) => service),
    heals: state.heals
      .filter((heal) => heal.state === 'succeeded' || heal.state === 'failed')
      .map(({ service, action, reason, at, state: how }) => ({
        service, action: action ?? 'restart', reason: reason ?? '', success: how === 'succeeded', timestamp: Date.parse(at) / 1_000,
      }) as Heal),
    firing: open.map(({ rule_name, group }) => (group === null ? rule_name : `${rule_name}: ${group}`)),
    more: state.alerts_capped || counted > state.alerts.length,
  };
}
