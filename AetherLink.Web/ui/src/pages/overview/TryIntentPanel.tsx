import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { orchestrator, unwrap } from '../../api/client';
import { Badge } from '../../components/Badge';
import { Outcome } from '../../components/Outcome';
import { Panel } from '../../components/Panel';
import { formatDuration } from '../../live/events';
import styles from './TryIntentPanel.module.css';

const intents = [
  { value: 'extract-lead', label: 'Extract a lead' },
  { value: 'summarize-activity', label: 'Summarise' },
];
const example =
  'Hi, this is Maria Jensen from Nordwind Logistics. Could you call me on +45 20 12 34 56 about 40 licences? maria.jensen@nordwind.example';

/** The Orchestrator's own limit on a body is 1 MB; a person at a text field needs less. */
const longestText = 20_000;

export function TryIntentPanel({ tenant }: { tenant: string | null }) {
  const [intent, setIntent] = useState('extract-lead');
  const [text, setText] = useState(example);
  const run = useMutation({
    mutationFn: async () =>
      unwrap(
        await orchestrator.POST('/orchestrate', {
          body: { intent, tenant_id: tenant ?? 'default', payload: { raw_text: text } },
        }),
      ),
  });

  const failedBefore = run.data?.attempts
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ provider }) => provider);

  return (
    <Panel title="Try an intent" note="on a text of your own">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <Textarea
          aria-label="Text"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={3}
          maxRows={9}
          maxLength={longestText}
          data-testid="intent-text"
        />
        <div className={styles.bar}>
          <SegmentedControl size="xs" aria-label="Intent" data={intents} value={intent} onChange={setIntent} />
          <Button type="submit" size="xs" loading={run.isPending} disabled={text.trim() === ''} data-testid="intent-run">
            Run
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {run.isError && <Outcome state="failed" what="The answer" error={run.error} />}
        {run.data && failedBefore && (
          <div className={styles.answer} data-testid="intent-result">
            <div className={styles.by}>
              <Badge meaning={failedBefore.length > 0 ? 'attention' : 'good'}>{run.data.used_provider}</Badge>
              <span>{formatDuration(run.data.latency_ms)}</span>
              {failedBefore.length > 0 && <span>after {failedBefore.join(', ')} failed</span>}
            </div>
            <dl className={styles.fields}>
              {Object.entries(run.data.result as Record<string, unknown>).map(([name, value]) => (
                <div key={name}>
                  <dt>{name.replaceAll('_', ' ')}</dt>
                  <dd>{plain(value)}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </div>
    </Panel>
  );
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(plain).join(' · ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
