import { expect, test } from 'vitest';
import { asApiError, explain, fieldErrors } from './problem';

const refused = (body: unknown) => asApiError({ status: 400 } as Response, body);

test('what is wrong with a body is known by field', () => {
  const error = refused({ detail: 'name: is required', errors: { name: ['is required'], threshold: ['must be a whole number', 'is too large'] } });
  expect(fieldErrors(error)).toEqual({ name: 'is required', threshold: 'must be a whole number is too large' });
  expect(explain(error)).toBe('name: is required');
});

test('any other failure names no field', () => {
  expect(fieldErrors(refused('<html>'))).toEqual({});
  expect(fieldErrors(new TypeError('failed to fetch'))).toEqual({});
  expect(fieldErrors(null)).toEqual({});
});
