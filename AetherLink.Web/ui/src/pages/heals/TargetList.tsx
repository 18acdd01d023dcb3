import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { HealerStatus, Session } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { mayConfigure } from '../../session/session';
import { governorsView, meaningOfTarget, worstFirst } from './heals';
import { RestartDialog } from './RestartDialog';

interface Props {
  status: UseQueryResult<HealerStatus>;
  session: Session;
  onChoose: (target: string) => void;
}

/** What is watched, and the governor's word on each: above all, why not now. */
export function TargetList({ status, session, onChoose }: Props) {
  const [restarting, setRestarting] = useState<string>();
  const targets = [...(status.data?.targets ?? [])].sort(worstFirst);
  // Services are everybody's: somebody of one tenant does not restart them.
  const mayRestart = mayConfigure(session) && (session.tenant_id ?? null) === null;
  return (
    <Panel title="Targets" note={status.data && `${targets.filter(({ enrolled }) => enrolled).length} of ${targets.length} may be restarted`}>
      <Listing of={status} what="The targets" count={status.data && targets.length} empty={{ what: 'Nothing is watched yet', hint: 'Enrol a service by AUTOHEAL_SERVICES, or a container by its label.' }}>
        <Rows label="Targets">
          {targets.map((target) => (
            <Row
              key={target.name}
              testId={`target-${target.name}`}
              meaning={meaningOfTarget(target.state) === 'good' ? undefined : meaningOfTarget(target.state)}
              lead={<Badge meaning={meaningOfTarget(target.state)}>{target.state}</Badge>}
              title={target.name}
              onOpen={() => onChoose(target.name)}
              subs={[
                governorsView(target),
                <>
                  {target.kind} · {target.restarts_last_hour} {target.restarts_last_hour === 1 ? 'restart' : 'restarts'} in the last hour
                  {target.consecutive_failures > 0 && ` · ${target.consecutive_failures} failed probes in a row`}
                  {target.cooldown_until && <> · cooldown until <Moment at={target.cooldown_until} seconds /></>}
                  {target.reason && ` · ${target.reason}`}
                </>,
              ]}
              end={
                mayRestart && target.enrolled && (
                  <Button size="compact-xs" variant="default" onClick={() => setRestarting(target.name)} aria-label={`Restart ${target.name}`}>
                    Restart
                  </Button>
                )
              }
            />
          ))}
        </Rows>
      </Listing>
      <RestartDialog target={restarting} onClose={() => setRestarting(undefined)} />
    </Panel>
  );
}
