import { expect, test } from 'vitest';
import styles from './mantine.ts?raw';

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const known = Object.keys(import.meta.glob('/node_modules/@mantine/core/styles/*.css')).map((path) => path.replace(/^.*\/|\.css$/g, ''));

test('of every component that is used the styles are there', () => {
  const used = Object.values(sources).flatMap((source) =>
    [...source.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim())),
  );
  const needed = [...new Set(used)].filter((name) => known.includes(name));
  expect(needed.length).toBeGreaterThan(20);
  expect(needed.filter((name) => !styles.includes(`/styles/${name}.css'`))).toEqual([]);
});
