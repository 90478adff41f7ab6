import { expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const GRAPH = 'mul = Mul @"//cpu:0" {T: float}\nadd = Add @"//gpu:1"\nneg = Neg';

test('remove_device clears every device', () => {
	expect(applied('remove_device', GRAPH)).toEqual(['mul = Mul {T: float}', 'add = Add', 'neg = Neg']);
	expect(apply('remove_device', GRAPH).changes.changed).toEqual(['mul', 'add']);
});

test('remove_device says when there is none', () => {
	expect(apply('remove_device', 'neg = Neg').notes).toEqual(['no node has a device']);
});
