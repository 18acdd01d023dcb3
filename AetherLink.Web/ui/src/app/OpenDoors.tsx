import { IconLockOpen } from '@tabler/icons-react';
import type { Session } from '../api/types';
import styles from './OpenDoors.module.css';

/** On every page, for as long as anybody may do anything: nobody must get used to it. */
export function OpenDoors({ session }: { session: Session }) {
  if (session.rbac_enabled) return null;
  return (
    <div className={styles.banner} role="alert" data-testid="open-doors">
      <IconLockOpen size={18} stroke={1.8} aria-hidden />
      <span>
        <strong>Access control is off.</strong> Everybody who reaches this server may see and change everything: RBAC_ENABLED is false.
      </span>
    </div>
  );
}
