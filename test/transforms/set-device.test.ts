import { describe, expect, test } from 'vitest';
import { apply } from './apply.ts';

const GRAPH = 'a = Relu @"CPU:0"\nb = Relu @"GPU:1"\nc = Relu';
const devices = (transform: string): string[] =>
	apply(transform, GRAPH).graph.nodes.map((node) => node.device);

describe('set_device', () => {
	test.each([
		['set_device(device=D)', ['D', 'D', 'D']],
		['set_device(device=D, if_default=true)', ['CPU:0', 'GPU:1', 'D']],
		['set_device(device=D, if_default=1)', ['CPU:0', 'GPU:1', 'D']],
		['set_device(if_default=true)', ['CPU:0', 'GPU:1', '']],
		['set_device', ['', '', '']],
		['set_device(device="/device:CPU:0")', ['/device:CPU:0', '/device:CPU:0', '/device:CPU:0']],
	])('%s', (transform, expected) => {
		expect(devices(transform)).toEqual(expected);
	});

	test.each([
		[
			'set_device(if_default=True)',
			"Couldn't interpret the if_default argument as a boolean:True (expected true, false, 0 or 1)",
		],
		['set_device(device=a, device=b)', "Expected a single 'device' parameter, but found 2 occurrences"],
	])('%s is an error', (transform, message) => {
		expect(() => devices(transform)).toThrow(message);
	});

	test('says when nothing moves', () => {
		expect(apply('set_device(device=D, if_default=true)', 'a = Relu @"CPU:0"').notes).toEqual([
			'every node has a device already',
		]);
	});
});
