import { expect, it } from 'vitest';
import { atTurnEnd } from '../../src/constant-contact/http/turn.js';

it('calls back at the end of the turn: each once, in order, and what they add at the end of the next one', async () => {
  const told: string[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  atTurnEnd(() => {
    told.push('first');
    atTurnEnd(() => told.push('later'));
  });
  atTurnEnd(() => told.push('second'));
  await Promise.resolve();
  expect(told).toEqual([]);
  await turn();
  expect(told).toEqual(['first', 'second']);
  await turn();
  expect(told).toEqual(['first', 'second', 'later']);
});
