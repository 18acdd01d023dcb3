import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Session } from '../../api/types';
import { Forbidden } from '../../components/Forbidden';
import { Page } from '../../components/Page';
import { maySeeOperations, sessionQuery } from '../../session/session';
import { AlertDetail } from './AlertDetail';
import { AlertList } from './AlertList';
import { RuleEditor } from './RuleEditor';
import { RuleList } from './RuleList';
import { views, type AlertsSearch, type View } from './search';
import { SilenceDetail } from './SilenceDetail';
import { SilenceList } from './SilenceList';
import { TemplateList } from './TemplateList';

export function AlertsPage() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (!maySeeOperations(session)) return <Forbidden what="Alerting" who="operators and admins" session={session} />;
  return <Alerts session={session} />;
}

const names: Record<View, string> = { alerts: 'Alerts', rules: 'Rules', templates: 'Templates', silences: 'Silences' };

export interface Place {
  search: AlertsSearch;
  /** A person of one tenant has no other to choose. */
  tenant: string | null;
  /** Into the address; what is undefined goes out of it. */
  go: (change: { [Field in keyof AlertsSearch]: AlertsSearch[Field] | undefined }) => void;
}

function Alerts({ session }: { session: Session }) {
  const search = useSearch({ from: '/signed-in/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const place: Place = {
    search,
    tenant: session.tenant_id ?? null,
    go: (change) =>
      void navigate({
        search: (before) => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== '')),
      }),
  };
  const view = search.view ?? 'alerts';
  return (
    <Page title="Alerts">
      <Tabs
        value={view}
        keepMounted={false}
        onChange={(chosen) => void navigate({ search: chosen === 'alerts' ? {} : { view: chosen as View } })}
      >
        <Tabs.List mb="sm">
          {views.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`view-${one}`}>
              {names[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="alerts">
          <AlertList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RuleList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <TemplateList place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <SilenceList place={place} />
        </Tabs.Panel>
      </Tabs>
      <AlertDetail place={place} />
      <RuleEditor place={place} />
      <SilenceDetail place={place} />
    </Page>
  );
}
