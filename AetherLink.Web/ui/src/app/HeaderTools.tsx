import type { Session } from '../api/types';
import { ConnectionState } from './ConnectionState';
import { SchemeSwitch } from './SchemeSwitch';
import { UserMenu } from './UserMenu';

/** What stands at the end of the head: whether it is live, the colours, and who looks. */
export function HeaderTools({ session, live }: { session: Session; live: boolean }) {
  return (
    <>
      {live && <ConnectionState />}
      <SchemeSwitch />
      {session.signed_in && <UserMenu session={session} />}
    </>
  );
}
