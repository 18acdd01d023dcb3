import type { Meaning } from './Badge';

const meanings: Record<string, Meaning> = { info: 'neutral', warning: 'attention', error: 'bad', critical: 'bad' };

export const meaningOf = (severity: string): Meaning => meanings[severity] ?? 'neutral';
