import type { TenantReport } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import type { Figure } from '../../components/Figures';
import { textsOf } from '../../components/place';
import { dollars } from '../ai/ai';

export interface TenantsSearch {
  hours?: string;
  tenant_id?: string;
  /** The tenant that is open at the edge. */
  tenant?: string;
}

export const readSearch = (search: Record<string, unknown>): TenantsSearch => textsOf(search, ['hours', 'tenant_id', 'tenant']);

/** The spans that can be chosen; the last is the longest that the API knows. */
export const spans = [
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
  { value: '744', label: '31 days' },
] as const;

export const hoursOf = ({ hours }: TenantsSearch): number => Number(spans.find(({ value }) => value === hours)?.value ?? 24);

/** By the quarters in which an operator thinks: nothing to do, something to look at, something to do. */
export const meaningOfScore = (score: number): Meaning => (score >= 90 ? 'good' : score >= 70 ? 'attention' : 'bad');

export const worstFirst = (tenants: readonly TenantReport[]): TenantReport[] =>
  [...tenants].sort((one, other) => one.health_score - other.health_score || one.tenant_id.localeCompare(other.tenant_id));

const words: Record<string, string> = {
  open_critical_alerts: 'Critical alerts that are open',
  delivery_failure_rate: 'Attempts to deliver that failed',
  ai_failure_rate: 'AI calls that failed',
  error_events: 'Errors among the events',
  alerts: 'Alerts that were raised',
  open_anomalies: 'Anomalies that are open',
};

export const wordOfTerm = (name: string): string => words[name] ?? name.replaceAll('_', ' ');

export const scoreText = (score: number): string => score.toLocaleString(undefined, { maximumFractionDigits: 1 });

export function figuresOf(tenants: readonly TenantReport[] | undefined, more: boolean): Figure[] {
  const sum = (of: (tenant: TenantReport) => number) => tenants?.reduce((total, tenant) => total + of(tenant), 0);
  const worst = tenants && worstFirst(tenants)[0];
  const count = (value: number | undefined) => value?.toLocaleString() ?? '–';
  return [
    { name: 'Tenants', value: `${count(tenants?.length)}${more ? '+' : ''}`, note: tenants && `${tenants.filter(({ health_score }) => health_score < 90).length} below 90` },
    {
      name: 'Lowest health',
      value: worst ? scoreText(worst.health_score) : '–',
      note: worst?.tenant_id,
      meaning: worst && meaningOfScore(worst.health_score) !== 'good' ? meaningOfScore(worst.health_score) : undefined,
    },
    { name: 'Events', value: count(sum(({ events }) => events)), note: tenants && `${count(sum(({ alerts }) => alerts))} alerts` },
    { name: 'Deliveries', value: count(sum(({ deliveries }) => deliveries)) },
    { name: 'AI cost', value: tenants ? dollars(sum(({ ai_cost_usd }) => ai_cost_usd) ?? 0) : '–', note: tenants && `${count(sum(({ ai_calls }) => ai_calls))} calls` },
  ];
}
