import type { UseQueryResult } from '@tanstack/react-query';
import type { HealerStatus } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Facts } from '../../components/Facts';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import styles from './HealsPage.module.css';

/** By what the healer goes, as it is in force. */
export function Configuration({ status }: { status: UseQueryResult<HealerStatus> }) {
  return (
      <Panel title="Configuration" note="in force now">
        <Listing of={status} what="The configuration" count={status.data && 1} empty={{ what: 'No configuration' }}>
          {status.data && (
            <div className={styles.facts}>
              <Facts
                facts={[
                  ['Probes', `every ${status.data.interval_seconds} s`],
                  ['Last round', status.data.last_report.last_run ? <Moment key="last" at={status.data.last_report.last_run} seconds /> : 'none yet'],
                  ['Restarts', `${status.data.fleet.restarts_last_hour} of ${status.data.fleet.restarts_per_hour} an hour, for all together`],
                  ['Brake', <Badge key="brake" meaning={status.data.fleet.braked ? 'bad' : 'good'}>{status.data.fleet.braked ? 'on' : 'off'}</Badge>],
                  ['Containers', `${status.data.engine.state}${status.data.engine.reason ? `: ${status.data.engine.reason}` : `, ${status.data.engine.containers} enrolled`}`],
                ]}
              />
            </div>
          )}
        </Listing>
      </Panel>
  );
}
