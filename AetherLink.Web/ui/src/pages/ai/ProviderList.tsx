import { useQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { circuitOf, duration, percent } from './ai';
import { providersQuery } from './queries';

/** Who can be asked, and whether the circuit lets calls through. */
export function ProviderList() {
  const found = useQuery(providersQuery);
  const providers = Object.entries(found.data ?? {});
  return (
    <Panel title="Providers" note="their circuits, and how they answer">
      <Listing of={found} what="The providers" count={found.data && providers.length} empty={{ what: 'No providers are configured' }}>
        <Rows label="Providers">
          {providers.map(([name, provider]) => {
            const circuit = circuitOf(provider);
            return (
              <Row
                key={name}
                testId={`provider-${name}`}
                meaning={circuit.meaning === 'good' || circuit.meaning === 'neutral' ? undefined : circuit.meaning}
                lead={<Badge meaning={circuit.meaning}>{circuit.word}</Badge>}
                title={name}
                subs={[
                  `${provider.total_calls.toLocaleString()} ${provider.total_calls === 1 ? 'call' : 'calls'}, ${percent(provider.success_rate)} successful · p50 ${duration(provider.latency_ms.p50)}, p95 ${duration(provider.latency_ms.p95)}${provider.in_flight > 0 ? ` · ${provider.in_flight} on the way` : ''}`,
                  provider.last_error && (
                    <>
                      last error{provider.last_checked && <> at <Moment at={provider.last_checked} /></>}: {provider.last_error}
                    </>
                  ),
                ]}
              />
            );
          })}
        </Rows>
      </Listing>
    </Panel>
  );
}
