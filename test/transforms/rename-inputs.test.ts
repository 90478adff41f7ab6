import { describe, expect, test } from 'vitest';
import { Node } from '../../src/graph/node.ts';
import { finish } from '../../src/graph/progress.ts';
import { renameInputs } from '../../src/transforms/rename-inputs.ts';

const node = Node.of({ name: 'n', op: 'Foo', inputs: ['a', 'a:0', 'a:1', '^a', 'b', 'c:1'] });
const renamed = (renames: Record<string, string>, except: string[] = []): string =>
	finish(renameInputs([node], new Map(Object.entries(renames)), new Set(except)))[0]!.inputs.join(', ');

describe('renameInputs', () => {
	test.each([
		[{ a: 'z' }, 'z, z, a:1, ^a, b, c:1'],
		[{ 'a:0': 'z:5' }, 'z:5, z:5, a:1, ^a, b, c:1'],
		[{ 'a:1': 'z' }, 'a, a:0, z, ^a, b, c:1'],
		[{ '^a': '^z' }, 'a, a:0, a:1, ^z, b, c:1'],
		[{ 'a:*': 'z' }, 'z, z:0, z:1, ^z, b, c:1'],
		[{ a: 'b', b: 'c', c: 'd' }, 'd, d, a:1, ^a, d, c:1'],
		[{ a: 'b:1', b: 'c' }, 'b:1, b:1, a:1, ^a, c, c:1'],
		[{ a: 'b:1', 'b:1': 'c' }, 'c, c, a:1, ^a, b, c:1'],
		[{ 'a:*': 'q', '^a': '^r' }, 'q, q:0, q:1, ^q, b, c:1'],
		[{ 'a:0': 'a:1', 'a:1': 'b' }, 'b, b, b, ^a, b, c:1'],
	])('%j', (renames, inputs) => {
		expect(renamed(renames)).toBe(inputs);
	});

	test.each([{ a: 'b', b: 'a' }, { a: 'a' }, { a: 'a:1' }])('%j goes in a circle', (renames) => {
		expect(() => renamed(renames as Record<string, string>)).toThrow(
			'RenameNodeInputs argument contains a cycle for a',
		);
	});

	test('nodes can be left alone', () => {
		expect(renamed({ a: 'b', b: 'a' }, ['n'])).toBe('a, a:0, a:1, ^a, b, c:1');
	});

	test('a node that nothing touches is the same value', () => {
		expect(finish(renameInputs([node], new Map([['q', 'z']])))[0]).toBe(node);
	});
});
