import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHeartbeat, IconHelpCircle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMinute } from '../../components/useMinute';
import { useLive } from '../../live/LiveProvider';
import { Cause, useCause } from './Cause';
import { describe, isDown, type Tone } from './state';
import type { OverviewSearch } from './search';
import styles from './StateBanner.module.css';
import { useMesh } from './useMesh';

const icons: Record<Tone, typeof IconHelpCircle> = {
  good: IconCircleCheck,
  attention: IconHeartbeat,
  bad: IconAlertTriangle,
  unknown: IconHelpCircle,
};

export function StateBanner() {
  const { at, asked, health, healing, heals, firing, more } = useMesh();
  const { blindSince } = useLive();
  // What was healed in the last hour is so by the clock, too.
  useMinute();
  const navigate = useNavigate({ from: '/' });
  const cause = useCause(at, firing.length > 0 || Object.values(health?.services ?? {}).some(({ status }) => isDown(status)));
  const state = asked.isPending
    ? { tone: 'unknown' as const, sentence: 'Asking for the state of the mesh', detail: undefined }
    : describe({ health, healing, heals: heals ?? [], blindSince, cause: cause?.node, firing, more, at, now: Date.now() });
  // What is wrong with the cause is its evidence: it is not said twice.
  const detail = cause && state.detail === `${cause.node}: ${cause.evidence[0]?.text}` ? undefined : state.detail;
  const Icon = icons[state.tone];
  return (
    <div className={styles.banner} data-tone={state.tone} role="status" aria-live="polite">
      <Icon size={26} stroke={1.7} className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <h1 className={styles.sentence} data-testid="state-sentence">
          {state.sentence}
        </h1>
        {cause && <Cause at={at} cause={cause} />}
        {detail && <p className={styles.detail}>{detail}</p>}
      </div>
      {at !== undefined && (
        <Button size="xs" variant="default" onClick={() => void navigate({ search: ({ at: _, ...rest }: OverviewSearch) => rest })} data-testid="back-to-now">
          Back to now
        </Button>
      )}
    </div>
  );
}
