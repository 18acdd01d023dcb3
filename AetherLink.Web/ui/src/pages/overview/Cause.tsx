import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Cause as ProbableCause } from '../../api/types';
import { likely, wordOfNode, type CauseWindow } from '../insights/causes';
import { causesQuery } from '../insights/queries';
import styles from './StateBanner.module.css';

const quarterMs = 15 * 60_000;

const windowOf = (at: number | undefined): CauseWindow =>
  at === undefined ? {} : { from: new Date(at - quarterMs).toISOString(), to: new Date(at).toISOString() };

/** What has probably caused what is wrong; undefined while nobody knows, or nothing is wrong. */
export function useCause(at: number | undefined, isWrong: boolean): ProbableCause | undefined {
  const found = useQuery({ ...causesQuery(windowOf(at)), enabled: isWrong });
  return isWrong ? found.data?.causes[0] : undefined;
}

/** The probable cause of what is wrong, with the first of its evidence. */
export function Cause({ at, cause }: { at: number | undefined; cause: ProbableCause }) {
  const sign = cause.evidence[0];
  return (
    <p className={styles.cause} data-testid="probable-cause">
      Probable cause:{' '}
      <Link to="/insights" search={{ ...windowOf(at), cause: cause.id }}>
        {wordOfNode(cause.node)}
      </Link>
      {`, ${likely(cause.score)}`}
      {sign && `: ${sign.text}`}
    </p>
  );
}
