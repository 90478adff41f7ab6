import { describe, expect, test } from 'vitest';
import { apply, listing, wiring } from './apply.ts';

const GRAPH = listing('split adder(split, split:1, ^split)');
const rename = (from: string, to: string) =>
	apply(`rename_node(old_node_name="${from}", new_node_name="${to}")`, GRAPH, { outputs: ['split:1'] });

describe('rename_node', () => {
	test('renames a node and what names it', () => {
		const step = rename('split', 'parts');
		expect(wiring(step.graph)).toBe('parts adder(parts, parts:1, ^parts)');
		expect(step.warnings).toEqual(['`split:1` is among the inputs and outputs']);
	});

	test.each([
		['split', 'adder'],
		['split', 'split'],
		['nowhere', 'adder'],
	])('%s → %s is taken', (from, to) => {
		expect(() => rename(from, to)).toThrow(`A node is alreading using ${to}as name.`);
	});

	test('an unknown name changes nothing and is said; an empty one is refused where the tool dies', () => {
		expect(rename('nowhere', 'x').notes).toEqual(['no node is called `nowhere`']);
		expect(() => rename('split', '')).toThrow('A node needs a name');
	});

	test('wants exactly one of each', () => {
		expect(() => apply('rename_node(old_node_name=a)', GRAPH)).toThrow(
			"rename_node expects exactly one 'old_node_name' and one 'new_node_name' argument, e.g. rename_node(old_attribute_name=super/deep/output, new_attribute_name=output)",
		);
	});
});
