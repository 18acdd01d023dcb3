import { IconLockOpen } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { healthQuery } from '../api/queries';
import type { Session } from '../api/types';
import { maySeeOperations } from '../session/session';
import styles from './OpenDoors.module.css';
import { openServices } from './openServices';

/** On every page, for as long as anybody may do anything anywhere: nobody must get used to it. */
export function OpenDoors({ session }: { session: Session }) {
  const { data: health } = useQuery({ ...healthQuery, enabled: maySeeOperations(session) });
  const open = openServices(session, health);
  if (open.length === 0) return null;
  return (
    <div className={styles.banner} role="alert" data-testid="open-doors">
      <IconLockOpen size={18} stroke={1.8} aria-hidden />
      <span>
        <strong>Access control is off at {open.join(', ')}.</strong> Everybody who reaches {open.length === 1 ? 'it' : 'them'} may see and change
        everything there: RBAC_ENABLED is false.
      </span>
    </div>
  );
}
