import { expect, test } from 'vitest';
import { OwnWords } from './ownWords';

const asked = (...words: string[]) => {
  const own = new OwnWords();
  for (const word of words) own.ask(word);
  return own;
};

test('an answer that comes late is still an answer, also when more has been asked since', () => {
  const own = asked('ad', 'adam');
  expect([own.areThese('ad'), own.areThese('adam')]).toEqual([true, true]);
});

test('what was overtaken does not come any more', () => {
  const own = asked('ad', 'adam');
  expect([own.areThese('adam'), own.areThese('ad')]).toEqual([true, false]);
});

test('an address that changes by itself is nobody\'s answer, and ends what was waited for', () => {
  const own = asked('ad');
  expect([own.areThese(''), own.areThese('ad')]).toEqual([false, false]);
});
