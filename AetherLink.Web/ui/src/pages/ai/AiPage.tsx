import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Session } from '../../api/types';
import { Figures } from '../../components/Figures';
import { Forbidden } from '../../components/Forbidden';
import { Page } from '../../components/Page';
import { maySeeOperations, sessionQuery } from '../../session/session';
import { TryIntentPanel } from '../overview/TryIntentPanel';
import { figuresOf, type AiSearch } from './ai';
import styles from './AiPage.module.css';
import { CallDetail } from './CallDetail';
import { CallList } from './CallList';
import { ProviderList } from './ProviderList';
import { usageQuery } from './queries';
import { UsagePanels } from './UsagePanels';

export function AiPage() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (!maySeeOperations(session)) return <Forbidden what="The use of AI" who="operators and admins" session={session} />;
  return <Ai session={session} />;
}

export interface Place {
  search: AiSearch;
  session: Session;
  /** Into the address; what is undefined goes out of it. */
  go: (change: { [Field in keyof AiSearch]: AiSearch[Field] | undefined }) => void;
}

function Ai({ session }: { session: Session }) {
  const search = useSearch({ from: '/signed-in/ai' });
  const navigate = useNavigate({ from: '/ai' });
  const usage = useQuery(usageQuery(search.tenant_id));
  const place: Place = {
    search,
    session,
    go: (change) =>
      void navigate({
        search: (before) => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== '')),
      }),
  };
  return (
    <Page title="AI">
      <Figures figures={figuresOf(usage.data?.total)} />
      <div className={styles.columns}>
        <ProviderList />
        <TryIntentPanel tenant={session.tenant_id ?? null} />
      </div>
      <UsagePanels usage={usage} tenant={search.tenant_id} />
      <CallList place={place} />
      <CallDetail place={place} />
    </Page>
  );
}
