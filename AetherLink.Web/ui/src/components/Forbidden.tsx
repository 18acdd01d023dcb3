import { Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { Session } from '../api/types';
import styles from './Outcome.module.css';

/** A page that the role may not see: who may, and who is looking. */
export function Forbidden({ what, who, session }: { what: string; who: string; session: Session }) {
  const role = session.roles.length > 0 ? session.roles.join(', ') : 'without a role';
  return (
    <div className={styles.frame} role="alert" data-testid="forbidden">
      <IconLock size={22} stroke={1.5} className={styles.icon} aria-hidden />
      <Text component="h1" fw={500} size="sm">
        {what} is for {who}
      </Text>
      <Text size="xs" c="dimmed" maw={360}>
        You are signed in as {session.name ?? 'nobody'}, {role}. Ask whoever gives roles at your identity provider.
      </Text>
    </div>
  );
}
