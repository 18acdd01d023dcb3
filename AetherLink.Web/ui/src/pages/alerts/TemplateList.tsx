import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlertTemplate } from '../../api/types';
import { Badge } from '../../components/Badge';
import { Confirm } from '../../components/Confirm';
import { Listing } from '../../components/Listing';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { meaningOf } from '../../components/severity';
import type { Place } from './AlertsPage';
import { useDeleteTemplate } from './changes';
import { templatesQuery } from './queries';
import { sentence } from './RuleList';

export function TemplateList({ place: { go } }: { place: Place }) {
  const found = useInfiniteQuery(templatesQuery);
  const remove = useDeleteTemplate();
  const [deleting, setDeleting] = useState<AlertTemplate>();
  const templates = found.data?.pages.flatMap((page) => page.templates) ?? [];
  return (
    <Panel
      title="Templates" note="what a rule can begin with"
      actions={<Button size="compact-xs" onClick={() => go({ edit: 'new' })} data-testid="template-new">New template</Button>}
    >
      <Listing of={found} what="The templates" count={found.data && templates.length} empty={{ what: 'No templates' }}>
        <Rows label="Templates">
          {templates.map((template) => (
            <Row
              key={template.template_id}
              testId="template-row"
              lead={<Badge meaning={meaningOf(template.rule.alert_severity ?? 'critical')}>{template.rule.alert_severity ?? 'critical'}</Badge>}
              title={template.name}
              {...(!template.shipped && { onOpen: () => go({ edit: template.template_id }) })}
              subs={[template.description, sentence(template.rule), template.shipped ? undefined : `of ${template.tenant_id ?? 'all tenants'} · by ${template.updated_by ?? template.created_by ?? 'somebody'}`]}
              end={
                <>
                  {!template.shipped && (
                    <Button size="compact-xs" variant="default" onClick={() => setDeleting(template)} aria-label={`Delete ${template.name}`} data-testid="template-delete">
                      Delete
                    </Button>
                  )}
                  <Button
                    size="compact-xs" variant="default" onClick={() => go({ rule: 'new', template: template.template_id })}
                    aria-label={`Make a rule of ${template.name}`} data-testid="materialize"
                  >
                    Make a rule
                  </Button>
                </>
              }
            />
          ))}
        </Rows>
        <Older of={found} what="templates" />
      </Listing>
      <Confirm
        opened={deleting !== undefined} title={`Delete ${deleting?.name ?? 'the template'}`} action="Delete" danger pending={remove.isPending} error={remove.error}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => deleting && remove.mutate(deleting.template_id, { onSuccess: () => setDeleting(undefined) })}
      >
        <Text size="sm">It cannot be brought back. Rules that were made of it stay.</Text>
      </Confirm>
    </Panel>
  );
}
