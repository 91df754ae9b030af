import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeapRoom, OutOfRoomError } from './heap-room.ts';

test('what is taken is gone, what only had to fit is not', () => {
  const room = new HeapRoom(100);
  room.mustFit(100);
  room.take(60);
  room.mustFit(40);
  assert.throws(() => room.take(41), OutOfRoomError);
  room.take(40);
  assert.throws(() => room.mustFit(1), OutOfRoomError);
});

test('left to itself it is a share of the heap', () => {
  new HeapRoom().mustFit(1024 * 1024);
  assert.throws(() => new HeapRoom().mustFit(1024 ** 5), OutOfRoomError);
});
