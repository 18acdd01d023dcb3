import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Panel } from '../../components/Panel';
import { circuitOf, duration } from '../ai/ai';
import { providersQuery } from '../ai/queries';
import styles from './rows.module.css';

/** Who can be asked just now, and how quickly it answers. */
export function ProvidersPanel() {
  const found = useQuery(providersQuery);
  const providers = Object.entries(found.data ?? {});
  return (
    <Panel title="AI providers" actions={<Link to="/ai" className={styles.all}>All of AI</Link>}>
      <Listing of={found} what="The providers" count={found.data && providers.length} empty={{ what: 'No providers are configured' }}>
        <ul className={styles.list}>
          {providers.map(([name, provider]) => {
            const { word, meaning } = circuitOf(provider);
            return (
              <li key={name} className={`${styles.row} ${styles.untimed}`} data-testid={`overview-provider-${name}`}>
                <span className={styles.what}>
                  <span className={styles.main}>
                    {name} <span className={styles.soft}>p50 {duration(provider.latency_ms.p50)}, p95 {duration(provider.latency_ms.p95)}</span>
                  </span>
                  {meaning !== 'good' && provider.last_error && (
                    <span className={styles.sub} title={provider.last_error}>
                      {provider.last_error}
                    </span>
                  )}
                </span>
                <span className={styles.end}>
                  <Badge meaning={meaning}>{word}</Badge>
                </span>
              </li>
            );
          })}
        </ul>
      </Listing>
    </Panel>
  );
}
