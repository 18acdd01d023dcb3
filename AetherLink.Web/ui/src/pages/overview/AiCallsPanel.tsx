import { useNavigate } from '@tanstack/react-router';
import { Badge, type Meaning } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import { formatDuration } from '../../live/events';
import type { AiCall } from '../../live/patch';
import styles from './rows.module.css';
import { useAiCalls } from './useEvents';

const shownCalls = 6;
const words: Record<AiCall['outcome'], [Meaning, string]> = {
  used: ['good', 'answered'],
  fallback: ['attention', 'fallback'],
  failed: ['bad', 'failed'],
};

export function AiCallsPanel() {
  const { at, asked: calls } = useAiCalls();
  const navigate = useNavigate({ from: '/' });
  return (
    <Panel title="AI calls" note={at === undefined ? noteOf(calls.data) : <>up to <Moment at={at} /></>}>
      {calls.isPending && <Outcome state="loading" what="AI calls" rows={3} />}
      {calls.isError && !calls.data && (
        <Outcome
          state="failed"
          what="The AI calls"
          error={calls.error}
          onRetry={() => void calls.refetch()}
          retrying={calls.isFetching}
        />
      )}
      {calls.data?.length === 0 && <Outcome state="empty" {...(at === undefined ? { what: 'No AI calls yet', hint: 'Try one on a text of your own below.' } : { what: 'No AI calls until then' })} />}
      {calls.data && calls.data.length > 0 && (
        <ol className={styles.list}>
          {calls.data.slice(0, shownCalls).map((call) => (
            <AiCallRow key={call.key} call={call} onOpen={() => void navigate({ search: (search) => ({ ...search, event: call.key }) })} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function AiCallRow({ call, onOpen }: { call: AiCall; onOpen: () => void }) {
  const [meaning, word] = words[call.outcome];
  return (
    <li data-testid="ai-row" data-outcome={call.outcome}>
      <button type="button" className={`${styles.row} ${styles.button}`} onClick={onOpen}>
        <Moment at={call.at} seconds className={styles.time} />
        <span className={styles.what}>
          <span className={styles.main}>
            {call.intent} <span className={styles.soft}>{call.provider ? `by ${call.provider}` : 'by nobody'}</span>
          </span>
          <span className={styles.sub}>
            {call.tried.length > 0 ? `tried ${call.tried.join(', ')} first` : (call.model ?? 'the first provider answered')}
          </span>
        </span>
        <span className={styles.end}>
          <Badge meaning={meaning}>{word}</Badge>
          <span className={styles.figure}>{call.latencyMs === undefined ? '' : formatDuration(call.latencyMs)}</span>
        </span>
      </button>
    </li>
  );
}

function noteOf(calls: readonly AiCall[] | undefined): string | undefined {
  if (!calls || calls.length === 0) return undefined;
  const fallbacks = calls.filter((call) => call.outcome === 'fallback').length;
  const failures = calls.filter((call) => call.outcome === 'failed').length;
  const parts = [`last ${calls.length}`];
  if (fallbacks > 0) parts.push(`${fallbacks} by fallback`);
  if (failures > 0) parts.push(`${failures} failed`);
  return parts.join(' · ');
}
