// Makes src/api/generated/<service>.ts from openapi/<service>.json, as a part of every build: a changed contract breaks the
// type check instead of the page.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');
const documents = join(root, 'openapi');
const target = join(root, 'src', 'api', 'generated');
mkdirSync(target, { recursive: true });

for (const file of readdirSync(documents).filter((name) => name.endsWith('.json')).sort()) {
  const tree = await openapiTS(pathToFileURL(join(documents, file)), { alphabetize: true });
  writeFileSync(
    join(target, `${basename(file, '.json')}.ts`),
    `// Made by \`npm run api:types\` from openapi/${file}.\n\n${astToString(tree)}`,
  );
}
