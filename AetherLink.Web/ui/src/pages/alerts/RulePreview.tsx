import { Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { explain, fieldErrors } from '../../api/problem';
import { Moment } from '../../components/Moment';
import type { RuleDraft } from './draft';
import { previewQuery } from './queries';
import styles from './RulePreview.module.css';

/** Each question reads a day of events: it is asked when the typing has rested. */
const restMs = 500;

const shownTimes = 6;

/** What the rule, as it stands in the form, would have done in the last 24 hours. */
export function RulePreview({ draft }: { draft: RuleDraft }) {
  const [rested] = useDebouncedValue(draft, restMs);
  const preview = useQuery(previewQuery(rested));
  const { data } = preview;
  return (
    <div className={styles.preview} role="status" aria-label="Preview" aria-busy={preview.isFetching} data-testid="rule-preview">
      {preview.isError ? (
        <Text size="sm" c="dimmed">
          {Object.keys(fieldErrors(preview.error)).length > 0 ? 'A preview needs a rule that could be saved.' : explain(preview.error)}
        </Text>
      ) : !data ? (
        <Text size="sm" c="dimmed">
          Trying the rule on the last 24 hours …
        </Text>
      ) : (
        <>
          <strong>
            Would have fired {data.would_have_fired === 1 ? 'once' : `${data.would_have_fired.toLocaleString()} times`} in the last 24 h
          </strong>
          , on {data.events_matched.toLocaleString()} matching {data.events_matched === 1 ? 'event' : 'events'}
          {data.truncated && (
            <>
              , looking only until <Moment at={data.evaluated_until} />, since there are so many
            </>
          )}
          .
          {data.alerts.length > 0 && (
            <ul className={styles.times}>
              {data.alerts.slice(0, shownTimes).map((alert) => (
                <li key={`${alert.tenant_id} ${alert.group ?? ''} ${alert.raised_at}`}>
                  <Moment at={alert.raised_at} /> {alert.group ?? alert.tenant_id}
                </li>
              ))}
              {data.would_have_fired > shownTimes && <li>and {(data.would_have_fired - shownTimes).toLocaleString()} more</li>}
            </ul>
          )}
        </>
      )}
    </div>
  );
}
