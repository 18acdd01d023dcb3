import type { Severity } from '../api/types';
import type { Meaning } from './Badge';

export const severityOrder: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

const meanings: Record<string, Meaning> = { info: 'neutral', warning: 'attention', error: 'bad', critical: 'bad' };

export const meaningOf = (severity: string): Meaning => meanings[severity] ?? 'neutral';
