import { Button, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { explain } from '../../api/problem';
import type { Cause } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Row, Rows } from '../../components/Rows';
import { meaningOfKind, wordOfNode, wordOfVerdict, type CauseWindow } from './causes';
import styles from './CauseEvidence.module.css';
import { useJudge } from './queries';

/** What was seen at the cause and at those that it reached, and what people say of it. */
export function CauseEvidence({ cause, window }: { cause: Cause; window: CauseWindow }) {
  const judge = useJudge(window);
  const [note, setNote] = useState('');
  const effects = [...new Map(cause.spread.map((path) => path.at(-1)).flatMap((step) => (step ? [[step.node, step] as const] : []))).values()];
  return (
    <>
      <Rows label="Evidence">
        {cause.evidence.map((sign) => (
          <Row
            key={`${sign.kind} ${sign.at} ${sign.text}`} testId="evidence-row" lead={<Moment at={sign.at} seconds />} title={sign.text}
            subs={[<>{wordOfNode(cause.node)}{sign.reference !== null && <> · <Reference of={sign.reference} /></>}</>]}
            end={<Badge meaning={meaningOfKind(sign.kind)}>{sign.kind}</Badge>}
          />
        ))}
        {effects.map((step) => (
          <Row
            key={`${step.node} ${step.since}`} testId="effect-row" lead={<Moment at={step.since} seconds />} title={step.text}
            subs={[<>{wordOfNode(step.node)}, reached by the fault{step.reference !== null && <> · <Reference of={step.reference} /></>}</>]}
            end={<Badge meaning={meaningOfKind(step.kind)}>{step.kind}</Badge>}
          />
        ))}
      </Rows>
      <form
        className={styles.verdict}
        onSubmit={(event) => {
          event.preventDefault();
          judge.mutate({ id: cause.id, verdict: 'right_cause', note });
        }}
      >
        <span className={styles.said}>
          {cause.verdict ? <>{cause.verdict.by} says that it is {wordOfVerdict(cause.verdict.verdict)}{cause.verdict.note && `: ${cause.verdict.note}`}</> : 'Was it the cause?'}
        </span>
        <TextInput size="xs" aria-label="Note" placeholder="Why" value={note} maxLength={500} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button type="submit" size="xs" loading={judge.isPending && judge.variables.verdict === 'right_cause'} data-testid="cause-right">
          It was
        </Button>
        <Button size="xs" variant="default" loading={judge.isPending && judge.variables.verdict === 'wrong_cause'} onClick={() => judge.mutate({ id: cause.id, verdict: 'wrong_cause', note })} data-testid="cause-wrong">
          It was not
        </Button>
      </form>
      {judge.isError && (
        <Text size="sm" c="var(--bad)" role="alert" px={14} pb={12}>
          {explain(judge.error)}
        </Text>
      )}
    </>
  );
}

/** A series is a path and leads to its anomalies; anything else is an event's id. */
const Reference = ({ of }: { of: string }) =>
  of.includes('/') ? (
    <Link to="/insights" search={{ view: 'anomalies', hours: '24', series: of }} className={styles.link}>
      {of}
    </Link>
  ) : (
    <span>event {of}</span>
  );
