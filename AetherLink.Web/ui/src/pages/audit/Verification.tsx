import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { explain } from '../../api/problem';
import { Dot } from '../../components/Badge';
import { Mono } from '../../components/Facts';
import { verdictOf } from './audit';
import { verifyQuery } from './queries';
import styles from './Verification.module.css';

/** Whether the chain of entries holds, when somebody asks. */
export function Verification() {
  const asked = useQuery(verifyQuery);
  const verdict = asked.data && verdictOf(asked.data);
  return (
    <div className={styles.line} data-meaning={verdict?.meaning ?? 'neutral'} data-testid="audit-verdict">
      <div className={styles.words} role="status">
        <Dot meaning={asked.isError ? 'bad' : (verdict?.meaning ?? 'neutral')} />
        <span>
          {asked.isError ? explain(asked.error) : (verdict?.sentence ?? 'Each entry is chained to the one before it, and the end is sealed.')}
          {asked.data && (
            <Text span size="xs" c="dimmed" className={styles.head}>
              head <Mono>{asked.data.head_hash}</Mono>
            </Text>
          )}
        </span>
      </div>
      <Button size="xs" variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()} data-testid="audit-verify">
        {asked.data ? 'Verify again' : 'Verify'}
      </Button>
    </div>
  );
}
