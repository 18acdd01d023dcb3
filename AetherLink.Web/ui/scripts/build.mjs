// Called by the project's build: node scripts/build.mjs <stamp>. Installs what the lock file says when that has changed, makes
// the client's types, checks and builds into ../wwwroot, and touches the stamp. Two builds at once (the AppHost's and the
// tests') would tread on each other's node_modules: a lock lets one wait for the other, and the second finds its work done.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');
const stamp = process.argv[2] ?? join(root, '..', 'obj', 'pages.stamp');
const lock = `${stamp}.lock`;
const generated = join(root, 'src', 'api', 'generated');
const installed = join(root, 'node_modules', '.installed');
const longestWaitMs = 5 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The lock is a file with the holder's process id: a killed holder's lock counts for nothing. */
async function acquire() {
  mkdirSync(dirname(lock), { recursive: true });
  const until = Date.now() + longestWaitMs;
  for (;;) {
    try {
      writeFileSync(openSync(lock, 'wx'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    else if (Date.now() > until) throw new Error(`${lock} has been held by process ${holder} for too long.`);
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function run(command, args) {
  // npm is a script on Windows, and scripts need a shell there.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}.`);
}

const newest = (paths) => Math.max(...paths.map((path) => statSync(path).mtimeMs));
const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function isBuilt() {
  if (!existsSync(stamp) || !existsSync(join(root, '..', 'wwwroot', 'index.html'))) return false;
  const inputs = ['src', 'public', 'openapi', 'scripts'].flatMap((folder) => filesUnder(join(root, folder)));
  for (const name of ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts']) inputs.push(join(root, name));
  return statSync(stamp).mtimeMs >= newest(inputs.filter((file) => !file.startsWith(generated)));
}

function isInstalled() {
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(join(root, 'package-lock.json'), 'utf8');
}

await acquire();
try {
  if (!isBuilt()) {
    if (!isInstalled()) {
      run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      writeFileSync(installed, readFileSync(join(root, 'package-lock.json'), 'utf8'));
    }
    run('npm', ['run', '--silent', 'api:types']);
    run('npm', ['run', '--silent', 'check']);
    run('npm', ['run', '--silent', 'build', '--', '--logLevel', 'warn']);
    writeFileSync(stamp, new Date().toISOString());
  }
} finally {
  rmSync(lock, { force: true });
}
