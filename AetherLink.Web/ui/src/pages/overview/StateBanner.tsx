import { IconAlertTriangle, IconCircleCheck, IconHeartbeat, IconHelpCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery, healsQuery, healthQuery } from '../../api/queries';
import { useLive } from '../../live/LiveProvider';
import { beingHealed } from '../../live/patch';
import { describe, type Tone } from './state';
import styles from './StateBanner.module.css';

const icons: Record<Tone, typeof IconHelpCircle> = {
  good: IconCircleCheck,
  attention: IconHeartbeat,
  bad: IconAlertTriangle,
  unknown: IconHelpCircle,
};

export function StateBanner() {
  const health = useQuery(healthQuery);
  const { data: events } = useQuery(eventsQuery);
  const { data: heals } = useQuery(healsQuery);
  const { blindSince } = useLive();
  const healing = beingHealed(events ?? [], Date.now());
  const state = health.isPending
    ? { tone: 'unknown' as const, sentence: 'Asking for the state of the mesh', detail: undefined }
    : describe({ health: health.data, healing, lastHeal: heals?.[0], blindSince });
  const Icon = icons[state.tone];
  return (
    <div className={styles.banner} data-tone={state.tone} role="status" aria-live="polite">
      <Icon size={26} stroke={1.7} className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <h1 className={styles.sentence} data-testid="state-sentence">
          {state.sentence}
        </h1>
        {state.detail && <p className={styles.detail}>{state.detail}</p>}
      </div>
    </div>
  );
}
