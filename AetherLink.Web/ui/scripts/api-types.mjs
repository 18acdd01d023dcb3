// Makes src/api/generated/<service>.ts from openapi/<service>.json, as a part of every build: a changed contract breaks the
// type check instead of the page.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

// What each service answers, for the page of the mesh: a part of the documents that is small enough for a browser.
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const endpoints = Object.fromEntries(
  readdirSync(documents).filter((name) => name.endsWith('.json')).sort().map((file) => {
    const { paths } = JSON.parse(readFileSync(join(documents, file), 'utf8'));
    const all = Object.entries(paths).flatMap(([path, operations]) =>
      methods.filter((method) => operations[method]).map((method) => ({ method: method.toUpperCase(), path, summary: operations[method].summary ?? '' })),
    );
    return [basename(file, '.json'), all];
  }),
);
writeFileSync(
  join(target, 'endpoints.ts'),
  `// Made by \`npm run api:types\` from openapi/.\n\nexport interface Endpoint {\n  method: string;\n  path: string;\n  summary: string;\n}\n\nexport const endpoints: Readonly<Record<string, readonly Endpoint[]>> = ${JSON.stringify(endpoints, null, 2)};\n`,
);
