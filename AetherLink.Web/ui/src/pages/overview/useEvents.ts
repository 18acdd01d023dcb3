import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { aiCallsQuery, eventsQuery } from '../../api/queries';
import type { OpsEvent } from '../../api/types';
import type { AiCall } from '../../live/patch';
import { aiCallsThenQuery, eventsThenQuery } from './queries';
import { minuteOf } from './search';

interface Shown<Row> {
  /** The minute that is shown; now, when it is undefined. */
  at: number | undefined;
  asked: UseQueryResult<Row[]>;
}

/** The newest events, or those that were the newest at the minute that the address names. */
export function useEvents(): Shown<OpsEvent> {
  const at = minuteOf(useSearch({ from: '/signed-in/' }));
  const now = useQuery(eventsQuery);
  const then = useQuery({ ...eventsThenQuery(at ?? 0), enabled: at !== undefined, placeholderData: keepPreviousData });
  return { at, asked: at === undefined ? now : then };
}

/** The same of the calls to the AI. */
export function useAiCalls(): Shown<AiCall> {
  const at = minuteOf(useSearch({ from: '/signed-in/' }));
  const now = useQuery(aiCallsQuery);
  const then = useQuery({ ...aiCallsThenQuery(at ?? 0), enabled: at !== undefined, placeholderData: keepPreviousData });
  return { at, asked: at === undefined ? now : then };
}
