import { useEffect, useState } from 'react';
import { OwnWords } from './ownWords';

/** A text of the address, as it stands here: whoever types or ticks sees it at once, and the address follows. */
export function useAhead(value: string, put: (text: string) => void) {
  const [text, setText] = useState(value);
  const [own] = useState(() => new OwnWords());
  useEffect(() => {
    // The address holds what was meant a while ago: what has been done since stands.
    if (!own.areThese(value)) setText(value);
  }, [own, value]);
  const ask = (words: string) => {
    own.ask(words);
    put(words);
  };
  return { text, setText, ask };
}
