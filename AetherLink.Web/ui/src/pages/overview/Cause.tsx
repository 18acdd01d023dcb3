import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { likely, wordOfNode } from '../insights/causes';
import { causesQuery } from '../insights/queries';
import styles from './StateBanner.module.css';

const quarterMs = 15 * 60_000;

/** The probable cause of what is wrong, with the first of its evidence; nothing while nobody knows one. */
export function Cause({ at }: { at: number | undefined }) {
  const window = at === undefined ? {} : { from: new Date(at - quarterMs).toISOString(), to: new Date(at).toISOString() };
  const found = useQuery(causesQuery(window));
  const cause = found.data?.causes[0];
  if (!cause) return null;
  const sign = cause.evidence[0];
  return (
    <p className={styles.cause} data-testid="probable-cause">
      Probable cause:{' '}
      <Link to="/insights" search={{ ...window, cause: cause.id }}>
        {wordOfNode(cause.node)}
      </Link>
      {`, ${likely(cause.score)}`}
      {sign && `: ${sign.text}`}
    </p>
  );
}
