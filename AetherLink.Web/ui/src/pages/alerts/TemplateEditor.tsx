import { useQuery } from '@tanstack/react-query';
import { Detail } from '../../components/Detail';
import { Outcome } from '../../components/Outcome';
import type { Place } from './AlertsPage';
import { draftOf, newDraft } from './draft';
import { templateQuery } from './queries';
import { TemplateForm } from './TemplateForm';

/** The template that the address names, or a new one. */
export function TemplateEditor({ place: { search, tenant, go } }: { place: Place }) {
  const { edit: id } = search;
  const isNew = id === 'new';
  const found = useQuery({ ...templateQuery(id ?? ''), enabled: id !== undefined && !isNew });
  const close = () => go({ edit: undefined });
  const begin = isNew
    ? newDraft
    : found.data && draftOf({ ...found.data.rule, name: found.data.name, tenant_id: found.data.tenant_id, description: found.data.description });
  return (
    <Detail title={isNew ? 'New template' : 'Template'} opened={id !== undefined} onClose={close}>
      {!isNew && found.isError && <Outcome state="failed" what="The template" error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />}
      {!isNew && found.isPending && <Outcome state="loading" what="The template" />}
      {id !== undefined && begin && <TemplateForm key={id} templateId={isNew ? undefined : id} begin={begin} tenant={tenant} onClose={close} />}
    </Detail>
  );
}
