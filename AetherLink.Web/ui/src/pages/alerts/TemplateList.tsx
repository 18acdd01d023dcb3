import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Listing } from '../../components/Listing';
import { Older } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { meaningOf } from '../../components/severity';
import type { Place } from './AlertsPage';
import { templatesQuery } from './queries';
import { sentence } from './RuleList';

export function TemplateList({ place: { go } }: { place: Place }) {
  const found = useInfiniteQuery(templatesQuery);
  const templates = found.data?.pages.flatMap((page) => page.templates) ?? [];
  return (
    <Panel title="Templates" note="what a rule can begin with">
      <Listing of={found} what="The templates" count={found.data && templates.length} empty={{ what: 'No templates' }}>
        <Rows label="Templates">
          {templates.map((template) => (
            <Row
              key={template.template_id}
              testId="template-row"
              lead={<Badge meaning={meaningOf(template.rule.alert_severity ?? 'critical')}>{template.rule.alert_severity ?? 'critical'}</Badge>}
              title={template.name}
              subs={[template.description, sentence(template.rule)]}
              end={
                <Button
                  size="compact-xs" variant="default" onClick={() => go({ rule: 'new', template: template.template_id })}
                  aria-label={`Make a rule of ${template.name}`} data-testid="materialize"
                >
                  Make a rule
                </Button>
              }
            />
          ))}
        </Rows>
        <Older of={found} what="templates" />
      </Listing>
    </Panel>
  );
}
