import { useQuery } from '@tanstack/react-query';
import { Detail } from '../../components/Detail';
import { Outcome } from '../../components/Outcome';
import type { Place } from './AlertsPage';
import { draftOf, newDraft } from './draft';
import { ruleQuery, templateQuery } from './queries';
import { RuleForm } from './RuleForm';

/** The rule that the address names, or a new one; from a template, if it names one of these. */
export function RuleEditor({ place: { search, tenant, go } }: { place: Place }) {
  const { rule: id, template: from } = search;
  const isNew = id === 'new';
  const rule = useQuery({ ...ruleQuery(id ?? ''), enabled: id !== undefined && !isNew });
  const template = useQuery({ ...templateQuery(from ?? ''), enabled: isNew && from !== undefined });
  const asked = isNew ? template : rule;
  const needs = !isNew || from !== undefined;
  const close = () => go({ rule: undefined, template: undefined });
  const begin = isNew
    ? from === undefined ? newDraft : template.data && draftOf({ ...template.data.rule, name: template.data.name })
    : rule.data && draftOf(rule.data);
  return (
    <Detail title={isNew ? 'New rule' : 'Rule'} opened={id !== undefined} onClose={close}>
      {needs && asked.isError && <Outcome state="failed" what={isNew ? 'The template' : 'The rule'} error={asked.error} onRetry={() => void asked.refetch()} retrying={asked.isFetching} />}
      {needs && asked.isPending && <Outcome state="loading" what="The rule" />}
      {id !== undefined && begin && <RuleForm key={`${id} ${from ?? ''}`} ruleId={isNew ? undefined : id} templateId={from} begin={begin} tenant={tenant} onClose={close} onSaved={() => go({ rule: undefined, template: undefined, view: 'rules' })} />}
    </Detail>
  );
}
