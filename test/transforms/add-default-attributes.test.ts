import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { applied, apply } from './apply.ts';

const completed = (text: string): string => applied('add_default_attributes', text)[0]!;

describe('add_default_attributes', () => {
	test.each([
		['x = LRN', 'x = LRN {T: float, alpha: 1.0, beta: 0.5, bias: 1.0, depth_radius: 5}'],
		['x = LRN {depth_radius: 7}', 'x = LRN {T: float, alpha: 1.0, beta: 0.5, bias: 1.0, depth_radius: 7}'],
		['x = Neg', 'x = Neg'],
	])('%s', (before, after) => {
		expect(completed(before)).toBe(after);
	});

	test('lists are written, empty ones too, and shapes of unknown rank', () => {
		const { attrs } = apply('add_default_attributes', 'x = Conv2D').graph.node('x')!;
		expect([...attrs.keys()].sort()).toEqual([
			...['data_format', 'dilations', 'explicit_paddings', 'use_cudnn_on_gpu'],
		]);
		expect(attrs.get('dilations')!.ints).toEqual([1, 1, 1, 1]);
		expect(attrs.get('explicit_paddings')!.kind).toBe('list');
		expect(attrs.get('explicit_paddings')!.ints).toEqual([]);
		expect(
			apply('add_default_attributes', 'x = Placeholder').graph.node('x')!.attr('shape')!.shape,
		).toBeNull();
	});

	test('versions stay, unlike with other transforms', () => {
		const versions = Uint8Array.of(8, 21);
		const graph = new Graph(readListing('x = LRN').nodes, { versions });
		expect(apply('add_default_attributes', graph).graph.parts.versions).toBe(versions);
		expect(apply('remove_device', graph).graph.parts.versions).toBeUndefined();
	});

	test('an unknown op is an error; a graph that is complete is said', () => {
		expect(() => completed('x = Foo')).toThrow(/^Op type not registered 'Foo'/);
		expect(apply('add_default_attributes', 'x = Neg').notes).toEqual(['every node has all its attributes']);
	});
});
