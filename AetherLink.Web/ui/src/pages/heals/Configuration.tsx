import type { UseQueryResult } from '@tanstack/react-query';
import type { HealerStatus } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Facts } from '../../components/Facts';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import styles from './HealsPage.module.css';

const span = (seconds: number): string => (seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds.toLocaleString()} s`);

/** By what the healer goes, as it is in force. */
export function Configuration({ status }: { status: UseQueryResult<HealerStatus> }) {
  const limits = status.data?.limits;
  return (
      <Panel title="Configuration" note="in force now">
        <Listing of={status} what="The configuration" count={status.data && 1} empty={{ what: 'No configuration' }}>
          {status.data && limits && (
            <div className={styles.facts}>
              <Facts
                facts={[
                  ['Probes', `every ${status.data.interval_seconds} s`],
                  ['Last round', status.data.last_report.last_run ? <Moment key="last" at={status.data.last_report.last_run} seconds /> : 'none yet'],
                  ['Acts after', `${limits.failures} failed probes in a row, and not in a start's first ${span(limits.grace_seconds)}`],
                  ['Cooldown', `${span(limits.cooldown_seconds)}, each time ${limits.backoff_factor.toLocaleString()} times as long, up to ${span(limits.longest_cooldown_seconds)}`],
                  ['Each target', `at most ${limits.restarts_per_hour} restarts an hour`],
                  ['Restarts', `${status.data.fleet.restarts_last_hour} of ${status.data.fleet.restarts_per_hour} an hour, for all together`],
                  ['Brake', <span key="brake"><Badge meaning={status.data.fleet.braked ? 'bad' : 'good'}>{status.data.fleet.braked ? 'on' : 'off'}</Badge> comes on when more than {limits.brake_percent.toLocaleString()} % of all are down, and at least {limits.brake_minimum}</span>],
                  ['Containers', `${status.data.engine.state}${status.data.engine.reason ? `: ${status.data.engine.reason}` : `, ${status.data.engine.containers} enrolled`}`],
                ]}
              />
            </div>
          )}
        </Listing>
      </Panel>
  );
}
