// npm run api:refresh -- command-center=http://localhost:8010 orchestrator=http://localhost:8011 ...
// Fetches each service's OpenAPI document, writes it in a stable form, and makes the types again. Without arguments it asks
// the ports of development. With --check it writes nothing and exits with 1 when a document differs.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const development = {
  'command-center': 'http://localhost:8010',
  orchestrator: 'http://localhost:8011',
  'auto-heal': 'http://localhost:8012',
  web: 'http://localhost:5173',
};

const words = process.argv.slice(2);
const check = words.includes('--check');
const pairs = words.filter((word) => word !== '--check').map((word) => word.split(/=(.*)/s).slice(0, 2));
const services = pairs.length > 0 ? Object.fromEntries(pairs) : development;
const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');

/** Keys in order and no addresses, so that the same contract is the same file on every machine. */
const stable = (value) => {
  if (Array.isArray(value)) return value.map(stable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, stable(value[key])]));
};

let differing = 0;
for (const [service, url] of Object.entries(services)) {
  const answer = await fetch(new URL('/openapi/v1.json', url), { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${service}: ${url} answered ${answer.status}`);
  const { servers: _, ...document } = await answer.json();
  const text = `${JSON.stringify(stable(document), null, 2)}\n`;
  const file = join(root, 'openapi', `${service}.json`);
  let known = '';
  try {
    known = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (known === text) {
    console.log(`${service}: unchanged`);
    continue;
  }
  differing++;
  console.log(`${service}: ${check ? 'differs from the committed document' : 'written'}`);
  if (!check) writeFileSync(file, text);
}

if (check) process.exitCode = differing > 0 ? 1 : 0;
else if (differing > 0) {
  const made = spawnSync(process.execPath, [join(root, 'scripts', 'api-types.mjs')], { stdio: 'inherit' });
  process.exitCode = made.status ?? 1;
}
