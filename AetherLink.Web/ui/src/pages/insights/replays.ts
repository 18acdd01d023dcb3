import type { ReplayRecommendation } from '../../api/types';
import type { Meaning } from '../../components/Badge';
import { textsOf } from '../../components/place';
import type { InsightsSearch } from './search';

/** What the recommendations are narrowed to; the names are the API's. */
export interface ReplayFilter {
  recommendation?: string;
  tenant_id?: string;
}

export const replayFilterOf = (search: InsightsSearch): ReplayFilter => textsOf({ ...search }, ['recommendation', 'tenant_id']);

/** What can be recommended; the first is safe to be done at once. */
export const recommendations = ['retry_now', 'wait_until', 'ask', 'fix'] as const;

const words: Record<string, string> = { retry_now: 'safe to send again', wait_until: 'wait', ask: 'look first', fix: 'mend first' };
const meanings: Record<string, Meaning> = { retry_now: 'good', wait_until: 'attention', ask: 'neutral', fix: 'bad' };

export const wordOf = (recommendation: string): string => words[recommendation] ?? recommendation.replaceAll('_', ' ');
export const meaningOf = (recommendation: string): Meaning => meanings[recommendation] ?? 'neutral';

type Reason = ReplayRecommendation['reasons'][number];

/** What speaks for it and what against it, the gravest before the others. */
export function sidesOf(reasons: readonly Reason[]): { against: string[]; pro: string[] } {
  const against = reasons.filter(({ holds }) => !holds).sort((one, other) => other.cost - one.cost);
  return { against: against.map(({ why }) => why), pro: reasons.filter(({ holds }) => holds).map(({ why }) => why) };
}
