import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { HealerStatus } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Facts } from '../../components/Facts';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { span } from '../../components/span';
import styles from './HealsPage.module.css';
import { deliveryRulesQuery } from './queries';

/** By what the healer goes, as it is in force. */
export function Configuration({ status }: { status: UseQueryResult<HealerStatus> }) {
  const rules = useQuery(deliveryRulesQuery);
  return (
    <div style={{ display: 'grid', gap: 14 }}>
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
      <Panel title="How deliveries heal" note={rules.data && `${rules.data.filter(({ enabled }) => enabled).length} of ${rules.data.length} are on`}>
        <Listing of={rules} what="The rules" count={rules.data?.length} empty={{ what: 'No rules for deliveries', hint: 'They are made by the API: POST /autoheal/rules.' }}>
          <Rows label="Rules for deliveries">
            {(rules.data ?? []).map((rule) => (
              <Row
                key={rule.id}
                lead={<Badge meaning={rule.enabled ? 'good' : 'neutral'}>{rule.enabled ? 'on' : 'off'}</Badge>}
                title={rule.name}
                subs={[`${rule.action.replaceAll('_', ' ')} for ${rule.match_endpoint}${rule.match_triage ? `, ${rule.match_triage.replaceAll('_', ' ')}` : ''}`, `at most ${rule.max_replays} within ${span(rule.window_seconds)}, cooldown ${span(rule.cooldown_seconds)}`]}
              />
            ))}
          </Rows>
        </Listing>
      </Panel>
    </div>
  );
}
