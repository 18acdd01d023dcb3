import { useQuery } from '@tanstack/react-query';
import { IconExternalLink } from '@tabler/icons-react';
import { isWeb } from './mesh';
import { toolsQuery } from './queries';
import styles from './ToolLinks.module.css';

/** An operator's own tools, as far as they run: nothing where there are none, and nothing that a browser should not follow. */
export function ToolLinks() {
  const { data: tools = [] } = useQuery(toolsQuery);
  const shown = tools.filter(({ url }) => isWeb(url));
  if (shown.length === 0) return null;
  return (
    <nav className={styles.tools} aria-label="Tools" data-testid="tools">
      {shown.map(({ name, url }) => (
        <a key={name} href={url} target="_blank" rel="noreferrer" className={styles.tool}>
          {name}
          <IconExternalLink size={14} stroke={1.7} aria-hidden />
        </a>
      ))}
    </nav>
  );
}
