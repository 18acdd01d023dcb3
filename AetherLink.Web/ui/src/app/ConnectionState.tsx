import { Tooltip } from '@mantine/core';
import { Dot, type Meaning } from '../components/Badge';
import { useLive, type Live } from '../live/LiveProvider';
import styles from './ConnectionState.module.css';

interface Words {
  word: string;
  meaning: Meaning;
  hint: string;
}

function wordsFor({ connection, upstream }: Live): Words {
  if (connection === 'refused') return { word: 'Not live', meaning: 'bad', hint: 'The session may not read live events.' };
  if (connection === 'connecting')
    return { word: 'Reconnecting', meaning: 'attention', hint: 'The web server does not answer. Missed events will follow.' };
  return upstream
    ? { word: 'Live', meaning: 'good', hint: 'Events arrive as they are committed.' }
    : { word: 'Waiting', meaning: 'attention', hint: 'The Command Center does not answer. Missed events will follow.' };
}

export function ConnectionState() {
  const { word, meaning, hint } = wordsFor(useLive());
  return (
    <Tooltip label={hint}>
      <span className={styles.state} role="status" tabIndex={0} data-testid="connection-state" aria-label={`${word}. ${hint}`}>
        <Dot meaning={meaning} pulse={meaning !== 'good'} />
        <span className={styles.word}>{word}</span>
      </span>
    </Tooltip>
  );
}
